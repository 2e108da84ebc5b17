//! The names that a client reports for itself and its model. They are recorded with each revision,
//! unverified.

use byline_shared::model::hidden;
use rmcp::model::RequestMetaObject;

/// The key in a request's `_meta` under which a client may name its model.
pub(crate) const MODEL_KEY: &str = "app.byline/model";

/// The longest name that is kept, in characters.
const MAX_NAME: usize = 100;

/// Name and version from `clientInfo`.
pub(crate) fn client_name(meta: &RequestMetaObject) -> Option<String> {
    let info = meta.client_info()?;
    sanitized(&format!("{} {}", info.name, info.version))
}

/// The model, from [`MODEL_KEY`].
pub(crate) fn model_name(meta: &RequestMetaObject) -> Option<String> {
    sanitized(meta.get(MODEL_KEY)?.as_str()?)
}

/// A name as one line of at most [`MAX_NAME`] characters, without characters
/// that nobody sees and no script needs.
pub(crate) fn sanitized(name: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = hidden::replace(&name, |_| None).text.chars().take(MAX_NAME).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_bounded_line() {
        assert_eq!(sanitized(" a\n b\u{202e}\u{7} ").as_deref(), Some("a b"));
        assert_eq!(sanitized(" \n"), None);
        assert_eq!(sanitized(&"é".repeat(500)).map(|name| name.chars().count()), Some(100));
    }
}
