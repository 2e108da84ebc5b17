//! Which mails about proposals a person gets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a person is told of a proposal that waits for a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum WaitingMails {
    /// At once.
    #[default]
    AtOnce,
    /// Once a day, if something waits.
    Daily,
    /// Never.
    Off,
}

/// When a person is told what became of their proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum DecidedMails {
    /// At once.
    #[default]
    AtOnce,
    /// Never.
    Off,
}

/// Which mails about proposals a person gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notifications {
    /// Of proposals that wait for a decision: for editors and admins.
    #[serde(default)]
    pub waiting: WaitingMails,
    /// Of what was decided about the person's own proposals, and those of their agents.
    #[serde(default)]
    pub decided: DecidedMails,
}

/// What to change of them; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationChanges {
    /// Mails about proposals that wait for a decision. Editors and admins get them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingMails>,
    /// Mails about what was decided on your proposals, and on those of your agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<DecidedMails>,
}

impl Notifications {
    /// The same with these changes.
    #[must_use]
    pub fn with(self, changes: NotificationChanges) -> Self {
        Self {
            waiting: changes.waiting.unwrap_or(self.waiting),
            decided: changes.decided.unwrap_or(self.decided),
        }
    }
}

impl WaitingMails {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Off];

    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
            Self::Off => "off",
        }
    }
}

impl DecidedMails {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::AtOnce, Self::Off];

    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Off => "off",
        }
    }
}
