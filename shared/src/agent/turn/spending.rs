//! What a turn takes from the budgets: reserved before each request to the model, and settled after it.

use super::answer::Answer;
use super::bounds::{MAX_OUTPUT_TOKENS, request_tokens, tokens};
use crate::agent::history::bytes;
use crate::agent::model::{ModelMessage, ModelRequest};
use crate::auth::Caller;
use crate::config::AgentModel;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ResponseId, TurnUsage};
use crate::store::WriteError;
use crate::store::turns::TurnItem;
use crate::store::usage::{NotTaken, Reservation, Settlement, month};

/// How many times as many tokens as we expect a server may tell of a request. More is an error of its, and
/// would spend the budget of others.
const MOST_OF_REQUEST: u64 = 3;

/// The same of an answer, of which models that think tell more than it may have.
const MOST_OF_ANSWER: u64 = 8;

/// How many bytes a token has at most. A server that tells of fewer tokens than that makes is not believed.
const BYTES_OF_TOKEN: usize = 32;

/// What a request to the model with these messages may take.
pub(super) fn reservation(
    cx: &Context,
    caller: &Caller,
    config: &AgentModel,
    messages: &[ModelMessage],
) -> Reservation {
    Reservation {
        user: caller.user.id.clone(),
        month: month(cx.clock.now()),
        tokens: request_tokens(bytes(messages)) + u64::from(MAX_OUTPUT_TOKENS),
        user_budget: config.user_budget,
        site_budget: config.site_budget,
    }
}

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reserved {
    /// What it may take is reserved.
    Done,
    /// A budget does not have it.
    NoBudget,
    /// The turn is not its runner's any more.
    Lost,
}

/// What a turn has reserved and taken.
pub(super) struct Spending {
    /// What the next request may take, if that is reserved.
    reserved: Option<Reservation>,
    pub(super) used: TurnUsage,
}

impl Spending {
    /// Of a turn whose first request is reserved.
    pub(super) fn new(first: Reservation) -> Self {
        Self { reserved: Some(first), used: TurnUsage::default() }
    }

    /// Reserves what the next request of a turn, with these messages, may take, if it is not yet.
    pub(super) async fn reserve(
        &mut self,
        cx: &Context,
        caller: &Caller,
        turn: &ResponseId,
        messages: &[ModelMessage],
    ) -> Result<Reserved, Problem> {
        let Some(config) = &cx.config.agent else { return Ok(Reserved::NoBudget) };
        if self.reserved.is_none() {
            let reservation = reservation(cx, caller, config, messages);
            match cx.store.usages().take(&reservation, turn).await {
                Ok(()) => self.reserved = Some(reservation),
                Err(WriteError::Conflict(NotTaken::NoBudget)) => return Ok(Reserved::NoBudget),
                Err(WriteError::Conflict(NotTaken::Lost)) => return Ok(Reserved::Lost),
                Err(WriteError::Store(error)) => {
                    // It may be reserved all the same: then it is given back when the turn ends.
                    self.reserved = Some(reservation);
                    return Err(error.into());
                }
            }
        }
        Ok(Reserved::Done)
    }

    /// Settles what is reserved: with what an answer took, or with nothing. What cannot be settled now stays
    /// taken, and is settled when the user's next turn starts.
    pub(super) async fn settle(
        &mut self,
        cx: &Context,
        turn: &ResponseId,
        asked: Option<(&ModelRequest, &Answer)>,
    ) {
        let Some(reservation) = self.reserved.take() else { return };
        let used = asked.map_or_else(TurnUsage::default, |(request, answer)| used(request, answer));
        self.used = self.used.plus(used);
        let settlement = Settlement { reservation, used };
        if let Err(cause) = cx.store.usages().settle(turn, &settlement).await {
            let user = &settlement.reservation.user;
            tracing::error!(%user, ?cause, "tokens were not settled");
        }
    }
}

/// How what a turn has reserved is settled where its runner is gone or could not: it counts whole, because the request
/// may have been answered, and nobody knows at what length.
pub(super) fn unsettled(turn: &TurnItem) -> Option<Settlement> {
    let reservation = turn.reservation.clone()?;
    let output = u64::from(MAX_OUTPUT_TOKENS).min(reservation.tokens);
    let used = TurnUsage { input: reservation.tokens - output, output, ..TurnUsage::default() };
    Some(Settlement { reservation, used })
}

/// What an answer took: as the server says, within reason, or else as its length says.
fn used(request: &ModelRequest, answer: &Answer) -> TurnUsage {
    // The request was refused, or did not arrive.
    if !answer.may_be_paid {
        return TurnUsage::default();
    }
    let input = request_tokens(bytes(&request.messages));
    let output = tokens(answer.bytes);
    let Some(told) = answer.usage else {
        return TurnUsage { input, output, ..TurnUsage::default() };
    };
    let most_input = input.saturating_mul(MOST_OF_REQUEST);
    let most_output = u64::from(request.max_output_tokens) * MOST_OF_ANSWER;
    let is_enough = |tokens: &u64, bytes| *tokens >= least(bytes);
    let told_input = Some(told.input).filter(|told| is_enough(told, bytes(&request.messages)));
    let told_output = told.output.filter(|told| is_enough(told, answer.bytes));
    TurnUsage {
        input: told_input.unwrap_or(input).min(most_input),
        cached: told.cached.min(most_input),
        output: told_output.unwrap_or(output).min(most_output),
        reasoning: told.reasoning.min(most_output),
    }
}

/// How many tokens this many bytes have at least.
fn least(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(BYTES_OF_TOKEN)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::model::Usage;

    fn of(usage: Option<Usage>) -> TurnUsage {
        let messages = vec![ModelMessage::User("x".repeat(3000))];
        let request = ModelRequest { messages, ..ModelRequest::empty() };
        used(&request, &Answer { usage, bytes: 300, may_be_paid: true, ..Answer::default() })
    }

    #[test]
    fn what_a_server_tells_counts_within_reason() {
        let usage = |input, output| Usage { input, cached: input, output, reasoning: 0 };
        let told = of(Some(usage(20_000, Some(7900))));
        assert_eq!((told.input, told.cached, told.output), (20_000, 20_000, 7900));
        let told = of(Some(Usage { reasoning: u64::MAX, ..usage(u64::MAX, Some(u64::MAX)) }));
        assert_eq!((told.input, told.cached), (21_000, 21_000));
        assert_eq!((told.output, told.reasoning), (8000, 8000));
        assert_eq!(of(Some(usage(500, None))).output, 100, "by the length of the answer");
        let told = of(Some(usage(0, Some(0))));
        assert_eq!((told.input, told.output), (7000, 100), "nothing is said in no token");
        let told = of(Some(usage(94, Some(10))));
        assert_eq!((told.input, told.output), (94, 10), "long tokens");
        let told = of(Some(usage(93, Some(9))));
        assert_eq!((told.input, told.output), (7000, 100), "longer than tokens are");
        // The instructions and the tools are a part of what was sent.
        assert_eq!((of(None).input, of(None).output), (7000, 100));
    }

    #[test]
    fn what_was_not_sent_costs_nothing() {
        assert_eq!(used(&ModelRequest::empty(), &Answer::default()), TurnUsage::default());
    }
}
