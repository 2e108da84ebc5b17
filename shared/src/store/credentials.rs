//! What is read for every request of somebody: a session or API key, and its account, in `identity`.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::de::DeserializeOwned;

use super::keys::Key;
use super::users::UserItem;
use super::{Item, Store, StoreError, keys, read};
use crate::model::{Settings, UserId};
use crate::permission::Table::{Content, Identity};

impl Store {
    /// A credential and its user, in one consistent read.
    pub(super) async fn with_user<T: DeserializeOwned>(
        &self,
        user: &UserId,
        credential: Key,
    ) -> Result<Option<(T, UserItem)>, StoreError> {
        let (found, _) = self.credential(user, credential, None).await?;
        Ok(found)
    }

    /// A credential and its user, in one consistent read, together with the settings if their key is given.
    pub(super) async fn credential<T: DeserializeOwned>(
        &self,
        user: &UserId,
        credential: Key,
        settings: Option<&Key>,
    ) -> Result<(Option<(T, UserItem)>, Option<Settings>), StoreError> {
        let (identity, content) = (self.table(Identity), self.table(Content));
        let user = keys::user(user);
        let wanted = KeysAndAttributes::builder()
            .keys(credential.attributes())
            .keys(user.attributes())
            .consistent_read(true)
            .build()
            .expect("the keys are given");
        let mut request = self.client.batch_get_item().request_items(identity, wanted);
        if let Some(settings) = settings {
            let wanted = KeysAndAttributes::builder().keys(settings.attributes());
            request = request.request_items(content, wanted.build().expect("the key is given"));
        }
        let answer = request.send().await?;
        if answer.unprocessed_keys.is_some_and(|left| left.contains_key(identity)) {
            return Err(StoreError::Unavailable("part of a batch read was throttled".into()));
        }
        let mut tables = answer.responses.unwrap_or_default();
        let settings = tables.remove(content).and_then(|items| items.into_iter().next());
        let items = tables.remove(identity);
        let mut by_sk: HashMap<String, Item> = items
            .unwrap_or_default()
            .into_iter()
            .filter_map(|item| Some((item.get("sk")?.as_s().ok()?.clone(), item)))
            .collect();
        let credential = read(by_sk.remove(&credential.sk))?;
        let user = read(by_sk.remove(&user.sk))?;
        Ok((credential.zip(user), read(settings)?))
    }
}
