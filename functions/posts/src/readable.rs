//! A published post in the form that a reader asks for.

use byline_shared::model::Representation;
use byline_shared::model::{
    Markdown, MetaDescription, MetaTitle, Metadata, PublicPost, PublicPostSummary, Slug, Time,
    Title,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// The title in search results; null if it is the post's title.
    pub meta_title: Option<MetaTitle>,
    /// The description in search results.
    pub meta_description: Option<MetaDescription>,
    /// Other data that the site keeps with the post.
    pub metadata: Metadata,
    /// The text.
    #[serde(flatten)]
    pub text: T,
    /// The neighbours of the post; only with `include=adjacent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjacent: Option<Adjacent>,
}

/// The text as HTML and as Markdown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPost")]
pub struct HtmlAndMarkdown {
    /// The Markdown source.
    pub body: Markdown,
    /// The text as sanitised HTML.
    pub body_html: String,
}

/// The text as HTML.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPostHtml")]
pub struct Html {
    /// The text as sanitised HTML.
    pub body_html: String,
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

/// The neighbours of a post, by first publication.
#[derive(Serialize, JsonSchema)]
pub struct Adjacent {
    /// The older post; null for the oldest.
    pub previous: Option<Neighbour>,
    /// The newer post; null for the newest.
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
    /// The post in one form, or as HTML and Markdown, with its neighbours if there are any to show.
    pub(crate) fn new(
        post: PublicPost,
        format: Option<Format>,
        adjacent: Option<Adjacent>,
    ) -> Self {
        let (body, body_html) = (post.body.clone(), post.body_html.clone());
        match format {
            None => {
                Self::Whole(PublicPostAs::new(post, HtmlAndMarkdown { body, body_html }, adjacent))
            }
            Some(Format::Html) => Self::Html(PublicPostAs::new(post, Html { body_html }, adjacent)),
            Some(Format::Markdown) => {
                Self::Markdown(PublicPostAs::new(post, MarkdownSource { body }, adjacent))
            }
            Some(Format::Text) => {
                let body_text = text::of_html(&body_html);
                Self::Text(PublicPostAs::new(post, PlainText { body_text }, adjacent))
            }
        }
    }
}

impl<T> PublicPostAs<T> {
    fn new(post: PublicPost, text: T, adjacent: Option<Adjacent>) -> Self {
        let PublicPost { summary, meta_title, meta_description, metadata, .. } = post;
        Self { summary, meta_title, meta_description, metadata, text, adjacent }
    }
}
