//! The loop of a turn: ask the model, run the tools that it calls, ask again with what they returned.
//!
//! What is said or done is written down before anything builds on it: a message when it is complete, a
//! call before its tool runs. So a turn that ends anywhere leaves a history that says how far it came.

use std::sync::Arc;

use tokio::sync::watch;

use super::answer::{Answer, AnswerEnd, WantedCall, ask};
use super::bounds::{Bounds, MAX_OUTPUT_TOKENS, history_bytes};
use super::end::End;
use super::instructions;
use super::lease::{self, Signal, still_allowed};
use super::progress::Teller;
use super::spending::{Reserved, Spending};
use super::start::Running;
use super::tool_call::{self, Offered};
use crate::agent::history::{to_model, without_calls};
use crate::agent::model::{Model, ModelRequest};
use crate::agent::{MAX_ITEMS, Tools};
use crate::auth::{Actor, Caller, audit};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    AgentMode, ConversationItem, ConversationItemId, MessageStatus, ToolCall, TurnFault, TurnReason,
};
use crate::store::conversations::ItemRecord;
use crate::store::turns::TurnItem;

/// The one that runs a turn.
pub(super) struct Runner {
    cx: Context,
    caller: Caller,
    model: Arc<dyn Model>,
    tools: &'static dyn Tools,
    mode: AgentMode,
    turn: TurnItem,
    records: Vec<ItemRecord>,
    next_place: u32,
    spending: Spending,
    bounds: Bounds,
    told: Teller,
}

impl Runner {
    pub(super) fn new(
        cx: Context,
        caller: Caller,
        model: Arc<dyn Model>,
        tools: &'static dyn Tools,
        running: Running,
        told: Teller,
    ) -> Self {
        let Running { head, turn, records, reservation } = running;
        Self {
            cx,
            caller,
            model,
            tools,
            mode: head.mode,
            next_place: turn.next_place,
            turn,
            records,
            spending: Spending::new(reservation),
            bounds: Bounds::default(),
            told,
        }
    }

    /// Runs the turn to its end.
    ///
    /// # Errors
    /// 503 if the end could not be written down: the turn reads as interrupted then.
    pub(super) async fn run(mut self) -> Result<(), Problem> {
        let (tell, signal) = watch::channel(Signal::Run);
        let (cx, caller) = (self.cx.clone(), self.caller.clone());
        let (id, progress) = (self.turn.id.clone(), self.told.listen());
        let worked = tokio::select! {
            worked = self.work(signal) => worked,
            never = lease::renew(&cx, &caller, &id, tell, progress) => match never {},
        };
        let end = worked.unwrap_or_else(|problem| {
            tracing::error!(response = %id, cause = ?problem.cause, "a turn failed");
            End::Failed(TurnFault::ServerError)
        });
        // No texts: what people say to the agent is in no log.
        tracing::info!(
            response = %id,
            steps = self.bounds.steps,
            calls = self.bounds.calls,
            input = self.spending.used.input,
            output = self.spending.used.output,
            ?end,
            "a turn ended"
        );
        self.spending.settle(&cx, &id, None).await;
        self.turn.usage = self.spending.used;
        if !end.note(&mut self.turn) {
            return Ok(());
        }
        if !cx.store.turns().end(&self.turn, cx.clock.now()).await? {
            tracing::warn!(response = %id, "a turn was not its runner's any more when it ended");
        }
        Ok(())
    }

    async fn work(&mut self, mut signal: watch::Receiver<Signal>) -> Result<End, Problem> {
        loop {
            if self.bounds.step().is_err() {
                return Ok(End::Incomplete(TurnReason::MaxMessages));
            }
            // The first request was allowed a moment ago.
            if self.bounds.steps > 1
                && let Some(end) = self.read_rights().await?
            {
                return Ok(end);
            }
            let request = self.request();
            let (turn, messages) = (&self.turn.id, &request.messages);
            match self.spending.reserve(&self.cx, &self.caller, turn, messages).await? {
                Reserved::Done => {}
                Reserved::NoBudget => return Ok(End::Incomplete(TurnReason::BudgetSpent)),
                Reserved::Lost => return Ok(End::Lost),
            }
            let id = self.new_id();
            let telling = (&self.told, &id);
            let answer = ask(self.model.as_ref(), &request, &mut signal, telling).await;
            self.spending.settle(&self.cx, &self.turn.id, Some((&request, &answer))).await;
            if let Some(end) = self.take(answer, id, &mut signal).await? {
                return Ok(end);
            }
        }
    }

    fn request(&self) -> ModelRequest {
        let context = self.cx.config.agent.as_ref().map_or(0, |agent| agent.context_tokens);
        let messages = to_model(&self.records, history_bytes(context));
        let tools = self.tools.definitions(&self.actor());
        ModelRequest {
            system: instructions::text(&self.caller, self.mode, self.cx.clock.now()),
            messages: if tools.is_empty() { without_calls(messages) } else { messages },
            tools,
            max_output_tokens: MAX_OUTPUT_TOKENS,
            cache_key: self.turn.id.conversation().to_string(),
        }
    }

