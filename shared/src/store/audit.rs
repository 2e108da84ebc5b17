//! The audit log, in `content`: security events, each written once. Only the
//! name of a deleted account is ever removed from one.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::names::ACTOR;
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::UserId;
use crate::model::audit::{AuditEntry, Event};
use crate::permission::Table::{Content, Identity};

/// An entry with its TTL.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(flatten)]
    entry: std::borrow::Cow<'a, AuditEntry>,
    /// The item's TTL, in seconds since 1970.
    ttl: i64,
}

/// What people call an item: an account, a post or proposal, a file.
#[derive(Deserialize)]
struct Named {
    id: String,
    name: Option<String>,
    title: Option<String>,
    filename: Option<String>,
}

/// How long an entry is kept.
const RETENTION: Duration = Duration::from_secs(400 * 24 * 3600);

/// The audit log.
#[derive(Clone, Copy, Debug)]
pub struct AuditLog<'a>(pub(super) &'a Store);

impl AuditLog<'_> {
    /// Writes an entry.
    pub async fn create(self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.0.put_new(Content, &keys::audit(&entry.id), &stored(entry)).await.map(drop)
    }

    /// An entry as part of the transaction that it records.
    pub(super) fn write(self, entry: &AuditEntry) -> Result<Write, StoreError> {
        Write::put_new(self.0, Content, &keys::audit(&entry.id), &stored(entry))
    }

    /// The entries of one account, newest first.
    pub async fn list_of(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let list = List::from_table(Content, keys::AUDIT).up_to_date();
        self.0.page(&list.only("actor", AttributeValue::S(user.to_string())), params).await
    }

    /// Removes a user's name from an entry. The one change that an entry ever sees.
    pub async fn forget(self, entry: &AuditEntry, user: &UserId) -> Result<(), StoreError> {
        self.0.forget(&keys::audit(&entry.id), ACTOR, user).await
    }

    /// The entries, newest first: all, or those of one account and of one kind.
    pub async fn list(
        self,
        params: &PageParams,
        actor: Option<&UserId>,
        event: Option<Event>,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let mut list = List::from_table(Content, keys::AUDIT);
        if let Some(actor) = actor {
            list = list.only("actor", AttributeValue::S(actor.to_string()));
        }
        if let Some(event) = event {
            list = list.only("event", AttributeValue::S(event.as_str().to_owned()));
        }
        self.0.page(&list, params).await
    }

    /// What those are called now, by id, who did something in entries or to whom or what it was done: accounts,
    /// posts, proposals and files. Those that are gone are left out. Two calls at most.
    pub async fn subjects<'e>(
        self,
        entries: &'e [AuditEntry],
    ) -> Result<HashMap<String, String>, StoreError> {
        let actor = |entry: &'e AuditEntry| entry.actor.as_ref().map(UserId::as_str);
        let all = |entry: &'e AuditEntry| entry.subject.as_deref().into_iter().chain(actor(entry));
        let subjects: BTreeSet<&str> = entries.iter().flat_map(all).collect();
        let (mut accounts, mut content) = (Vec::new(), Vec::new());
        for id in subjects {
            if let Ok(id) = id.parse() {
                accounts.push(keys::user(&id));
            } else if let Ok(id) = id.parse() {
                content.push(keys::post(&id));
            } else if let Ok(id) = id.parse() {
                content.push(keys::proposal(&id));
            } else if let Ok(id) = id.parse() {
                content.push(keys::media(&id));
            }
        }
        let mut found: Vec<Named> = Vec::new();
        for (table, keys) in [(Identity, accounts), (Content, content)] {
            if !keys.is_empty() {
                found.extend(self.0.get_many::<Named>(table, &keys, false).await?);
            }
        }
        let called = |it: Named| Some((it.id, it.title.or(it.name).or(it.filename)?));
        Ok(found.into_iter().filter_map(called).collect())
    }
}

fn stored(entry: &AuditEntry) -> Stored<'_> {
    let ttl = (entry.at + RETENTION).as_seconds();
    Stored { entry: std::borrow::Cow::Borrowed(entry), ttl }
}
