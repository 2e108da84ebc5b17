//! Questions that a person is asked before an agent goes on, in `identity`. The handle itself is
//! nowhere; its SHA-256 is the key. Each is good for one answer.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys, read};
use crate::endpoint::Table::Identity;
use crate::model::{Time, UserId};

/// What an answer is held to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationItem {
    /// The account in whose name it was asked.
    pub user_id: UserId,
    /// The session or key that it was asked with.
    pub credential: String,
    /// The digest of the request that waits.
    pub request: String,
    /// When it ends, in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

impl ConfirmationItem {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.ttl > now.as_seconds()
    }
}

/// Confirmations that an agent's request waits for.
#[derive(Clone, Copy, Debug)]
pub struct Confirmations<'a>(pub(super) &'a Store);

impl Confirmations<'_> {
    /// Keeps a question under the digest of its handle.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, digest: &str, item: &ConfirmationItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::confirmation(digest), item).await.map(drop)
    }

    /// Takes a question away and answers with it: of two answers, one finds it. The question of
    /// another account or credential stays where it is, or whoever saw a handle could use it up.
    ///
    /// # Errors
    /// As any call.
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
