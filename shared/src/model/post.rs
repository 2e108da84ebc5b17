//! Posts: as those who write them see them, and as readers do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Excerpt, Markdown, Name, PostId, RevisionId, Slug, TagName, Time, Title, User, UserId,
};
use crate::endpoint::Representation;

/// Whether readers can see a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PostStatus {
    /// Nothing of it is live.
    Draft,
    /// One of its revisions is live.
    Published,
}

/// A tag on a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tag {
    /// What `?tag=` takes.
    pub slug: Slug,
    /// As the author wrote it.
    pub name: TagName,
}

/// Who wrote a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// Their account.
    pub id: UserId,
    /// Their name.
    pub name: Name,
    /// The path segment of their author page.
    pub slug: Slug,
}

/// The author entry of a user.
#[must_use]
pub fn author_of(user: &User) -> Author {
    Author { id: user.id.clone(), name: user.name.clone(), slug: user.slug.clone() }
}

/// A post without its body: the head of its drafts and what is live of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PostSummary {
    /// The post's id.
    pub id: PostId,
    /// The draft's title.
    pub title: Title,
    /// The draft's slug; readers find the post under it once this draft is published.
    pub slug: Slug,
    /// The draft's summary.
    pub excerpt: Excerpt,
    /// The draft's tags.
    pub tags: Vec<Tag>,
    /// Whether readers see a revision of it.
    pub status: PostStatus,
    /// Rises with every write; `If-Match: "v<version>"`.
    pub version: u64,
    /// The latest revision.
    pub revision_id: RevisionId,
    /// The revision that readers see.
    pub live_revision_id: Option<RevisionId>,
    /// Who made the post.
    pub author: Author,
    /// When the post was made.
    pub created_at: Time,
    /// When it was last written to.
    pub updated_at: Time,
    /// When it first went live.
    pub published_at: Option<Time>,
}

/// A post with the body of its latest revision.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Post {
    /// All but the body.
    #[serde(flatten)]
    pub summary: PostSummary,
    /// The latest revision's Markdown.
    pub body: Markdown,
}

impl Representation for Post {
    fn etag(&self) -> Option<String> {
        Some(format!("\"v{}\"", self.summary.version))
    }

    fn location(&self) -> Option<String> {
        Some(format!("/v1/manage/posts/{}", self.summary.id))
    }
}

/// A published post in a list: what readers see of its live revision, without the body.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
    /// The Markdown source.
    pub body: Markdown,
    /// The body as sanitised HTML.
    pub body_html: String,
}

impl Representation for PublicPost {}
