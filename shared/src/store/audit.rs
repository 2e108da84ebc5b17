//! The audit log, in `content`: security events, each written once. Only the names and the address of a deleted
//! account are ever removed from one.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::names::{ACTOR, ADDRESS};
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{AuditId, Slug, Time, UserId};
use crate::permission::Table::{Content, Identity};

/// An entry with its TTL.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(flatten)]
    entry: std::borrow::Cow<'a, AuditEntry>,
    /// The item's TTL, in seconds since 1970.
    ttl: i64,
}

/// What people call an item: an account, a post or proposal, a file, a tag.
#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
    title: Option<String>,
    filename: Option<String>,
    slug: Option<String>,
    /// A tag that became another one, or was deleted, is kept.
    moved_to: Option<String>,
    #[serde(default)]
    removed: bool,
}

impl Named {
    /// The id, or the slug of a tag, and the name.
    fn called(self) -> Option<(String, String)> {
        if self.moved_to.is_some() || self.removed {
            return None;
        }
        // The ids of tags are used for nothing else.
        let id = self.id.filter(|id| !id.starts_with("tag_")).or(self.slug)?;
        Some((id, self.title.or(self.name).or(self.filename)?))
    }
}

/// Which entries of the log.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only what this account did.
    pub actor: Option<UserId>,
    /// Only what this account did, or what was done to it or tried with it.
    pub person: Option<UserId>,
    /// Only events of this kind.
    pub event: Option<Event>,
    /// Only what happened then or later.
    pub from: Option<Time>,
    /// Only what happened before.
    pub until: Option<Time>,
}

impl AuditFilter {
    /// The first and the last id that an entry of this time can have; `None` for any time.
    fn ids(&self) -> Option<(AuditId, AuditId)> {
        if self.from.is_none() && self.until.is_none() {
            return None;
        }
        let millis = |time: Time| time.as_millis().max(0).unsigned_abs();
        let first = self.from.map_or(0, millis);
        let first = AuditId::from_ulid(Ulid::from_parts(first, 0));
        let last = self.until.map_or(Ulid::from_bytes([u8::MAX; 16]), |until| {
            Ulid::from_parts(millis(until).saturating_sub(1), u128::MAX)
        });
        Some((first, AuditId::from_ulid(last)))
    }
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

    /// The entries of one kind up to this moment, newest first.
    pub async fn list_event(
        self,
        event: Event,
        params: &PageParams,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let list = List::from_table(Content, keys::AUDIT).up_to_date();
        self.0.page(&list.only("event", AttributeValue::S(event.as_str().to_owned())), params).await
    }

    /// Removes the names of a user who acted from an entry. It and [`Self::forget_address`] are the only
    /// changes that an entry ever sees.
    pub async fn forget(self, entry: &AuditEntry, user: &UserId) -> Result<(), StoreError> {
        self.0.forget(&keys::audit(&entry.id), ACTOR, user.as_str()).await
    }

    /// Removes an address, as it is spelt there, from an entry.
    pub async fn forget_address(self, entry: &AuditEntry, address: &str) -> Result<(), StoreError> {
        self.0.forget(&keys::audit(&entry.id), ADDRESS, address).await
    }

    /// The entries, newest first.
    pub async fn list(
        self,
        params: &PageParams,
        filter: &AuditFilter,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let mut list = List::from_table(Content, keys::AUDIT);
        if let Some(actor) = &filter.actor {
            list = list.only("actor", AttributeValue::S(actor.to_string()));
        }
        if let Some(person) = &filter.person {
            list = list.only_in("actor", "subject", AttributeValue::S(person.to_string()));
        }
        if let Some(event) = filter.event {
            list = list.only("event", AttributeValue::S(event.as_str().to_owned()));
        }
        if let Some((first, last)) = filter.ids() {
            list = list.between(first.to_string(), last.to_string());
        }
        self.0.page(&list, params).await
    }

