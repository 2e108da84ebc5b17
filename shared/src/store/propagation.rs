//! Changes that wait to be carried to every post they concern, in `content`.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, Write, keys};
use crate::endpoint::Table::Content;
use crate::model::{Author, PropagationJobId, Slug};

/// A change that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PropagationJob {
    /// Its id.
    pub id: PropagationJobId,
    /// What changed.
    pub change: Changed,
}

/// What changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// A tag has another name or slug, became another tag, or is gone.
    Tag(Slug),
    /// An author has another name.
    Author(Author),
}

/// Changes of tags and authors that are being carried to their posts.
#[derive(Clone, Copy, Debug)]
pub struct PropagationJobs<'a>(pub(super) &'a Store);

impl PropagationJobs<'_> {
    /// The change as part of a transaction.
    pub(super) fn write(self, job: &PropagationJob) -> Result<Write, StoreError> {
        Write::put_new(self.0, Content, &keys::propagation_job(&job.id), job)
    }

    /// The change was carried everywhere.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self, id: &PropagationJobId) -> Result<(), StoreError> {
        self.0.delete(Content, &keys::propagation_job(id)).await
    }
}
