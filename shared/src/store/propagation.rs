//! Propagation jobs, in `content`: changes of tags, authors and rights that are not yet applied to
//! every post.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, Write, keys};
use crate::model::{PostId, PropagationJobId, Slug, UserId};
use crate::permission::Table::Content;

/// A change to apply to posts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PropagationJob {
    /// The id.
    pub id: PropagationJobId,
    /// The change.
    pub change: Changed,
}

/// What changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// A tag was renamed, merged into another or deleted.
    Tag(Slug),
    /// The author with this account was renamed.
    Author(UserId),
    /// This post has another author.
    AuthorOfPost(PostId),
    /// Authors may no longer publish their own posts.
    AuthorPublishing,
    /// An account was disabled or deleted, or has a lower role.
    AccountRight,
}

/// Propagation jobs: changes to apply to posts.
#[derive(Clone, Copy, Debug)]
pub struct PropagationJobs<'a>(pub(super) &'a Store);

impl PropagationJobs<'_> {
    /// The creation of a job as part of a transaction.
    pub(super) fn write(self, job: &PropagationJob) -> Result<Write, StoreError> {
        Write::put_new(self.0, Content, &keys::propagation_job(&job.id), job)
    }

    /// Deletes a finished job.
    pub async fn delete(self, id: &PropagationJobId) -> Result<(), StoreError> {
        self.0.delete(Content, &keys::propagation_job(id)).await
    }
}
