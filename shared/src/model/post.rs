//! Posts as those who write them see them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Excerpt, Language, Markdown, MediaId, MetaDescription, MetaTitle, Metadata, Name, PostId,
    RevisionId, ScheduleId, Slug, TagName, Time, Title, User, UserId, WebUrl,
};
use crate::model::Representation;

/// Where a post stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PostStatus {
    /// Nothing of it is live.
    Draft,
    /// Nothing of it is live yet; a revision has an appointment.
    Scheduled,
    /// One of its revisions is live.
    Published,
    /// It is in the trash, and gone after 30 days.
    Trashed,
}

impl PostStatus {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Trashed => "trashed",
        }
    }
}

/// A tag on a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tag {
    /// What `?tag=` takes.
    pub slug: Slug,
    /// Its name.
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

/// What an author writes of a post, beside its body. Every revision holds all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PostFields {
    /// The title.
    pub title: Title,
    /// Where readers find it once this is published.
    pub slug: Slug,
    /// A summary for lists.
    pub excerpt: Excerpt,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The picture that stands for it.
    #[serde(default)]
    pub cover: Option<MediaId>,
    /// Where the text was first published, if that was elsewhere.
    #[serde(default)]
    pub canonical_url: Option<WebUrl>,
    /// The title in search results, if another.
    #[serde(default)]
    pub meta_title: Option<MetaTitle>,
    /// The description in search results.
    #[serde(default)]
    pub meta_description: Option<MetaDescription>,
    /// The language it is written in.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether it stands out.
    #[serde(default)]
    pub featured: bool,
    /// Whatever else the site keeps with it.
    #[serde(default)]
    pub metadata: Metadata,
}

impl PostFields {
    /// The slugs of its tags.
    pub fn tag_slugs(&self) -> impl Iterator<Item = &Slug> + Clone {
        self.tags.iter().map(|tag| &tag.slug)
    }
}

/// An appointment for a revision to go live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Names the appointment; another one has another id.
    pub id: ScheduleId,
    /// What goes live.
    pub revision_id: RevisionId,
    /// When.
    pub publish_at: Time,
}

/// A post without its body: the head of its drafts and what is live of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PostSummary {
    /// The post's id.
    pub id: PostId,
    /// The latest revision's fields.
    #[serde(flatten)]
    pub fields: PostFields,
    /// Whether readers see a revision of it.
    pub status: PostStatus,
    /// Rises with every write; `If-Match: "v<version>"`.
    pub version: u64,
    /// The latest revision.
    pub revision_id: RevisionId,
    /// The revision that readers see.
    pub live_revision_id: Option<RevisionId>,
    /// The revision that is to go live, and when.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// Who made the post.
    pub author: Author,
    /// When the post was made.
    pub created_at: Time,
    /// When it was last written to.
    pub updated_at: Time,
    /// When it first went live.
    pub published_at: Option<Time>,
    /// When it was put into the trash.
    #[serde(default)]
    pub trashed_at: Option<Time>,
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
