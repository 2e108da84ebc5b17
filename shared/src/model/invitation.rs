//! Invitations: who may make an account, and with which role.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Email, InvitationId, Name, Representation, Role, Time, UserId};

/// An invitation that nobody has accepted yet.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Invitation {
    /// The id. Ids sort by time.
    pub id: InvitationId,
    /// The address that it was sent to. The account will have this address.
    pub email: Email,
    /// The name of the future account; null if the invited person is to choose it.
    pub name: Option<Name>,
    /// The role of the future account.
    pub role: Role,
    /// The admin who sent it.
    pub invited_by: UserId,
    /// The admin's name; null if the account was deleted.
    pub invited_by_name: Option<Name>,
    /// Whether its link works: it does not once the account of the admin was disabled, deleted or no longer an
    /// admin's, or all its sessions have ended, as by a new password.
    pub valid: bool,
    /// When it was sent.
    pub created_at: Time,
    /// When it expires.
    pub expires_at: Time,
}

impl Representation for Invitation {}
