//! A reference from a Markdown text to a file.

use std::ops::Range;

/// How a text refers to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An image, or the source of another embedded element such as `<video>`.
    Image,
    /// A link, which may lead to a file or to a page.
    Link,
}

/// A URL in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The URL, without the escapes of Markdown or HTML.
    pub url: String,
    /// Whether the file is embedded or linked to.
    pub kind: Kind,
    /// The text of the link, or the alternative text of the image.
    pub text: String,
    /// The byte range of the URL in the source; `None` if it is not known.
    pub(super) range: Option<Range<usize>>,
}