    /// Writes down an answer, and runs its calls. Returns how the turn ends, unless it goes on.
    async fn take(
        &mut self,
        answer: Answer,
        id: ConversationItemId,
        signal: &mut watch::Receiver<Signal>,
    ) -> Result<Option<End>, Problem> {
        if *signal.borrow() == Signal::Lost {
            return Ok(Some(End::Lost));
        }
        let step = self.next_place;
        let is_whole = matches!(answer.end, AnswerEnd::Done);
        if !answer.is_blank() {
            let status =
                if is_whole { MessageStatus::Completed } else { MessageStatus::Incomplete };
            let item = ConversationItem::of_agent(id, answer.text, status);
            if !self.add(item, step).await? {
                return Ok(Some(End::Lost));
            }
        }
        let end = match answer.end {
            AnswerEnd::Done if answer.calls.is_empty() => End::Completed,
            AnswerEnd::Done => return self.call_all(step, answer.calls, signal).await,
            AnswerEnd::Length => End::Incomplete(TurnReason::MaxOutputTokens),
            AnswerEnd::Filtered => End::Incomplete(TurnReason::ContentFilter),
            AnswerEnd::Failed(error) => End::of_model(&self.turn, &error),
            AnswerEnd::Stopped => return Ok(self.stops(signal)),
        };
        Ok(Some(end))
    }

    /// Runs the calls of an answer, one after the other: what one of them changes, the next one finds.
    async fn call_all(
        &mut self,
        step: u32,
        calls: Vec<WantedCall>,
        signal: &watch::Receiver<Signal>,
    ) -> Result<Option<End>, Problem> {
        for call in calls {
            if let Some(end) = self.stops(signal) {
                return Ok(Some(end));
            }
            if self.bounds.call(&call.name, &call.arguments).is_err() {
                return Ok(Some(End::Incomplete(TurnReason::MaxMessages)));
            }
            if let Some(end) = self.call(step, call).await? {
                return Ok(Some(end));
            }
        }
        Ok(self.stops(signal))
    }

    async fn call(&mut self, step: u32, wanted: WantedCall) -> Result<Option<End>, Problem> {
        // One place stays free for the answer.
        if self.next_place + 1 >= MAX_ITEMS {
            return Ok(Some(End::Incomplete(TurnReason::ConversationFull)));
        }
        if let Some(end) = self.read_rights().await? {
            return Ok(Some(end));
        }
        let (actor, unlimited) = (self.actor(), self.actor_in(AgentMode::Draft));
        let offered = Offered {
            tools: &self.tools.names(&actor),
            mode: self.mode,
            in_any_mode: &self.tools.names(&unlimited),
        };
        let prepared = tool_call::prepare(&offered, &wanted);
        if prepared.is_of_other_mode {
            let detail =
                format!("The mode of the conversation does not allow the tool {}.", prepared.name);
            audit::record_denied(&self.cx, &actor, &detail).await;
        }
        let call = ToolCall::new(self.new_id(), prepared.name, prepared.stored);
        let arguments = match prepared.arguments {
            Ok(arguments) => arguments,
            Err(fault) => {
                let item = ConversationItem::Call(call.failed(fault));
                return Ok((!self.add(item, step).await?).then_some(End::Lost));
            }
        };
        // Written down before it runs: a call that may have had an effect is never made again.
        if !self.add(ConversationItem::Call(call.clone()), step).await? {
            return Ok(Some(End::Lost));
        }
        let ended = tool_call::run(self.tools, &self.cx, &actor, call, &arguments).await;
        let record = ItemRecord { item: ConversationItem::Call(ended), step: Some(step) };
        let times = self.times();
        if !self.cx.store.turns().replace(&self.turn.id, &record, times).await? {
            return Ok(Some(End::Lost));
        }
        self.told.returned(record.item.clone());
        self.records.pop();
        self.records.push(record);
        Ok(None)
    }

    /// Reads anew what the person, the credential and the mode allow, and whether the user stopped the turn.
    /// Returns how it ends if it does not go on.
    async fn read_rights(&mut self) -> Result<Option<End>, Problem> {
        let (Some(head), Some(turn)) = self.cx.store.turns().get_with_head(&self.turn.id).await?
        else {
            return Ok(Some(End::Lost));
        };
        if turn.cancel {
            return Ok(Some(End::Cancelled));
        }
        self.mode = head.mode;
        let Some(caller) = still_allowed(&self.cx, &self.caller).await? else {
            return Ok(Some(End::Incomplete(TurnReason::AccessEnded)));
        };
        self.caller = caller;
        Ok(None)
    }

    fn actor(&self) -> Actor {
        self.actor_in(self.mode)
    }

    fn actor_in(&self, mode: AgentMode) -> Actor {
        let conversation = self.turn.id.conversation();
        Actor::agent(self.caller.clone(), mode, self.turn.model.clone(), conversation)
    }

    fn stops(&self, signal: &watch::Receiver<Signal>) -> Option<End> {
        match *signal.borrow() {
            Signal::Run => None,
            Signal::Cancelled => Some(End::Cancelled),
            Signal::AccessEnded => Some(End::Incomplete(TurnReason::AccessEnded)),
            Signal::TimeOver => Some(End::Incomplete(TurnReason::TimeLimit)),
            Signal::Stopping => Some(End::Incomplete(TurnReason::Interrupted)),
            Signal::Lost => Some(End::Lost),
        }
    }

    fn new_id(&self) -> ConversationItemId {
        ConversationItemId::at_place(self.cx.clock.now(), self.next_place)
    }

    fn times(&self) -> (crate::model::Time, crate::model::Time) {
        let now = self.cx.clock.now();
        (now, lease::until(now))
    }

    /// Writes down an item at the next place. `false` if the turn is lost.
    async fn add(&mut self, item: ConversationItem, step: u32) -> Result<bool, Problem> {
        let record = ItemRecord { item, step: Some(step) };
        let is_added = self.cx.store.turns().add(&self.turn.id, &record, self.times()).await?;
        if is_added {
            self.next_place += 1;
            self.told.added(record.item.clone());
            self.records.push(record);
        }
        Ok(is_added)
    }
}
