//! Addresses that the publication had elsewhere or before, in `content`.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, item, keys};
use crate::endpoint::Table::Content;
use crate::model::{PostId, WebUrl};

/// Where an old address leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectItem {
    /// The path, from its slash on.
    pub path: String,
    /// Where to.
    pub to: RedirectTarget,
}

/// Where an old address leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectTarget {
    /// To a post, wherever it is found.
    Post(PostId),
    /// To another page.
    Url(WebUrl),
}

impl RedirectItem {
    /// How long a path may be, in bytes.
    pub const MAX_PATH: usize = 1024;
}

impl Store {
    /// Where an old path leads.
    ///
    /// # Errors
    /// As any call.
    pub async fn redirect(&self, path: &str) -> Result<Option<RedirectItem>, StoreError> {
        // Keys end at 2,048 bytes, and so no longer path can have been kept.
        if path.len() > RedirectItem::MAX_PATH {
            return Ok(None);
        }
        self.get_eventually(Content, &keys::redirect(path)).await
    }

    /// Keeps a redirect, in place of another for its path.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_redirect(&self, redirect: &RedirectItem) -> Result<(), StoreError> {
        let request = self.client.put_item().table_name(self.table(Content));
        let item = item(&keys::redirect(&redirect.path), redirect)?;
        request.set_item(Some(item)).send().await?;
        Ok(())
    }
}
