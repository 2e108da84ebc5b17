//! What a person who approves a text would not see by reading it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something in a text that readers do not see, or that looks like something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// A JSON Pointer (RFC 6901) to the text: `/body`, `/title`, `/tags/0/name`; empty for all of them.
    pub pointer: String,
    /// The kind of finding, for clients.
    pub code: FindingCode,
    /// The line within that text, from 1; null if it is about the text as a whole.
    pub line: Option<usize>,
    /// The place within the line in characters, from 1; null if only the line is known.
    pub column: Option<usize>,
    /// What it is and why it matters, for people.
    pub message: String,
    /// Whether the text that this one is compared with does not have it.
    pub new: bool,
}

/// The kind of a [`Finding`], the gravest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum FindingCode {
    /// The text names a file of this publication that is not there. It cannot go live before.
    MissingFile,
    /// Characters that no text may hold any more, from before that rule, or written as entities.
    HiddenText,
    /// Invisible characters that spell a message.
    SpelledText,
    /// The text cannot be examined, because it is too complex. It cannot be published either.
    NotExamined,
    /// A comment of HTML.
    HtmlComment,
    /// HTML that readers do not get, because the sanitiser removes it.
    HtmlDropped,
    /// A link definition that no link uses.
    UnusedDefinition,
    /// A footnote that nothing refers to.
    UnusedFootnote,
    /// Cells of a table's row beyond the columns of its head, which are not rendered.
    DroppedCells,
    /// Words of a table in HTML that are in none of its cells: readers see them before the table.
    MovedText,
    /// A link without a text, which nobody sees, or around a picture that has none either.
    EmptyLink,
    /// The name of a footnote, or of a link's definition, that is a sentence of its own.
    LongLabel,
    /// Words behind the language of a code block, or as its language.
    CodeInfo,
    /// A link whose text names another host or address than it leads to.
    MisleadingLink,
    /// A host name with letters outside of ASCII, which may look like another one.
    ForeignHost,
    /// A word with letters of several scripts, or with letters that look like Latin ones.
    MixedScript,
    /// A part that readers see only after they open it.
    CollapsedText,
    /// Invisible characters that scripts can need, one at a time, and odd blanks.
    InvisibleCharacters,
    /// The alternative text of a picture.
    AltText,
    /// The title of a link, a picture or an element, which shows only while pointed at.
    TitleText,
    /// Custom data of the post, which pages do not show by themselves.
    Metadata,
    /// More findings than are listed.
    More,
}
