//! Turns of conversations with the built-in agent, in the partition of their conversation.
//!
//! A turn has one runner. Its head names the turn that runs, and the turn has a lease that its runner
//! renews: with every write, and each second. Every write of the runner is on the condition that the head
//! names its turn and that the lease is not over. So a runner whose process was frozen or cut off writes
//! nothing any more, and anyone who finds the lease over may end the turn.
//!
//! Items are written with the head, as everywhere: a conversation that was deleted gets none.

use super::change::Change;
use super::conversation_head::{ConversationHead, ItemRecord};
use super::conversations::Conversations;
pub use super::running_turns::{RunningTurns, TurnsAtOnce};
use super::transact::{Condition, ConditionFailed};
pub use super::turn_item::{Saying, TurnItem, TurnKey};
use super::usage::{Reservation, Settlement, Usages};
use super::{List, Store, StoreError, Write, WriteError, item, keys};
use crate::http::page::PageParams;
use crate::model::audit::AuditEntry;
use crate::model::{ConversationId, ConversationItem, ResponseId, Time, TurnReason, TurnStatus};
use crate::permission::Table::Agent;

/// A turn that is to start.
pub struct NewTurn<'a> {
    /// The head as it was read; `None` for a new conversation.
    pub before: Option<&'a ConversationHead>,
    /// The head with the turn.
    pub after: &'a ConversationHead,
    /// The messages of the user.
    pub items: &'a [ItemRecord],
    /// The turn.
    pub turn: &'a TurnItem,
    /// The key of the request.
    pub key: Option<&'a TurnKey>,
    /// What its first step takes at most.
    pub reservation: &'a Reservation,
    /// The turns of the user that run.
    pub running: &'a RunningTurns,
    /// For a new conversation: how many there may be, and the entry that it was started.
    pub conversation: Option<(u32, &'a AuditEntry)>,
}

/// Why a turn does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnNotStarted {
    /// The user's budget does not allow it.
    BudgetOfUser,
    /// The budget of the whole site does not allow it.
    BudgetOfSite,
    /// The account has as many conversations as it may have.
    TooManyConversations,
    /// The account was deleted.
    NoAccount,
    /// Another write came first.
    Conflict,
}

/// Turns of conversations.
#[derive(Clone, Copy, Debug)]
pub struct Turns<'a>(pub(super) &'a Store);

