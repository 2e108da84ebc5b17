//! What happens to proposals and schedules, as people are told of it.

use serde::{Deserialize, Serialize};

use super::{PostId, ProposalId, ScheduleId, Time, UserId};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum News {
    /// Something happened to a proposal.
    Proposal {
        /// The proposal.
        proposal_id: ProposalId,
        /// What happened.
        event: NewsEvent,
    },
    /// A schedule ended, and its text did not go live.
    ScheduleEnded(EndedSchedule),
}

/// A schedule that ended without its text going live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedSchedule {
    /// The post.
    pub post_id: PostId,
    /// The schedule.
    pub schedule_id: ScheduleId,
    /// The account that made it.
    pub made_by: UserId,
    /// When the text was to go live.
    pub publish_at: Time,
    /// Why it did not, and what to do next.
    pub reason: String,
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
    /// Names it: a proposal is made once and decided once, and a schedule ends once.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Proposal { proposal_id, event: NewsEvent::Made } => format!("{proposal_id}#made"),
            Self::Proposal { proposal_id, event: NewsEvent::Decided(_) } => {
                format!("{proposal_id}#decided")
            }
            Self::ScheduleEnded(ended) => format!("{}#{}", ended.post_id, ended.schedule_id),
        }
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
