//! What readers do not get of a text, because the sanitiser removes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Representation, TocEntry};

/// Something that the sanitiser removes from a text: each kind once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// The kind, for clients.
    pub code: WarningCode,
    /// What is removed: `<iframe>`, `<a onclick>`, `javascript:`, `<!-- -->`. Empty for `more`.
    pub what: String,
    /// How many times it is in the text.
    pub count: usize,
    /// The line of the first one, from 1; null for `more`.
    pub line: Option<usize>,
    /// The same in words.
    pub message: String,
}

/// The kind of a [`Warning`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum WarningCode {
    /// A tag.
    RemovedTag,
    /// An attribute of a tag that stays.
    RemovedAttribute,
    /// The address of a link or picture.
    RemovedAddress,
    /// A comment of HTML.
    RemovedComment,
    /// More kinds than are listed.
    More,
}

/// The further form in which a draft, revision or proposal is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum DraftFormat {
    /// Adds the text as sanitised HTML, and what the sanitiser removes from it.
    Html,
}

/// Something with a text, and on request its HTML.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}WithHtml")]
pub struct WithHtml<T> {
    /// What has the text, as Markdown.
    #[serde(flatten)]
    pub of: T,
    /// The text as sanitised HTML, as readers would get it. Only with `format=html`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_html: Option<String>,
    /// The headings of that HTML, the first 1000 of them. Only with `format=html`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toc: Option<Vec<TocEntry>>,
    /// What the sanitiser removes from the text, each kind once with a count. Only with `format=html`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<Warning>>,
}

impl<T> WithHtml<T> {
    /// Without its HTML.
    pub fn plain(of: T) -> Self {
        Self { of, body_html: None, toc: None, warnings: None }
    }
}

impl<T: Representation> Representation for WithHtml<T> {
    fn etag(&self) -> Option<String> {
        self.of.etag()
    }
}
