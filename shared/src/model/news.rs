//! What happens to proposals, as people are told of it.

use serde::{Deserialize, Serialize};

use super::{ProposalId, Time};

/// Something that happened to a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// What happened.
    pub event: NewsEvent,
}

/// What happened to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsEvent {
    /// It was made, and waits for a decision.
    Made,
    /// It was decided, and if it was approved, this is what follows.
    Decided(GoesLive),
}

/// When an approved revision goes live, as the person who approved it decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoesLive {
    /// It does not.
    No,
    /// At once.
    Now,
    /// At this time.
    At(Time),
}

impl News {
    /// Names it: a proposal is made once and decided once.
    #[must_use]
    pub fn id(&self) -> String {
        let event = match self.event {
            NewsEvent::Made => "made",
            NewsEvent::Decided(_) => "decided",
        };
        format!("{}#{event}", self.proposal_id)
    }
}

/// An hour of the clock, as `2026-01-05T09`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hour(String);

impl Hour {
    /// The hour of a time.
    #[must_use]
    pub fn of(time: Time) -> Self {
        Self(time.to_string().chars().take(13).collect())
    }

    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
