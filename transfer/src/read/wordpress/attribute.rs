//! The attributes of shortcodes.

use std::sync::LazyLock;

use regex::Regex;

use super::super::clean;
use super::super::pattern::regex;

/// The value of an attribute of a shortcode.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    // One pattern for all names, so that a text of shortcodes does not compile one for each of them.
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?:^|\s)([A-Za-z0-9_-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))"#));
    let found = ATTRIBUTE.captures_iter(attributes).find(|found| &found[1] == wanted)?;
    let value = found.get(2).or(found.get(3)).or(found.get(4))?;
    clean::text(value.as_str())
}
