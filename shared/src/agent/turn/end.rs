//! How a turn ends.

use crate::agent::model::ModelError;
use crate::model::{TurnFault, TurnReason, TurnStatus};
use crate::store::turns::TurnItem;

/// How a turn ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Completed,
    Incomplete(TurnReason),
    Failed(TurnFault),
    Cancelled,
    /// Somebody else ended it, or deleted the conversation. There is nothing to write.
    Lost,
}

impl End {
    /// The end of a turn whose model did not answer.
    pub(super) fn of_model(turn: &TurnItem, error: &ModelError) -> Self {
        tracing::warn!(response = %turn.id, cause = chain(error), "the model did not answer");
        Self::Failed(if error.is_rate_limit() {
            TurnFault::RateLimitExceeded
        } else if error.is_refusal() {
            TurnFault::ModelRefused
        } else {
            TurnFault::ServerError
        })
    }

    /// Notes it at its turn. `false` if there is nothing to write.
    pub(super) fn note(self, turn: &mut TurnItem) -> bool {
        turn.status = match self {
            Self::Lost => return false,
            Self::Completed => TurnStatus::Completed,
            Self::Incomplete(reason) => {
                turn.reason = Some(reason);
                TurnStatus::Incomplete
            }
            Self::Failed(fault) => {
                turn.fault = Some(fault);
                TurnStatus::Failed
            }
            Self::Cancelled => TurnStatus::Cancelled,
        };
        true
    }
}

/// An error and all that lies behind it. None of it is text of a conversation.
fn chain(error: &ModelError) -> String {
    let first: &dyn std::error::Error = error;
    let causes = std::iter::successors(Some(first), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
