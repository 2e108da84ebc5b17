//! The start of a turn: one transaction, or nothing. Two requests that start at once cannot both.

use super::begun::new_id;
use super::bounds::history_bytes;
use super::free::{is_free, require_room};
use super::lease;
use super::request::TurnRequest;
use super::spending::reservation;
use crate::agent::conversations::{default_mode, entry, owned};
use crate::agent::history::to_model;
use crate::agent::metadata::require_mode;
use crate::agent::new_items::{name, new_items};
use crate::agent::{MAX_CONVERSATIONS, MAX_ITEMS};
use crate::auth::Caller;
use crate::config::AgentModel;
use crate::context::Context;
use crate::crypto::digest;
use crate::http::problem::{Code, Problem};
use crate::model::audit::Event;
use crate::model::{AgentMode, ConversationId, ResponseId, Time, TurnStatus, TurnUsage};
use crate::store::WriteError;
use crate::store::attempts::{Attempt, retry_on_conflict};
use crate::store::conversations::{ConversationHead, ItemRecord};
use crate::store::turns::{NewTurn, TurnItem, TurnKey, TurnNotStarted};
use crate::store::usage::Reservation;

/// How long after its turn began a request without a key counts as the repetition of another one, in seconds.
const RETRIED_WITHIN: i64 = 600;

/// The same after its turn ended. SDKs repeat within seconds.
const RETRIED_AFTER_END: i64 = 60;

/// How many items are read at once.
const PAGE: u8 = 100;

/// What a request led to.
pub(super) enum Started {
    /// A turn, which is to be run now.
    Running(Box<Running>),
    /// The turn that the same request had started before.
    Before(ResponseId),
}

/// A turn that was started.
pub(super) struct Running {
    /// The conversation as it is now.
    pub(super) head: ConversationHead,
    pub(super) turn: TurnItem,
    /// The end of the history, with what the user said.
    pub(super) records: Vec<ItemRecord>,
    /// What its first step may take.
    pub(super) reservation: Reservation,
}

/// Starts a turn.
///
/// # Errors
/// As [`super::respond`].
pub(super) async fn start(
    cx: &Context,
    caller: &Caller,
    config: &AgentModel,
    request: &TurnRequest,
) -> Result<Started, Problem> {
    if let Some(mode) = request.mode {
        require_mode(caller, mode)?;
    }
    let key = request.key.as_ref().map(digest::sha256);
    let new_id = new_id(cx, caller, request);
    let start = Start { cx, caller, config, request, key, new_id, input: request.digest() };
    retry_on_conflict(|| start.attempt()).await
}

struct Start<'a> {
    cx: &'a Context,
    caller: &'a Caller,
    config: &'a AgentModel,
    request: &'a TurnRequest,
    /// The digest of the idempotency key.
    key: Option<String>,
    /// The id of a conversation that the request starts.
    new_id: ConversationId,
    /// The digest of what the user says.
    input: String,
}

