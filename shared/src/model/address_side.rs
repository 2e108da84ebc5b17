//! Sides of a change of an e-mail address.

use serde::{Deserialize, Serialize};

/// One of the two addresses that take part in a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressSide {
    /// The current address of the account.
    Old,
    /// The address that it is to have.
    New,
}

impl AddressSide {
    /// The other one of the two.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}
