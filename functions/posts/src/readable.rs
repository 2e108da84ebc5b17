//! A published post in the form that a reader asks for.

use byline_shared::model::Representation;
use byline_shared::model::{
    AiPart, Markdown, Metadata, PostDetails, PublicPost, PublicPostSummary, Slug, Time, Title,
    TocEntry,
};
use byline_shared::publishing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::included::Included;
use crate::text;

/// A form of a post's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Format {
    /// Sanitised HTML.
    Html,
    /// The Markdown source.
    Markdown,
    /// Plain text.
    Text,
}

/// A published post, with its text in the requested form.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum ReadablePost {
    /// Without `format`.
    Whole(PublicPostAs<HtmlAndMarkdown>),
    /// `format=html`.
    Html(PublicPostAs<Html>),
    /// `format=markdown`.
    Markdown(PublicPostAs<MarkdownSource>),
    /// `format=text`.
    Text(PublicPostAs<PlainText>),
}

impl Representation for ReadablePost {}

/// A published post.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}")]
pub struct PublicPostAs<T> {
    /// All but the texts.
    #[serde(flatten)]
    pub summary: PublicPostSummary,
    /// Optional fields that readers get unchanged.
    #[serde(flatten)]
    pub details: PostDetails,
    /// Other data that the site keeps with the post.
    pub metadata: Metadata,
    /// What part agents had in the text; null in a preview, and if the post was published before this was recorded.
    pub ai: Option<AiPart>,
    /// The text.
    #[serde(flatten)]
    pub text: T,
    /// What is told beside the post.
    #[serde(flatten)]
    pub beside: Beside,
}

/// What is told beside a post.
#[derive(Default, Serialize, JsonSchema)]
pub struct Beside {
    /// The neighbours of the post; only with `include=adjacent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjacent: Option<Adjacent>,
    /// The author with their profile; only with `include=author`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included: Option<Included>,
    /// The post as schema.org's `BlogPosting`, a page as `WebPage`: the text of a script of the type
    /// `application/ld+json`, which can be put into a page as it is; only with `include=json_ld`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_ld: Option<String>,
}

/// The text as HTML and as Markdown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPost")]
pub struct HtmlAndMarkdown {
    /// The Markdown source.
    pub body: Markdown,
    /// The text as sanitised HTML.
    pub body_html: String,
    /// The headings of the HTML, the first 1000 of them. Empty for a post that was published before headings had
    /// ids, until it is published again.
    pub toc: Vec<TocEntry>,
}

/// The text as HTML.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPostHtml")]
pub struct Html {
    /// The text as sanitised HTML.
    pub body_html: String,
    /// The headings of the HTML, the first 1000 of them. Empty for a post that was published before headings had
    /// ids, until it is published again.
    pub toc: Vec<TocEntry>,
}

/// The text as Markdown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPostMarkdown")]
pub struct MarkdownSource {
    /// The Markdown source.
    pub body: Markdown,
}

/// The text without markup.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPostText")]
pub struct PlainText {
    /// The text without markup. Table cells are separated by tabs.
    pub body_text: String,
}

/// The neighbours of a post, by first publication. A page has none.
#[derive(Serialize, JsonSchema)]
pub struct Adjacent {
    /// The older post; null for the oldest, and for a page.
    pub previous: Option<Neighbour>,
    /// The newer post; null for the newest, and for a page.
    pub next: Option<Neighbour>,
}

/// A neighbouring post.
#[derive(Serialize, JsonSchema)]
pub struct Neighbour {
    /// The title.
    pub title: Title,
    /// The slug.
    pub slug: Slug,
    /// When it was first published.
    pub published_at: Time,
}

impl Adjacent {
    pub(crate) fn of(
        (previous, next): (Option<PublicPostSummary>, Option<PublicPostSummary>),
    ) -> Self {
        let neighbour = |post: PublicPostSummary| Neighbour {
            title: post.title,
            slug: post.slug,
            published_at: post.published_at,
        };
        Self { previous: previous.map(neighbour), next: next.map(neighbour) }
    }
}

impl ReadablePost {
    /// The post in one form, or as HTML and Markdown, with what is told beside it.
    pub(crate) fn new(post: PublicPost, format: Option<Format>, beside: Beside) -> Self {
        let (body, body_html) = (post.body.clone(), post.body_html.clone());
        match format {
            None => {
                let toc = publishing::toc(&body_html);
                let text = HtmlAndMarkdown { body, body_html, toc };
                Self::Whole(PublicPostAs::new(post, text, beside))
            }
            Some(Format::Html) => {
                let toc = publishing::toc(&body_html);
                Self::Html(PublicPostAs::new(post, Html { body_html, toc }, beside))
            }
            Some(Format::Markdown) => {
                Self::Markdown(PublicPostAs::new(post, MarkdownSource { body }, beside))
            }
            Some(Format::Text) => {
                let body_text = text::of_html(&body_html);
                Self::Text(PublicPostAs::new(post, PlainText { body_text }, beside))
            }
        }
    }
}

impl<T> PublicPostAs<T> {
    fn new(post: PublicPost, text: T, beside: Beside) -> Self {
        let PublicPost { summary, details, metadata, ai, .. } = post;
        Self { summary, details, metadata, ai, text, beside }
    }
}
