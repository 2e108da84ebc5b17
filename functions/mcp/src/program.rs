//! What a program says of itself. It is written down beside what it does, and proves nothing.

use byline_shared::model::is_deceptive;
use rmcp::model::RequestMetaObject;

/// Where a client may name the model that it works with, in `_meta` of a request.
pub(crate) const MODEL_KEY: &str = "app.byline/model";

/// How much of a name is kept, in characters.
const MAX_NAME: usize = 100;

/// The program: its name and version as `clientInfo` has them.
pub(crate) fn client(meta: &RequestMetaObject) -> Option<String> {
    let info = meta.client_info()?;
    cleaned(&format!("{} {}", info.name, info.version))
}

/// The model.
pub(crate) fn model(meta: &RequestMetaObject) -> Option<String> {
    cleaned(meta.get(MODEL_KEY)?.as_str()?)
}

/// A name on one line, of bounded length, without characters that could make it look like another.
pub(crate) fn cleaned(name: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.chars().filter(|char| !char.is_control() && !is_deceptive(*char));
    let name: String = name.take(MAX_NAME).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_bounded_line() {
        assert_eq!(cleaned(" a\n b\u{202e}\u{7} ").as_deref(), Some("a b"));
        assert_eq!(cleaned(" \n"), None);
        assert_eq!(cleaned(&"é".repeat(500)).map(|name| name.chars().count()), Some(100));
    }
}
