//! DynamoDB access.
//!
//! Each kind of item has a module with its stored form and a handle ([`Store::posts`],
//! [`Store::users`], …). Every key is made in [`keys`].
//!
//! All calls return a [`StoreError`]: [`StoreError::Unavailable`] while the database does not
//! answer, [`StoreError::InvalidCursor`] from lists, anything else is a bug or a missing
//! permission. They are not listed again at each method.

mod admins;
mod aggregates;
pub mod ahead;
pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod authors;
mod change;
pub mod confirmations;
mod conversation_head;
pub mod conversations;
mod credentials;
pub mod email_changes;
mod error;
pub mod idempotency;
pub mod invitations;
pub mod keys;
pub mod limits;
mod list;
pub mod live;
pub mod live_lists;
pub mod media;
pub mod media_uses;
mod names;
pub mod new_accounts;
pub mod news;
pub mod oauth;
pub mod outbox;
pub mod passkeys;
mod passwords;
pub mod post_transaction;
pub mod posts;
pub mod preview_links;
pub mod propagation;
pub mod proposals;
pub mod redirects;
pub mod refusals;
pub mod registrations;
pub mod revisions;
pub mod rights;
mod running_turns;
pub mod sessions;
pub mod settings;
pub mod signing_keys;
mod tag_items;
pub mod tag_names;
pub mod tags;
pub mod tokens;
mod totp;
mod transact;
mod trash;
mod turn_item;
pub mod turns;
pub mod usage;
pub mod users;

pub use error::StoreError;
pub use list::List;
pub use transact::{Write, WriteError};

use std::collections::HashMap;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ulid::Ulid;

use crate::config::Config;
use crate::model::{SessionId, UserId};
use crate::permission::Table;
use keys::Key;

/// The most items that `BatchGetItem` reads.
const BATCH: usize = 100;

/// The version of the items that are written, in each item's attribute `schema`.
pub const SCHEMA_VERSION: u32 = 1;

/// An item in DynamoDB's form.
pub type Item = HashMap<String, AttributeValue>;

/// The tables of a deployment.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    content: String,
    identity: String,
    agent: String,
}

impl Store {
    /// A store of the tables in `config`, with the SDK's settings.
    #[must_use]
    pub fn new(config: &Config, sdk: &SdkConfig) -> Self {
        Self {
            client: Client::new(sdk),
            content: config.content_table.clone(),
            identity: config.identity_table.clone(),
            agent: config.agent_table.clone(),
        }
    }

    /// The name of a table.
    #[must_use]
    pub fn table(&self, table: Table) -> &str {
        match table {
            Table::Content => &self.content,
            Table::Identity => &self.identity,
            Table::Agent => &self.agent,
        }
    }

    /// Opens the connection before the first request, by reading an item that never exists. If it
    /// fails, the first request opens it.
    pub async fn warm(&self, table: Table) {
        let _ = self.get_item(table, &keys::nothing(), false).await;
    }

    /// The same with the call that reads a session for a page, of nobody.
    pub async fn warm_for_pages(&self) {
        let nobody = UserId::from_ulid(Ulid::nil());
        let session = SessionId::from_ulid(Ulid::nil());
        let _ = self.sessions().get_for_page(&nobody, &session, None).await;
    }

    /// Reads one item with strong consistency.
    async fn get<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        read(self.get_item(table, key, true).await?)
    }

    /// Reads one item with eventual consistency, at half the price.
    async fn get_eventually<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        read(self.get_item(table, key, false).await?)
    }

    async fn get_item(
        &self,
        table: Table,
        key: &Key,
        consistent: bool,
    ) -> Result<Option<Item>, StoreError> {
        let request = self.client.get_item().table_name(self.table(table));
        let request = request.set_key(Some(key.attributes())).consistent_read(consistent);
        Ok(request.send().await?.item)
    }

    /// Reads the items with these keys, unordered; missing ones are left out. Without `consistent`
    /// at half the price, with eventual consistency.
    async fn get_many<T: DeserializeOwned>(
        &self,
        table: Table,
        keys: &[Key],
        consistent: bool,
    ) -> Result<Vec<T>, StoreError> {
        let items = self.get_items(table, keys, consistent).await?;
        let read = |item| serde_dynamo::aws_sdk_dynamodb_1::from_item(item);
        Ok(items.into_iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Reads two items of different kinds in one call, with strong consistency. The keys must differ.
    async fn get_both<A: DeserializeOwned, B: DeserializeOwned>(
        &self,
        table: Table,
        keys: [Key; 2],
    ) -> Result<(Option<A>, Option<B>), StoreError> {
        let mut items = self.get_items(table, &keys, true).await?;
        let [first, second] = keys.map(|key| take(&mut items, &key));
        Ok((read(first)?, read(second)?))
    }

    async fn get_items(
        &self,
        table: Table,
        keys: &[Key],
        consistent: bool,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(BATCH) {
            let keys = keys.iter().map(Key::attributes).collect();
            let wanted = KeysAndAttributes::builder().set_keys(Some(keys));
            let wanted = wanted.consistent_read(consistent).build().expect("the keys are given");
            let mut wanted = Some((self.table(table).to_owned(), wanted));
            while let Some((table, keys)) = wanted.take() {
                let answer = self.client.batch_get_item().request_items(table, keys).send().await?;
                found.extend(answer.responses.into_iter().flatten().flat_map(|(_, items)| items));
                // DynamoDB leaves out items when the table is throttled or the response is full.
                wanted = answer.unprocessed_keys.into_iter().flatten().next();
            }
        }
        Ok(found)
    }

    /// Writes an item. Returns `false` if one with its key exists.
    async fn put_new<T: Serialize>(
        &self,
        table: Table,
        key: &Key,
        value: &T,
    ) -> Result<bool, StoreError> {
        let request = self.client.put_item().table_name(self.table(table));
        let request = request
            .set_item(Some(item(key, value)?))
            .condition_expression("attribute_not_exists(pk)");
        StoreError::unless_condition_failed(request.send().await)
    }
}

impl Store {
    /// Deletes an item, if it exists.
    async fn delete(&self, table: Table, key: &Key) -> Result<(), StoreError> {
        let request = self.client.delete_item().table_name(self.table(table));
        request.set_key(Some(key.attributes())).send().await?;
        Ok(())
    }

    /// Deletes an item. Returns `false` if it did not exist.
    async fn delete_existing(&self, table: Table, key: &Key) -> Result<bool, StoreError> {
        let request = self.client.delete_item().table_name(self.table(table));
        let request =
            request.set_key(Some(key.attributes())).condition_expression("attribute_exists(pk)");
        StoreError::unless_condition_failed(request.send().await)
    }
}

/// The item for `value` under `key`.
fn item<T: Serialize>(key: &Key, value: &T) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::aws_sdk_dynamodb_1::to_item(value)?;
    item.extend(key.attributes());
    item.insert("schema".to_owned(), AttributeValue::N(SCHEMA_VERSION.to_string()));
    Ok(item)
}

/// Takes the item with this key out of those that were read.
fn take(items: &mut Vec<Item>, key: &Key) -> Option<Item> {
    let key = key.attributes();
    let has_key = |item: &Item| key.iter().all(|(name, value)| item.get(name) == Some(value));
    let at = items.iter().position(has_key);
    at.map(|at| items.swap_remove(at))
}

fn read<T: DeserializeOwned>(item: Option<Item>) -> Result<Option<T>, StoreError> {
    item.map(serde_dynamo::aws_sdk_dynamodb_1::from_item).transpose().map_err(StoreError::from)
}
