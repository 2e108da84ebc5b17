//! The attributes of shortcodes.

use std::sync::LazyLock;

use regex::Regex;

use super::super::clean;

/// The value of an attribute of a shortcode.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    // One pattern for all names, so that a text of shortcodes does not compile one for each of them.
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?:^|\s)([A-Za-z0-9_-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))"#)
            .expect("the pattern is a constant")
    });
    let found = ATTRIBUTE.captures_iter(attributes).find(|found| &found[1] == wanted)?;
    let value = found.get(2).or(found.get(3)).or(found.get(4))?;
    clean::text(value.as_str())
}
