//! What readers see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AltText, Author, Description, Excerpt, Language, Markdown, MetaDescription, MetaTitle,
    Metadata, Name, PostId, PostPath, RevisionId, SiteUrl, Slug, Tag, TagName, Time, Title, UserId,
    WebUrl,
};
use crate::model::Representation;

/// The picture that stands for a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cover {
    /// Where it is.
    pub url: String,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Its height in pixels.
    pub height: Option<u32>,
    /// What it shows, for those who do not see it.
    pub alt: AltText,
}

/// A published post in a list: what readers see of its live revision, without the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublicPostSummary {
    /// The post's id.
    pub id: PostId,
    /// Its title.
    pub title: Title,
    /// Where it is found.
    pub slug: Slug,
    /// Its summary.
    pub excerpt: Excerpt,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Who wrote it.
    pub author: Author,
    /// The picture that stands for it.
    #[serde(default)]
    pub cover: Option<Cover>,
    /// Where the text was first published, if that was elsewhere.
    #[serde(default)]
    pub canonical_url: Option<WebUrl>,
    /// The language it is written in.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether it stands out.
    #[serde(default)]
    pub featured: bool,
    /// The revision that is live.
    pub revision_id: RevisionId,
    /// When it first went live; lists are in this order.
    pub published_at: Time,
    /// When the live revision went live.
    pub updated_at: Time,
}

/// A published post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PublicPost {
    /// All but the body.
    #[serde(flatten)]
    pub summary: PublicPostSummary,
    /// The title in search results, if another.
    #[serde(default)]
    pub meta_title: Option<MetaTitle>,
    /// The description in search results.
    #[serde(default)]
    pub meta_description: Option<MetaDescription>,
    /// Whatever else the site keeps with it.
    #[serde(default)]
    pub metadata: Metadata,
    /// The Markdown source.
    pub body: Markdown,
    /// The body as sanitised HTML.
    pub body_html: String,
}

/// A tag as readers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicTag {
    /// What `?tag=` takes.
    pub slug: Slug,
    /// Its name.
    pub name: TagName,
    /// What it is about.
    #[serde(default)]
    pub description: Option<Description>,
    /// How many published posts carry it.
    pub post_count: u64,
}

impl Representation for PublicTag {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/tags/{}", self.slug))
    }
}

/// An author as readers see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicAuthor {
    /// Their account.
    pub id: UserId,
    /// Their name.
    pub name: Name,
    /// What `?author=` takes.
    pub slug: Slug,
    /// How many of their posts are published.
    pub post_count: u64,
}

impl Representation for PublicAuthor {}

/// The publication as readers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    /// Its name.
    pub title: Title,
    /// What it is about.
    pub description: Description,
    /// Where it is read.
    pub url: SiteUrl,
    /// The language that posts are in unless they say otherwise.
    pub language: Language,
    /// The path of a post's page on it.
    pub post_path: PostPath,
}

impl Representation for Site {}

impl Site {
    /// Where a post is read.
    #[must_use]
    pub fn address_of(&self, slug: &Slug) -> String {
        let path = self.post_path.as_str().replace("{slug}", slug.as_str());
        format!("{}{path}", self.url.as_str().trim_end_matches('/'))
    }
}
