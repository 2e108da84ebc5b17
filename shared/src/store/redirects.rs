//! Addresses that the publication had elsewhere or before, in `content`.

use aws_sdk_dynamodb::types::AttributeValue;
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

    /// All redirects, in no order. It reads the whole table, so it is for what is done by hand.
    ///
    /// # Errors
    /// As any call.
    pub async fn redirects(&self) -> Result<Vec<RedirectItem>, StoreError> {
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let prefix = AttributeValue::S(keys::REDIRECT_PREFIX.to_owned());
            let request = self.client.scan().table_name(self.table(Content));
            let request = request.filter_expression("begins_with(pk, :redirect)");
            let request = request.expression_attribute_values(":redirect", prefix);
            let answer = request.set_exclusive_start_key(start).send().await?;
            for item in answer.items.unwrap_or_default() {
                found.push(serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
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
