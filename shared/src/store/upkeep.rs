//! Changes that wait to be carried to every post they concern, in `content`.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, Write, keys};
use crate::model::{Author, Slug, UpkeepId};
use crate::permission::Table::Content;

/// A change that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UpkeepItem {
    /// Its id.
    pub id: UpkeepId,
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

impl Store {
    /// The change as part of a transaction.
    pub(super) fn upkeep_write(&self, upkeep: &UpkeepItem) -> Result<Write, StoreError> {
        Write::put_new(self, Content, &keys::upkeep(&upkeep.id), upkeep)
    }

    /// The change was carried everywhere.
    ///
    /// # Errors
    /// As any call.
    pub async fn finish_upkeep(&self, id: &UpkeepId) -> Result<(), StoreError> {
        self.delete(Content, &keys::upkeep(id)).await
    }
}
