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

/// A published post.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPost")]
pub struct ReadablePost {
    /// All but the texts.
    #[serde(flatten)]
    pub summary: PublicPostSummary,
    /// The title in search results, if another.
    pub meta_title: Option<MetaTitle>,
    /// The description in search results.
    pub meta_description: Option<MetaDescription>,
    /// Whatever else the site keeps with it.
    pub metadata: Metadata,
    /// The Markdown source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Markdown>,
    /// The body as sanitised HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_html: Option<String>,
    /// The body as plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_text: Option<String>,
    /// The posts before and after it, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjacent: Option<Adjacent>,
}

impl Representation for ReadablePost {}

/// The posts that went live before and after one.
#[derive(Serialize, JsonSchema)]
pub struct Adjacent {
    /// The one before.
    pub previous: Option<Neighbour>,
    /// The one after.
    pub next: Option<Neighbour>,
}

/// A post beside another.
#[derive(Serialize, JsonSchema)]
pub struct Neighbour {
    /// Its title.
    pub title: Title,
    /// Where it is found.
    pub slug: Slug,
    /// When it first went live.
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
    /// The post in one form, or as HTML and Markdown.
    pub(crate) fn of(post: PublicPost, format: Option<Format>) -> Self {
        let PublicPost { summary, meta_title, meta_description, metadata, body, body_html } = post;
        let (mut readable_body, mut readable_html, mut body_text) = (None, None, None);
        match format {
            None => (readable_body, readable_html) = (Some(body), Some(body_html)),
            Some(Format::Html) => readable_html = Some(body_html),
            Some(Format::Markdown) => readable_body = Some(body),
            Some(Format::Text) => body_text = Some(text::of_html(&body_html)),
        }
        Self {
            summary,
            meta_title,
            meta_description,
            metadata,
            body: readable_body,
            body_html: readable_html,
            body_text,
            adjacent: None,
        }
    }
}
