//! What a turn takes from the budgets: reserved before each request to the model, and settled after it.

use super::answer::Answer;
use super::bounds::{CONTEXT_BYTES, MAX_OUTPUT_TOKENS, tokens};
use crate::agent::history::{bytes, to_model};
use crate::agent::model::ModelRequest;
use crate::auth::Caller;
use crate::config::AgentModel;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::TurnUsage;
use crate::store::conversations::ItemRecord;
use crate::store::usage::{Reservation, Settlement, month};

/// The instructions and the definitions of tools, in tokens.
const CONSTANT: u64 = 6000;

/// What a request to the model with this history may take.
pub(super) fn reservation(
    cx: &Context,
    caller: &Caller,
    config: &AgentModel,
    records: &[ItemRecord],
) -> Reservation {
    let history = tokens(bytes(&to_model(records, CONTEXT_BYTES)));
    Reservation {
        user: caller.user.id.clone(),
        month: month(cx.clock.now()),
        tokens: CONSTANT + history + u64::from(MAX_OUTPUT_TOKENS),
        user_budget: config.user_budget,
        site_budget: config.site_budget,
    }
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

    /// Reserves what the next request may take, if it is not yet. `false` if a budget does not have it.
    pub(super) async fn reserve(
        &mut self,
        cx: &Context,
        caller: &Caller,
        records: &[ItemRecord],
    ) -> Result<bool, Problem> {
        let Some(config) = &cx.config.agent else { return Ok(false) };
        if self.reserved.is_none() {
            let reservation = reservation(cx, caller, config, records);
            if cx.store.usages().take(&reservation).await? {
                self.reserved = Some(reservation);
            }
        }
        Ok(self.reserved.is_some())
    }

    /// Settles what is reserved: with what an answer took, or with nothing. What cannot be settled stays
    /// taken.
    pub(super) async fn settle(&mut self, cx: &Context, asked: Option<(&ModelRequest, &Answer)>) {
        let Some(reservation) = self.reserved.take() else { return };
        let used = asked.map_or_else(TurnUsage::default, |(request, answer)| used(request, answer));
        self.used = self.used.plus(used);
        let Reservation { user, month, tokens: reserved, .. } = reservation;
        let settlement = Settlement { user, month, reserved, used };
        if let Err(cause) = cx.store.usages().settle(&settlement).await {
            tracing::error!(user = %settlement.user, ?cause, "tokens were not settled");
        }
    }
}

/// What an answer took: as the server says, or else as its length says.
fn used(request: &ModelRequest, answer: &Answer) -> TurnUsage {
    match answer.usage {
        Some(usage) => TurnUsage {
            input: usage.input,
            cached: usage.cached,
            output: usage.output,
            reasoning: usage.reasoning,
        },
        // The request was refused, or did not arrive.
        None if !answer.has_begun => TurnUsage::default(),
        None => TurnUsage {
            input: tokens(request.system.len() + bytes(&request.messages)),
            output: tokens(answer.bytes),
            ..TurnUsage::default()
        },
    }
}