impl Start<'_> {
    async fn attempt(&self) -> Result<Attempt<Started>, Problem> {
        let previous = self.request.previous.as_ref();
        let named = self.request.conversation.clone().or(previous.map(ResponseId::conversation));
        let id = named.as_ref().unwrap_or(&self.new_id);
        let (head, known) = match &self.key {
            Some(key) => self.cx.store.turns().get_head_and_key(id, key).await?,
            None if named.is_none() && self.request.chat.is_none() => (None, None),
            None => (self.cx.store.conversations().get(id).await?, None),
        };
        let before = match (named.is_some(), head) {
            (false, None) => None,
            (_, head) => Some(owned(self.caller, head)?),
        };
        // Without a conversation there is but what is left of one that was deleted.
        if let Some(known) = known.filter(|_| before.is_some()) {
            return self.same_input(known).map(|id| Attempt::Done(Started::Before(id)));
        }
        let Some(before) = before else { return self.begin(None, Vec::new()).await };
        require_mode(self.caller, before.mode)?;
        if let Some(id) = self.repeated(&before).await? {
            return Ok(Attempt::Done(Started::Before(id)));
        }
        if previous.is_some() && before.last_response.as_ref() != previous {
            let detail = "That is not the last response of its conversation. Send the id of the last \
                          one, or the conversation alone.";
            return Err(Problem::new(Code::EditConflict, detail));
        }
        if !is_free(self.cx, &before).await? {
            return Ok(Attempt::Conflict);
        }
        let records = history(self.cx, &before, history_bytes(self.config.context_tokens)).await?;
        self.begin(Some(before), records).await
    }

    /// The turn that a key started, if it was for the same input.
    fn same_input(&self, known: TurnKey) -> Result<ResponseId, Problem> {
        if known.input == self.input {
            return Ok(known.response_id);
        }
        let message = "This key was used for another input. Send a new one for each request.";
        Err(Problem::invalid_field("idempotency_key", "reused", message))
    }

    /// The turn that this request started, if its client repeats it without a key. The same words may have been
    /// said twice, so the turn must follow the response that the request follows, and be a recent one.
    async fn repeated(&self, head: &ConversationHead) -> Result<Option<ResponseId>, Problem> {
        let last = head.turn.as_ref().or(head.last_response.as_ref());
        let Some(last) = last.filter(|_| self.request.is_retry) else { return Ok(None) };
        let (now, previous) = (self.cx.clock.now(), self.request.previous.as_ref());
        let (began, ended) =
            (now.plus_seconds(-RETRIED_WITHIN), now.plus_seconds(-RETRIED_AFTER_END));
        let turn = self.cx.store.turns().get(last).await?;
        let turn = turn.filter(|turn| {
            let follows = previous.is_none() || turn.previous.as_ref() == previous;
            let is_recent = turn.started_at >= began && turn.ended_at.is_none_or(|at| at >= ended);
            turn.input == self.input && follows && is_recent
        });
        Ok(turn.map(|turn| turn.id))
    }

    async fn begin(
        &self,
        before: Option<ConversationHead>,
        mut records: Vec<ItemRecord>,
    ) -> Result<Attempt<Started>, Problem> {
        let (cx, caller, now) = (self.cx, self.caller, self.cx.clock.now());
        let mut after = match &before {
            Some(before) => before.next(),
            None => {
                let mode = self.request.mode.unwrap_or_else(|| default_mode(caller));
                new_head(caller, self.new_id.clone(), mode, now)
            }
        };
        after.used_at = after.used_at.max(now);
        name(&mut after, &self.request.texts);
        let items = new_items(&mut after, now, self.request.texts.clone());
        if after.next_place >= MAX_ITEMS {
            let detail = format!(
                "A conversation takes {MAX_ITEMS} messages and calls, with those that were deleted. \
                 Start another one."
            );
            return Err(Problem::new(Code::LimitReached, detail));
        }
        records.extend(items.iter().cloned());
        let mut turn = TurnItem {
            id: ResponseId::new(&after.id, now),
            user_id: caller.user.id.clone(),
            model: self.config.model.clone(),
            status: TurnStatus::InProgress,
            reason: None,
            fault: None,
            input: self.input.clone(),
            first_place: after.next_place,
            next_place: after.next_place,
            usage: TurnUsage::default(),
            started_at: now,
            ended_at: None,
            lease_until: lease::until(now),
            cancel: false,
            previous: after.last_response.clone(),
            saying: None,
            reservation: None,
        };
        after.turn = Some(turn.id.clone());
        let running = require_room(cx, caller).await?;
        let messages = to_model(&records, history_bytes(self.config.context_tokens));
        let reservation = reservation(cx, caller, self.config, &messages);
        turn.reservation = Some(reservation.clone());
        let key = self.key.as_ref().map(|digest| TurnKey {
            digest: digest.clone(),
            response_id: turn.id.clone(),
            input: self.input.clone(),
        });
        let entry = entry(cx, caller, Event::ConversationStarted, &after.id);
        let new = NewTurn {
            before: before.as_ref(),
            after: &after,
            items: &items,
            turn: &turn,
            key: key.as_ref(),
            reservation: &reservation,
            running: &running,
            conversation: before.is_none().then_some((MAX_CONVERSATIONS, &entry)),
        };
        match cx.store.turns().start(&new).await {
            Ok(()) => {
                let running = Running { head: after, turn, records, reservation };
                Ok(Attempt::Done(Started::Running(Box::new(running))))
            }
            Err(WriteError::Conflict(TurnNotStarted::Conflict)) => Ok(Attempt::Conflict),
            Err(WriteError::Conflict(reason)) => Err(not_started(reason, reservation.tokens)),
            Err(WriteError::Store(error)) => Err(error.into()),
        }
    }
}

/// `tokens` are those that were to be reserved.
fn not_started(reason: TurnNotStarted, tokens: u64) -> Problem {
    match reason {
        TurnNotStarted::BudgetOfUser => budget_spent("Your", tokens),
        TurnNotStarted::BudgetOfSite => budget_spent("The publication's", tokens),
        TurnNotStarted::TooManyConversations => Problem::new(
            Code::LimitReached,
            format!("You have {MAX_CONVERSATIONS} conversations, as many as you may. Delete some."),
        ),
        TurnNotStarted::NoAccount => Problem::unauthenticated(true),
        TurnNotStarted::Conflict => crate::store::attempts::busy(),
    }
}

fn budget_spent(whose: &str, tokens: u64) -> Problem {
    let detail = format!(
        "{whose} monthly budget for the agent has less left than the {tokens} tokens that this message \
         and an answer to it may take. It is renewed on the first of the month (UTC); until then, an admin \
         can raise it."
    );
    Problem::new(Code::BudgetSpent, detail)
}

fn new_head(caller: &Caller, id: ConversationId, mode: AgentMode, now: Time) -> ConversationHead {
    ConversationHead {
        id,
        user_id: caller.user.id.clone(),
        title: None,
        title_from: None,
        mode,
        metadata: std::collections::BTreeMap::new(),
        created_at: now,
        used_at: now,
        version: 1,
        next_place: 0,
        turn: None,
        last_response: None,
    }
}

/// The end of a conversation, as much as a request to the model may use, oldest first.
async fn history(
    cx: &Context,
    head: &ConversationHead,
    most: usize,
) -> Result<Vec<ItemRecord>, Problem> {
    let (mut records, mut size, mut after): (Vec<ItemRecord>, _, _) = (Vec::new(), 0, None);
    loop {
        let page = cx.store.conversations().items(&head.id, after, false, PAGE).await?;
        let (items, has_more) = page;
        after = items.last().map(|record| record.item.id().place());
        size += items.iter().map(|record| record.item.bytes()).sum::<usize>();
        records.extend(items);
        // Twice as much, because what tools returned is made shorter.
        if !has_more || size / 2 > most {
            records.reverse();
            return Ok(records);
        }
    }
}
