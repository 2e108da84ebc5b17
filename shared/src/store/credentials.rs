//! What is read for every request of somebody: a session or API key, and its account, in `identity`.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::de::DeserializeOwned;

use super::keys::Key;
use super::users::UserItem;
use super::{Item, Store, StoreError, keys, read, take};
use crate::model::UserId;
use crate::permission::Table::{Content, Identity};

/// A credential with its account, if both are there.
pub(super) type Owned<T> = Option<(T, UserItem)>;

impl Store {
    /// A credential and its user, in one consistent read.
    pub(super) async fn with_user<T: DeserializeOwned>(
        &self,
        user: &UserId,
        credential: Key,
    ) -> Result<Owned<T>, StoreError> {
        let (found, _) = self.credential(user, credential, None).await?;
        Ok(found)
    }

    /// A credential and its user, in one consistent read, together with these keys of `content`. The items of the
    /// latter are `None` if `content` is throttled.
    pub(super) async fn credential<T: DeserializeOwned>(
        &self,
        user: &UserId,
        credential: Key,
        beside: Option<KeysAndAttributes>,
    ) -> Result<(Owned<T>, Option<Vec<Item>>), StoreError> {
        let (identity, content) = (self.table(Identity), self.table(Content));
        let user = keys::user(user);
        let wanted = KeysAndAttributes::builder()
            .keys(credential.attributes())
            .keys(user.attributes())
            .consistent_read(true)
            .build()
            .expect("the keys are given");
        let mut request = self.client.batch_get_item().request_items(identity, wanted);
        if let Some(beside) = beside {
            request = request.request_items(content, beside);
        }
        let answer = request.send().await?;
        let left = answer.unprocessed_keys.unwrap_or_default();
        if left.contains_key(identity) {
            return Err(StoreError::Unavailable("part of a batch read was throttled".into()));
        }
        let mut tables = answer.responses.unwrap_or_default();
        let mut items = tables.remove(identity).unwrap_or_default();
        let [credential, user] = [credential, user].map(|key| take(&mut items, &key));
        let found = read(credential)?.zip(read(user)?);
        let beside = tables.remove(content).filter(|_| !left.contains_key(content));
        Ok((found, beside))
    }
}
