//! Conversations with the built-in agent, in `agent`: a head, and an item for each message and call.
//!
//! The head is written on the condition of its version, and every new item is written together with it.
//! So a conversation whose head is gone gets no item any more, and what is left of it can be deleted in
//! peace: [`Conversations::delete_rest`]. What the agent writes is in [`super::turns`].

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::conversation_head::Indexed;
pub use super::conversation_head::{ConversationHead, ItemRecord};
use super::transact::{Condition, ConditionFailed};
use super::{List, Store, StoreError, Write, WriteError, item, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{ConversationId, Time, UserId};
use crate::permission::Table::{Agent, Identity};

/// How many items one transaction deletes. DynamoDB allows 4 MB in a transaction, and an item has at
/// most 64 KB.
const DELETED_AT_ONCE: u8 = 25;

/// That a conversation is being deleted.
#[derive(Serialize)]
struct Deletion<'a> {
    id: &'a ConversationId,
    gsi2pk: &'static str,
    gsi2sk: &'a str,
}

/// What `gsi2` has of a conversation or of a deletion.
#[derive(Debug, Deserialize)]
struct Listed {
    id: ConversationId,
}

/// Why a conversation was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotStarted {
    /// The account has as many as it may have.
    TooMany,
    /// The account was deleted.
    NoAccount,
}

/// Conversations with the built-in agent.
#[derive(Clone, Copy, Debug)]
pub struct Conversations<'a>(pub(super) &'a Store);

