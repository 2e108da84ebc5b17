//! The data of one-time codes (RFC 6238).

use serde::{Deserialize, Serialize};

/// What an account keeps for its codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TotpItem {
    /// The shared secret, sealed with the account secret.
    pub sealed: String,
    /// Whether the owner has shown that their app has it. Until then no code is asked for.
    pub confirmed: bool,
    /// The time step of the last code that was accepted: no code works twice.
    pub last_step: i64,
    /// The recovery codes that are left, as digests: they have 112 random bits.
    pub recovery: Vec<String>,
}

/// What a code that fits uses up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsedCode {
    /// A code of the app, and its time step.
    Step(i64),
    /// A recovery code, as its digest.
    Recovery(String),
}