impl Turns<'_> {
    /// A turn.
    pub async fn get(self, id: &ResponseId) -> Result<Option<TurnItem>, StoreError> {
        self.0.get(Agent, &keys::turn(id)).await
    }

    /// A turn and the head of its conversation, in one consistent read.
    pub async fn get_with_head(
        self,
        id: &ResponseId,
    ) -> Result<(Option<ConversationHead>, Option<TurnItem>), StoreError> {
        let head = keys::conversation(&id.conversation());
        self.0.get_both(Agent, [head, keys::turn(id)]).await
    }

    /// The last turns of a conversation that began until a time, the newest first; without one, the last of all.
    pub async fn of(
        self,
        conversation: &ConversationId,
        until: Option<Time>,
        limit: u8,
    ) -> Result<Vec<TurnItem>, StoreError> {
        let (first, last) = keys::turns_until(until);
        let turns = List::from_table(Agent, keys::of_conversation(conversation)).up_to_date();
        let turns = turns.between(first, last);
        Ok(self.0.page(&turns, &PageParams { limit, cursor: None }).await?.items)
    }

    /// The head of a conversation, and which turn a key started in it, in one consistent read.
    pub async fn get_head_and_key(
        self,
        conversation: &ConversationId,
        digest: &str,
    ) -> Result<(Option<ConversationHead>, Option<TurnKey>), StoreError> {
        let keys = [keys::conversation(conversation), keys::turn_key(conversation, digest)];
        self.0.get_both(Agent, keys).await
    }

    /// Starts a turn: its head, the messages of the user, its key and its reservation, or nothing.
    pub async fn start(self, new: &NewTurn<'_>) -> Result<(), WriteError<TurnNotStarted>> {
        let conversations = Conversations(self.0);
        let (of_user, of_site) = Usages(self.0).reserve(new.reservation)?;
        let (mut writes, mut reasons) = (vec![of_user], vec![TurnNotStarted::BudgetOfUser]);
        if let Some(of_site) = of_site {
            writes.push(of_site);
            reasons.push(TurnNotStarted::BudgetOfSite);
        }
        match (new.conversation, new.before) {
            (Some((most, entry)), _) => {
                writes.extend(conversations.new_conversation(new.after, new.items, most, entry)?);
                reasons.extend([TurnNotStarted::TooManyConversations, TurnNotStarted::NoAccount]);
                // A key leads to the same id again. What is left of a conversation that was deleted must go
                // before.
                let (deletion, gone) =
                    (keys::conversation_deletion(&new.after.id), "attribute_not_exists(pk)");
                writes.push(Write::check_that(self.0, Agent, &deletion, Condition::new(gone)));
            }
            (None, before) => {
                writes.push(conversations.replaced(before.unwrap_or(new.after), new.after)?);
                writes.extend(conversations.new_items(&new.after.id, new.items)?);
            }
        }
        writes.push(TurnsAtOnce(self.0).started(new.running, &new.turn.user_id, &new.turn.id)?);
        writes.push(Write::put_new(self.0, Agent, &new.turn.key(), new.turn)?);
        if let Some(key) = new.key {
            let at = keys::turn_key(&new.after.id, &key.digest);
            writes.push(Write::put_new(self.0, Agent, &at, key)?);
        }
        let reason = |failed: ConditionFailed| {
            let first = reasons.iter().zip(0..).find(|(_, place)| failed.at(*place));
            first.map_or(TurnNotStarted::Conflict, |(reason, _)| *reason)
        };
        self.0.transact(writes, reason).await
    }

    /// Renews the lease of a running turn, notes what the agent is saying if that is new, and reads what is
    /// known of it; `None` if it is not its runner's any more.
    pub async fn renew(
        self,
        id: &ResponseId,
        now: Time,
        until: Time,
        saying: Option<&Saying>,
    ) -> Result<Option<TurnItem>, StoreError> {
        let change = renewed(now, until)?;
        let change = match saying {
            Some(saying) => change.set("saying", saying)?,
            None => change,
        };
        self.0.change_and_read(Agent, &keys::turn(id), change).await
    }

    /// Adds an item of the agent at the next place. `false` if the turn is not its runner's any more.
    pub async fn add(
        self,
        id: &ResponseId,
        record: &ItemRecord,
        (now, until): (Time, Time),
    ) -> Result<bool, StoreError> {
        let (conversation, place) = (id.conversation(), record.item.id().place());
        let next = place + 1;
        let turn = renewed(now, until)?.set("next_place", &next)?.remove("saying");
        let head = Change::new().set("next_place", &next)?.increment("version");
        let head = head.only_if("turn", id)?.only_if("next_place", &place)?;
        let new =
            Write::put_new(self.0, Agent, &keys::conversation_item(&conversation, place), record)?;
        let writes = vec![
            turn.write(self.0, Agent, &keys::turn(id)),
            head.write(self.0, Agent, &keys::conversation(&conversation)),
            new,
        ];
        self.0.commit(writes).await
    }

    /// Adds what a turn was saying whose lease is over, as the message that it is now. `false` if its end was written
    /// down, or something of it was changed, since it was read.
    pub async fn keep_said(
        self,
        id: &ResponseId,
        said: ConversationItem,
        now: Time,
    ) -> Result<bool, StoreError> {
        let (conversation, place) = (id.conversation(), said.id().place());
        let next = place + 1;
        let turn = Change::new().set("next_place", &next)?.remove("saying");
        let turn =
            turn.only_if("status", &TurnStatus::InProgress)?.only_if("next_place", &place)?;
        let turn = turn.only_where("lease_until <= :now").with(":now", &now)?;
        let head = Change::new().set("next_place", &next)?.increment("version");
        let head = head.only_if("turn", id)?.only_if("next_place", &place)?;
        let record = ItemRecord { item: said, step: Some(place) };
        let key = keys::conversation_item(&conversation, place);
        let writes = vec![
            turn.write(self.0, Agent, &keys::turn(id)),
            head.write(self.0, Agent, &keys::conversation(&conversation)),
            Write::put_new(self.0, Agent, &key, &record)?,
        ];
        self.0.commit(writes).await
    }

    /// Replaces an item of the agent: a call that has returned. `false` if the turn is not its runner's any
    /// more.
    pub async fn replace(
        self,
        id: &ResponseId,
        record: &ItemRecord,
        (now, until): (Time, Time),
    ) -> Result<bool, StoreError> {
        let turn = renewed(now, until)?.write(self.0, Agent, &keys::turn(id));
        self.0.commit(vec![turn, self.replaced(&id.conversation(), record)?]).await
    }

    fn replaced(
        self,
        conversation: &ConversationId,
        record: &ItemRecord,
    ) -> Result<Write, StoreError> {
        let key = keys::conversation_item(conversation, record.item.id().place());
        let there = Condition::new("attribute_exists(pk)");
        Ok(Write::put_if(self.0, Agent, item(&key, record)?, Some(there)))
    }

    /// Ends a turn as its runner. `false` if it is not its runner's any more.
    pub async fn end(self, turn: &TurnItem, now: Time) -> Result<bool, StoreError> {
        let end = Change::new()
            .set("status", &turn.status)?
            .set("usage", &turn.usage)?
            .set("ended_at", &now)?
            .remove("saying")
            .only_if("status", &TurnStatus::InProgress)?
            .only_where("lease_until > :now")
            .with(":now", &now)?;
        let end = match &turn.reason {
            Some(reason) => end.set("reason", reason)?,
            None => end,
        };
        let end = match &turn.fault {
            Some(fault) => end.set("fault", fault)?,
            None => end,
        };
        let end = end.write(self.0, Agent, &turn.key());
        self.0.commit(vec![end, self.left(&turn.id)?]).await
    }

    /// Ends a turn whose lease is over, with its calls that have not returned and what is reserved for it. `false`
    /// if it was ended, or something of it was changed, since it was read.
    pub async fn interrupt(
        self,
        turn: &TurnItem,
        now: Time,
        calls: &[ItemRecord],
        settlement: Option<&Settlement>,
    ) -> Result<bool, StoreError> {
        let end = Change::new()
            .set("status", &TurnStatus::Incomplete)?
            .set("reason", &TurnReason::Interrupted)?
            .set("ended_at", &now)?
            .remove("saying")
            .only_if("status", &TurnStatus::InProgress)?
            .only_where("lease_until <= :now")
            .with(":now", &now)?;
        let end = match settlement {
            Some(Settlement { reservation, .. }) => {
                end.remove("reservation").only_if("reservation", reservation)?
            }
            None => end.only_if_absent("reservation"),
        };
        let mut writes = vec![end.write(self.0, Agent, &turn.key()), self.left(&turn.id)?];
        writes.extend(settlement.into_iter().flat_map(|it| Usages(self.0).counts(it)));
        for call in calls {
            writes.push(self.replaced(&turn.id.conversation(), call)?);
        }
        self.0.commit(writes).await
    }

    /// The head without the turn, which is the last one then.
    fn left(self, id: &ResponseId) -> Result<Write, StoreError> {
        let head = Change::new().remove("turn").set("last_response", id)?.increment("version");
        let key = keys::conversation(&id.conversation());
        Ok(head.only_if("turn", id)?.write(self.0, Agent, &key))
    }

    /// Notes that a running turn is to stop. `false` if it does not run.
    pub async fn cancel(self, id: &ResponseId) -> Result<bool, StoreError> {
        let change = Change::new().set("cancel", &true)?;
        let change = change.only_if("status", &TurnStatus::InProgress)?;
        self.0.change(Agent, &keys::turn(id), change).await
    }
}

/// The renewal of a lease that is not over.
fn renewed(now: Time, until: Time) -> Result<Change, StoreError> {
    Change::new()
        .set("lease_until", &until)?
        .only_if("status", &TurnStatus::InProgress)?
        .only_where("lease_until > :now")
        .with(":now", &now)
}