impl Conversations<'_> {
    /// A conversation, of any owner.
    pub async fn get(self, id: &ConversationId) -> Result<Option<ConversationHead>, StoreError> {
        self.0.get(Agent, &keys::conversation(id)).await
    }

    /// A conversation with the item at a place of it.
    pub async fn get_with_item(
        self,
        id: &ConversationId,
        place: u32,
    ) -> Result<(Option<ConversationHead>, Option<ItemRecord>), StoreError> {
        let keys = [keys::conversation(id), keys::conversation_item(id, place)];
        self.0.get_both(Agent, keys).await
    }

    /// The conversations of a user, the last used first.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<ConversationHead>, StoreError> {
        let list = List::from_gsi1(Agent, keys::conversations_of(user));
        self.0.page(&list, params).await
    }

    /// Up to `limit` items behind the place `after`, and whether more follow.
    pub async fn items(
        self,
        id: &ConversationId,
        after: Option<u32>,
        oldest_first: bool,
        limit: u8,
    ) -> Result<(Vec<ItemRecord>, bool), StoreError> {
        let list = List::from_table(Agent, keys::of_conversation(id)).up_to_date();
        let list = if oldest_first {
            let first = after.map_or(Some(0), |after| after.checked_add(1));
            let Some(first) = first else { return Ok((Vec::new(), false)) };
            list.between(keys::conversation_place(first), keys::conversation_place(u32::MAX))
                .oldest_first()
        } else {
            let last = after.map_or(Some(u32::MAX), |after| after.checked_sub(1));
            let Some(last) = last else { return Ok((Vec::new(), false)) };
            list.between(keys::conversation_place(0), keys::conversation_place(last))
        };
        let page = self.0.page(&list, &PageParams { limit, cursor: None }).await?;
        Ok((page.items, page.next_cursor.is_some()))
    }

    /// Starts a conversation of an account that has fewer than `most`.
    pub async fn create(
        self,
        head: &ConversationHead,
        items: &[ItemRecord],
        most: u32,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotStarted>> {
        let writes = self.new_conversation(head, items, most, entry)?;
        let reason = |failed: ConditionFailed| match failed.at(1) {
            true => NotStarted::NoAccount,
            false => NotStarted::TooMany,
        };
        self.0.transact(writes, reason).await
    }

    /// The writes of a new conversation. The first one fails if there are too many, the second if the
    /// account was deleted, and the third if there is one with this id.
    pub(super) fn new_conversation(
        self,
        head: &ConversationHead,
        items: &[ItemRecord],
        most: u32,
        entry: &AuditEntry,
    ) -> Result<Vec<Write>, StoreError> {
        let account = Condition::new("attribute_exists(pk)");
        let count = Change::new()
            .or_create()
            .increment("count")
            .only_where("attribute_not_exists(#count) OR #count < :most")
            .with(":most", &most)?;
        let mut writes = vec![
            count.write(self.0, Agent, &keys::conversation_count(&head.user_id)),
            Write::check_that(self.0, Identity, &keys::user(&head.user_id), account),
            Write::put_new(self.0, Agent, &keys::conversation(&head.id), &Indexed::new(head))?,
            self.0.audit_log().write(entry)?,
        ];
        writes.extend(self.new_items(&head.id, items)?);
        Ok(writes)
    }

    /// Replaces a head and adds items. Returns `false` if somebody else wrote to the conversation or
    /// deleted it in between.
    pub async fn replace(
        self,
        before: &ConversationHead,
        after: &ConversationHead,
        items: &[ItemRecord],
        entry: Option<&AuditEntry>,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.replaced(before, after)?];
        writes.extend(self.new_items(&after.id, items)?);
        if let Some(entry) = entry {
            writes.push(self.0.audit_log().write(entry)?);
        }
        self.0.commit(writes).await
    }

    /// The write of a head in the place of another one.
    pub(super) fn replaced(
        self,
        before: &ConversationHead,
        after: &ConversationHead,
    ) -> Result<Write, StoreError> {
        let head = item(&keys::conversation(&after.id), &Indexed::new(after))?;
        Ok(Write::put_if(self.0, Agent, head, Some(unchanged(before))))
    }

    /// The writes of new items.
    pub(super) fn new_items(
        self,
        id: &ConversationId,
        items: &[ItemRecord],
    ) -> Result<Vec<Write>, StoreError> {
        let write = |record: &ItemRecord| {
            let key = keys::conversation_item(id, record.item.id().place());
            Write::put_new(self.0, Agent, &key, record)
        };
        items.iter().map(write).collect()
    }

    /// Deletes an item, and replaces the head if `after` differs from `before` in its version. Returns
    /// `false` if the item was not there, or if somebody else wrote to the head that is to be replaced.
    pub async fn delete_item(
        self,
        before: &ConversationHead,
        after: &ConversationHead,
        place: u32,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let there = Condition::new("attribute_exists(pk)");
        let key = keys::conversation_item(&before.id, place);
        let delete = Write::delete_if(self.0, Agent, &key, Some(there));
        let mut writes = vec![delete, self.0.audit_log().write(entry)?];
        if after.version != before.version {
            writes.push(self.replaced(before, after)?);
        }
        self.0.commit(writes).await
    }

    /// Begins to delete a conversation: from then on nobody finds it. [`Self::delete_rest`] does the
    /// rest. Returns `false` if somebody wrote to it or deleted it in between.
    pub async fn delete(
        self,
        head: &ConversationHead,
        entry: Option<&AuditEntry>,
    ) -> Result<bool, StoreError> {
        let (id, key) = (&head.id, keys::conversation_deletion(&head.id));
        let deletion = Deletion { id, gsi2pk: keys::CONVERSATION_DELETIONS, gsi2sk: id.as_str() };
        let count = Change::new().add("count", -1);
        let mut writes = vec![
            Write::delete_if(self.0, Agent, &keys::conversation(id), Some(unchanged(head))),
            Write::put(self.0, Agent, &key, &deletion)?,
            count.write(self.0, Agent, &keys::conversation_count(&head.user_id)),
        ];
        if let Some(entry) = entry {
            writes.push(self.0.audit_log().write(entry)?);
        }
        self.0.commit(writes).await
    }

    /// Deletes the items and turns of a conversation without a head, and that it is being deleted. Safe to
    /// repeat.
    pub async fn delete_rest(self, id: &ConversationId) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Part {
            sk: String,
        }
        let (first, last) = keys::PARTS_OF_CONVERSATION;
        let items = List::from_table(Agent, keys::of_conversation(id)).up_to_date();
        let items = items.between(first.to_owned(), last.to_owned());
        let first = PageParams { limit: DELETED_AT_ONCE, cursor: None };
        loop {
            let page: Page<Part> = self.0.page(&items, &first).await?;
            let delete = |part: &Part| {
                let key = keys::part_of_conversation(id, &part.sk);
                Write::delete(self.0, Agent, &key)
            };
            let writes: Vec<Write> = page.items.iter().map(delete).collect();
            if !writes.is_empty() {
                self.0.commit(writes).await?;
            }
            if page.next_cursor.is_none() {
                break;
            }
        }
        self.0.delete(Agent, &keys::conversation_deletion(id)).await
    }

    /// The conversations that were not used since `time`, the longest unused first, as far as the index
    /// knows. Their heads say whether it is so.
    pub async fn unused_since(
        self,
        time: Time,
        params: &PageParams,
    ) -> Result<Page<ConversationId>, StoreError> {
        // Sort keys begin with the time; `~` sorts after the `#` behind it.
        let last = format!("{time}~");
        let list = List::from_gsi2(Agent, keys::CONVERSATIONS).between("0".to_owned(), last);
        let page: Page<Listed> = self.0.page(&list.oldest_first(), params).await?;
        Ok(page.map(|listed| listed.id))
    }

    /// The conversations whose deletion was interrupted.
    pub async fn half_deleted(
        self,
        params: &PageParams,
    ) -> Result<Page<ConversationId>, StoreError> {
        let list = List::from_gsi2(Agent, keys::CONVERSATION_DELETIONS).oldest_first();
        let page: Page<Listed> = self.0.page(&list, params).await?;
        Ok(page.map(|listed| listed.id))
    }

    /// How many conversations a user has.
    pub async fn count(self, user: &UserId) -> Result<u32, StoreError> {
        #[derive(Deserialize)]
        struct Count {
            count: u32,
        }
        let stored: Option<Count> = self.0.get(Agent, &keys::conversation_count(user)).await?;
        Ok(stored.map_or(0, |stored| stored.count))
    }

    /// Deletes the number of conversations of a deleted account.
    pub async fn forget_count(self, user: &UserId) -> Result<(), StoreError> {
        self.0.delete(Agent, &keys::conversation_count(user)).await
    }
}

fn unchanged(head: &ConversationHead) -> Condition {
    Condition::new("version = :version")
        .with(":version", AttributeValue::N(head.version.to_string()))
}
