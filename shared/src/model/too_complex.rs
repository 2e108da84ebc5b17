//! The limits of a text that is rendered, and which of them it exceeds.

/// How deep quotes, lists and elements may stand in each other. Parsers take quadratic time beyond.
pub(crate) const MAX_DEPTH: usize = 100;

/// How long the HTML may be, in bytes: what a Lambda function may answer with, with room to spare.
pub(crate) const MAX_HTML: usize = 2 * 1024 * 1024;

/// How long a tag or a comment of HTML may be, in bytes. Parsers compare every attribute of a tag
/// with those before it.
pub(crate) const MAX_TAG: usize = 32 * 1024;

/// Which limit a text exceeds, in words for its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooComplex {
    /// Too deep.
    #[error("Quotes, lists or HTML elements stand more than {MAX_DEPTH} deep in each other.")]
    Depth,
    /// Too much that a parser would have to repair.
    #[error(
        "Its HTML has too many elements, or too many that are not closed or stand where they may not."
    )]
    Repairs,
    /// A tag that is too long.
    #[error(
        "A tag or a comment of its HTML is longer than {MAX_TAG} bytes; put a large picture into a file."
    )]
    Tag,
    /// Too much to escape in one piece.
    #[error(
        "A paragraph, a code block or an attribute has too many \"&\" or signs such as \"·\" without a break; divide it."
    )]
    Escapes,
    /// Too long.
    #[error("It renders to more than {MAX_HTML} bytes of HTML.")]
    Length,
    /// Too slow, for a reason that no other limit covers.
    #[error("It takes too long to render.")]
    Time,
}
