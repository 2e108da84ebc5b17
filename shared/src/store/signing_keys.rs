//! Public halves of signing keys, in `identity`. The private halves are SSM parameters that only
//! the functions that issue tokens can read.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::{Store, StoreError, keys};
use crate::model::{KeyId, Time};
use crate::permission::Table::Identity;

/// A stored P-256 public key, its coordinates in base64url as in a JWK.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SigningKeyItem {
    /// The `kid`.
    pub id: KeyId,
    /// The x coordinate.
    pub x: String,
    /// The y coordinate.
    pub y: String,
    /// When it was created.
    pub created_at: Time,
    /// When it stops verifying, in seconds since 1970 (the item's TTL). Set once another key signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

/// Public halves of signing keys.
#[derive(Clone, Copy, Debug)]
pub struct SigningKeys<'a>(pub(super) &'a Store);

impl SigningKeys<'_> {
    /// Stores a public key.
    pub async fn create(self, item: &SigningKeyItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::signing_key(&item.id), item).await.map(drop)
    }

    /// Sets the end of a public key, unless it has one.
    pub async fn retire(self, id: &KeyId, at: Time) -> Result<(), StoreError> {
        let change = Change::new().only_if_absent("ttl").set("ttl", &at.as_seconds())?;
        self.0.change(Identity, &keys::signing_key(id), change).await.map(drop)
    }

    /// The public keys that are valid at `now`: a handful.
    pub async fn list(self, now: Time) -> Result<Vec<SigningKeyItem>, StoreError> {
        let answer = self
            .0
            .client
            .query()
            .table_name(self.0.table(Identity))
            .key_condition_expression("pk = :keys")
            .expression_attribute_values(":keys", AttributeValue::S(keys::SIGNING_KEYS.to_owned()))
            .consistent_read(true)
            .send()
            .await?;
        let items = answer.items.unwrap_or_default().into_iter();
        let items = items.map(serde_dynamo::aws_sdk_dynamodb_1::from_item);
        let items: Vec<SigningKeyItem> = items.collect::<Result<_, _>>()?;
        let live = |item: &SigningKeyItem| item.ttl.is_none_or(|ttl| ttl > now.as_seconds());
        Ok(items.into_iter().filter(live).collect())
    }
}
