//! Tells files apart by the extension of their name.

use std::path::Path;

/// The extension of a file name, in lower case and without the dot; empty if there is none.
pub(super) fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.unwrap_or_default().to_ascii_lowercase()
}

pub(super) fn is_html(path: &Path) -> bool {
    matches!(extension(path).as_str(), "html" | "htm")
}

pub(super) fn is_markdown(path: &Path) -> bool {
    matches!(extension(path).as_str(), "md" | "markdown" | "mdx")
}
