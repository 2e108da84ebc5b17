//! Confirmations that a person gives before an agent's request goes on, in `identity`. The handle
//! is not stored; its SHA-256 is the key. Each can be answered once.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys, read};
use crate::model::{Time, UserId};
use crate::permission::Table::Identity;

/// What an answer must match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationItem {
    /// The account that the agent acts for.
    pub user_id: UserId,
    /// The id of the session or API key of the request.
    pub credential: String,
    /// The digest of the pending request.
    pub request: String,
    /// When it expires, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

impl ConfirmationItem {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.ttl > now.as_seconds()
    }
}

/// Confirmations that an agent's request waits for.
#[derive(Clone, Copy, Debug)]
pub struct Confirmations<'a>(pub(super) &'a Store);

impl Confirmations<'_> {
    /// Stores a confirmation under the digest of its handle.
    pub async fn create(self, digest: &str, item: &ConfirmationItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::confirmation(digest), item).await.map(drop)
    }

    /// Deletes a confirmation and returns it: of two answers, only one gets it. `None` for another
    /// account or credential, so that a leaked handle cannot be used up by somebody else.
    pub async fn take(
        self,
        digest: &str,
        by: &ConfirmationItem,
    ) -> Result<Option<ConfirmationItem>, StoreError> {
        let request = self.0.client.delete_item().table_name(self.0.table(Identity));
        let request = request
            .set_key(Some(keys::confirmation(digest).attributes()))
            .condition_expression("user_id = :user AND credential = :credential")
            .expression_attribute_values(":user", AttributeValue::S(by.user_id.to_string()))
            .expression_attribute_values(":credential", AttributeValue::S(by.credential.clone()));
        match request.return_values(ReturnValue::AllOld).send().await {
            Ok(taken) => read(taken.attributes),
            Err(error) => {
                StoreError::unless_condition_failed::<(), _>(Err(error)).map(|_not_theirs| None)
            }
        }
    }
}