    /// What those are called now, by id, who did something in entries or to whom or what it was done: accounts,
    /// those who invited one, posts, proposals, files and tags, which have their slug for an id. Those that are
    /// gone are left out. Two calls at most.
    pub async fn subjects<'e>(
        self,
        entries: &'e [AuditEntry],
    ) -> Result<HashMap<String, String>, StoreError> {
        let actor = |entry: &'e AuditEntry| entry.actor.as_ref().map(UserId::as_str);
        // "as author, invited by user_…"
        let words = |entry: &'e AuditEntry| entry.detail.as_deref().unwrap_or_default().split(' ');
        let accounts = |word: &&str| word.parse::<UserId>().is_ok();
        let all = |entry: &'e AuditEntry| {
            let named = entry.subject.as_deref().into_iter().chain(actor(entry));
            named.chain(words(entry).filter(accounts))
        };
        let subjects: BTreeSet<&str> = entries.iter().flat_map(all).collect();
        let is_tag = |entry: &&AuditEntry| {
            matches!(entry.event, Event::TagCreated | Event::TagChanged | Event::TagDeleted)
        };
        let tags = entries.iter().filter(is_tag).filter_map(|entry| entry.subject.as_ref());
        let tags: BTreeSet<Slug> = tags.filter_map(|slug| slug.parse().ok()).collect();
        let (mut accounts, mut content) =
            (Vec::new(), tags.iter().map(keys::tag).collect::<Vec<_>>());
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
        Ok(found.into_iter().filter_map(Named::called).collect())
    }
}

fn stored(entry: &AuditEntry) -> Stored<'_> {
    let ttl = (entry.at + RETENTION).as_seconds();
    Stored { entry: std::borrow::Cow::Borrowed(entry), ttl }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_time_is_one_of_ids() {
        let (from, until): (Time, Time) =
            ("2026-11-29T00:00:00Z".parse().unwrap(), "2026-11-30T00:00:00Z".parse().unwrap());
        let within = |filter: &AuditFilter, at: &str| {
            let id = AuditId::new(at.parse().unwrap());
            filter.ids().is_none_or(|(first, last)| (first..=last).contains(&id))
        };
        let both = AuditFilter { from: Some(from), until: Some(until), ..AuditFilter::default() };
        let since = AuditFilter { until: None, ..both.clone() };
        let before = AuditFilter { from: None, ..both.clone() };
        for (at, is_since, is_before) in [
            ("2026-11-28T23:59:59.999Z", false, true),
            ("2026-11-29T00:00:00Z", true, true),
            ("2026-11-29T23:59:59.999Z", true, true),
            ("2026-11-30T00:00:00Z", true, false),
        ] {
            assert_eq!(within(&since, at), is_since, "{at}");
            assert_eq!(within(&before, at), is_before, "{at}");
            assert_eq!(within(&both, at), is_since && is_before, "{at}");
            assert!(within(&AuditFilter::default(), at));
        }
    }

    #[test]
    fn the_log_keeps_an_entry_for_400_days() {
        let at: Time = "2026-01-05T09:00:00Z".parse().unwrap();
        let ends: Time = "2027-02-09T09:00:00Z".parse().unwrap();
        assert_eq!((at + RETENTION, RETENTION.as_secs()), (ends, 34_560_000));
    }

    #[test]
    fn a_name_is_found_by_the_id_or_of_a_tag_by_the_slug() {
        let called = |item: serde_json::Value| {
            let named: Named = serde_json::from_value(item).unwrap();
            named.called()
        };
        let is = |id: &str, name: &str| Some((id.to_owned(), name.to_owned()));
        use serde_json::json;
        for (item, expected) in [
            (json!({ "id": "user_1", "name": "Ada", "slug": "ada" }), is("user_1", "Ada")),
            (json!({ "id": "post_1", "title": "Tides", "slug": "tides" }), is("post_1", "Tides")),
            (json!({ "id": "media_1", "filename": "a.png" }), is("media_1", "a.png")),
            (json!({ "id": "tag_1", "name": "Notes", "slug": "notes" }), is("notes", "Notes")),
            (json!({ "name": "Notes", "slug": "notes" }), is("notes", "Notes")),
            (json!({ "id": "tag_1", "name": "Notes", "slug": "notes", "moved_to": "n" }), None),
            (json!({ "id": "tag_1", "name": "Notes", "slug": "notes", "removed": true }), None),
            (json!({ "id": "user_1" }), None),
            (json!({ "name": "Ada" }), None),
        ] {
            assert_eq!(called(item.clone()), expected, "{item}");
        }
    }
}
