//! Posts as those who write them see them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Excerpt, Language, Markdown, MediaId, Metadata, Name, PostDetails, PostId, ProposalId,
    RevisionId, ScheduleId, Slug, TagName, Time, Title, User, UserId, WebUrl,
};
use crate::model::Representation;

/// The status of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PostStatus {
    /// Not published.
    Draft,
    /// Not published yet; a revision is scheduled.
    Scheduled,
    /// A revision is published.
    Published,
    /// In the trash; deleted after 30 days.
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

/// What a text is for readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PostType {
    /// A post: in lists and feeds, by the time when it was first published.
    #[default]
    Post,
    /// A page, such as "About": in the sitemap, and in no feed and no list of posts.
    Page,
}

impl PostType {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Page => "page",
        }
    }

    /// Whether it is a post, which inputs can leave out.
    #[must_use]
    pub fn is_post(&self) -> bool {
        *self == Self::Post
    }
}

/// A tag on a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tag {
    /// The tag's slug.
    pub slug: Slug,
    /// The tag's name.
    pub name: TagName,
}

/// The author of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// The author's account.
    pub id: UserId,
    /// The author's name.
    pub name: Name,
    /// The author's slug.
    pub slug: Slug,
}

/// The author entry of a user.
#[must_use]
pub fn author_of(user: &User) -> Author {
    Author { id: user.id.clone(), name: user.name.clone(), slug: user.slug.clone() }
}

/// The fields of a post, without its body. Every revision has all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PostFields {
    /// The title.
    pub title: Title,
    /// The slug that readers see once this is published.
    pub slug: Slug,
    /// Whether it is a post, or a page such as "About", which no list of posts and no feed has.
    #[serde(default, rename = "type")]
    pub post_type: PostType,
    /// A summary in plain text.
    pub excerpt: Excerpt,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The cover image.
    #[serde(default)]
    pub cover: Option<MediaId>,
    /// The URL of the original, if the text was first published elsewhere.
    #[serde(default)]
    pub canonical_url: Option<WebUrl>,
    /// Optional fields that readers get unchanged.
    #[serde(flatten)]
    pub details: PostDetails,
    /// The language of the text; null if it is the publication's.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether the post is featured.
    #[serde(default)]
    pub featured: bool,
    /// Other data that the site keeps with the post.
    #[serde(default)]
    pub metadata: Metadata,
}

impl PostFields {
    /// The slugs of its tags.
    pub fn tag_slugs(&self) -> impl Iterator<Item = &Slug> + Clone {
        self.tags.iter().map(|tag| &tag.slug)
    }
}

/// The schedule of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// The schedule's id. A new schedule has a new id.
    pub id: ScheduleId,
    /// The revision to publish.
    pub revision_id: RevisionId,
    /// When to publish it.
    pub publish_at: Time,
}

/// A schedule that was cancelled because it could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleFailure {
    /// The revision that was not published.
    pub revision_id: RevisionId,
    /// When it was to be published.
    pub publish_at: Time,
    /// Why it was not, for clients: the code of a problem.
    pub code: String,
    /// Why it was not, and what to do next.
    pub reason: String,
}

/// The approval of a revision by a person with the right to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostApproval {
    /// The revision. With corrections of the person who approved, it is theirs.
    pub revision_id: RevisionId,
    /// The proposal that was approved.
    pub proposal_id: ProposalId,
    /// The account that approved it.
    pub by: UserId,
    /// The name of its owner then; null once the account was deleted.
    #[serde(default)]
    pub by_name: Option<Name>,
    /// When it happened.
    pub at: Time,
}

/// A post without its body: its latest revision and its state.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PostSummary {
    /// The post's id.
    pub id: PostId,
    /// The latest revision's fields.
    #[serde(flatten)]
    pub fields: PostFields,
    /// Whether a revision is published or scheduled.
    pub status: PostStatus,
    /// Rises with every change. For `If-Match: "v<version>"`.
    pub version: u64,
    /// The latest revision.
    pub revision_id: RevisionId,
    /// The published revision; null if there is none.
    pub live_revision_id: Option<RevisionId>,
    /// The scheduled revision and its time; null if there is none.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// The last schedule, if it was due and could not be carried out; null once the post is
    /// scheduled, published, unpublished or trashed again.
    #[serde(default)]
    pub schedule_failed: Option<ScheduleFailure>,
    /// The last approval by a person with the right to publish: while `revision_id` in it is neither
    /// live nor scheduled, it waits to be published. Null if there was none, or if another revision was
    /// published in its place or the post was unpublished since.
    #[serde(default)]
    pub approval: Option<PostApproval>,
    /// The author of the post.
    pub author: Author,
    /// When the post was created.
    pub created_at: Time,
    /// When the post was last changed.
    pub updated_at: Time,
    /// When the post was first published, or the date that it got for that; null if it has none yet.
    pub published_at: Option<Time>,
    /// When the post was moved to the trash; null if it is not there.
    #[serde(default)]
    pub trashed_at: Option<Time>,
}

impl PostSummary {
    /// The approval of a revision that is neither live nor scheduled; none for a post in the trash.
    #[must_use]
    pub fn waiting_approval(&self) -> Option<&PostApproval> {
        let approval = self.approval.as_ref().filter(|_| self.trashed_at.is_none())?;
        let scheduled = self.schedule.as_ref().map(|schedule| &schedule.revision_id);
        let to_come = [self.live_revision_id.as_ref(), scheduled];
        (!to_come.contains(&Some(&approval.revision_id))).then_some(approval)
    }
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
