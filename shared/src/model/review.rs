//! The review: everything that approving or publishing would make visible.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Author, By, Caption, Cover, Diff, Excerpt, FileName, Finding, FindingCode, Markdown, MediaId,
    PostId, Representation, RevisionId, Schedule, TagName, Time,
};

/// What readers would get of a revision, compared with what they see now.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// The post.
    pub post_id: PostId,
    /// The revision that would go live.
    pub revision_id: RevisionId,
    /// What is live now; null if nothing is.
    pub live_revision_id: Option<RevisionId>,
    /// The author that readers would see.
    pub author: Author,
    /// The date of first publishing that readers would see; null: the time at which it goes live.
    #[serde(default)]
    pub published_at: Option<Time>,
    /// The difference between what readers see now and this text. If nothing is live, everything
    /// is new.
    pub changes: Diff,
    /// The whole Markdown that would go live. `changes` can be cut; this never is.
    pub body: Markdown,
    /// The tags as readers would see them.
    pub tags: TagChange,
    /// The cover that readers would see, with its words; null if there is none.
    pub cover: Option<ReviewedCover>,
    /// The cover that readers see now; null if there is none.
    pub live_cover: Option<Cover>,
    /// The excerpt that lists and feeds would show, made of the beginning of the text; null if the text has an
    /// excerpt of its own. Readers see its words in the text as well.
    #[serde(default)]
    pub made_excerpt: Option<Excerpt>,
    /// Hosts that the text refers to and the live text does not.
    pub new_hosts: NewHosts,
    /// Files of this publication that the text names and whose upload is not complete. The text
    /// cannot be approved or published before.
    pub pending_files: Vec<PendingFile>,
    /// What a reader of the difference could overlook, in words.
    pub findings: Vec<Finding>,
    /// The revisions between what is live and this text that no person with the right to publish
    /// wrote or approved, newest first. Their words are part of `changes`.
    pub unreviewed: Vec<UnreviewedRevision>,
    /// Whether `unreviewed` may lack older revisions: a hundred are looked at.
    pub unreviewed_truncated: bool,
    /// The schedule of another revision of the post; null if there is none. Publishing leaves it in
    /// place, and that revision replaces this one when it is due. Scheduling this one replaces it.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// The SHA-256 of what readers would get, in hex. An approval covers exactly this.
    pub content_digest: String,
    /// The `ETag` of the review, with its quotes: for `If-Match` of an approval, and for `review` of
    /// publish and schedule.
    pub etag: String,
}

impl Review {
    /// Whether files are missing without which the text cannot be approved or published.
    #[must_use]
    pub fn lacks_files(&self) -> bool {
        let is_gap = |finding: &Finding| finding.code == FindingCode::MissingFile;
        !self.pending_files.is_empty() || self.findings.iter().any(is_gap)
    }
}

impl Representation for Review {
    fn etag(&self) -> Option<String> {
        Some(self.etag.clone())
    }
}

/// The names of the tags, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TagChange {
    /// The tags that readers see now.
    pub before: Vec<TagName>,
    /// The tags that readers would see.
    pub after: Vec<TagName>,
}

/// A cover with everything that is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewedCover {
    /// The media item.
    pub id: MediaId,
    /// What readers get of it.
    #[serde(flatten)]
    pub shown: Cover,
    /// Its caption in the media library.
    pub caption: Caption,
}

/// Hosts in lower case, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewHosts {
    /// The hosts that links lead to.
    pub links: Vec<String>,
    /// The hosts that images, sounds and videos come from.
    pub images: Vec<String>,
    /// The hosts of pages that are shown in a frame.
    #[serde(default)]
    pub frames: Vec<String>,
}

/// A file that was announced and is not there yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PendingFile {
    /// The media item.
    pub id: MediaId,
    /// Its name.
    pub filename: FileName,
}

/// A revision that no person with the right to publish wrote or approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreviewedRevision {
    /// The revision's id.
    pub id: RevisionId,
    /// Who made it.
    pub created_by: By,
    /// When it was made.
    pub created_at: Time,
}
