//! Security events: who did what, to what, from where, when, and with what outcome.
//!
//! An entry never holds a secret, a token, a password or the text of a request (ASVS 16.2.5).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ApiKeyId, AuditId, GrantId, Representation, Time, UserId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Event {
    /// Somebody asked for an account.
    Registered,
    /// An address was confirmed and an account made.
    EmailVerified,
    /// A sign-in.
    SignedIn,
    /// A sign-out.
    SignedOut,
    /// Every session of an account was ended.
    SignedOutEverywhere,
    /// One session was ended by its owner.
    SessionRevoked,
    /// A spent refresh token came back; its session was ended.
    RefreshReused,
    /// A mail to reset a password was asked for.
    ResetRequested,
    /// A password was replaced by mail.
    PasswordReset,
    /// A password was changed by its owner.
    PasswordChanged,
    /// One-time codes were switched on.
    TotpEnabled,
    /// One-time codes were switched off.
    TotpDisabled,
    /// A recovery code was used up.
    RecoveryCodeUsed,
    /// Another address was asked for.
    EmailChangeRequested,
    /// An account has another address.
    EmailChanged,
    /// An account's profile was changed.
    ProfileChanged,
    /// An account was deleted by its owner.
    AccountDeleted,
    /// An admin changed an account's role.
    RoleChanged,
    /// An admin disabled an account.
    AccountDisabled,
    /// An admin enabled an account.
    AccountEnabled,
    /// An API key was made.
    ApiKeyCreated,
    /// An API key was revoked.
    ApiKeyRevoked,
    /// An OAuth client registered.
    ClientRegistered,
    /// A user authorized an app.
    ConsentGiven,
    /// An app got tokens after a user authorized it.
    GrantIssued,
    /// An app's grant was revoked.
    GrantRevoked,
    /// An authorization code was used a second time; its grant was ended.
    CodeReplayed,
    /// Somebody without the right asked for something.
    AccessDenied,
    /// The signing keys were rotated.
    KeysRotated,
    /// A post was created.
    PostCreated,
    /// A post was changed.
    PostUpdated,
    /// A post was published.
    PostPublished,
    /// A post was taken down.
    PostUnpublished,
    /// An appointment was made for a post to go live.
    PostScheduled,
    /// An appointment was called off.
    PostUnscheduled,
    /// A post was put into the trash.
    PostTrashed,
    /// A post was taken out of the trash.
    PostRestored,
    /// A change was proposed.
    ProposalMade,
    /// A proposal was approved.
    ProposalApproved,
    /// A proposal was rejected.
    ProposalRejected,
    /// A proposal was withdrawn.
    ProposalWithdrawn,
    /// A tag was made by an editor.
    TagCreated,
    /// A tag was renamed, described or merged.
    TagChanged,
    /// A tag was removed.
    TagDeleted,
    /// The publication's settings were changed.
    SettingsChanged,
    /// An upload was announced.
    MediaCreated,
    /// An upload was looked at, and published or refused.
    MediaCompleted,
    /// What is said about an upload was changed.
    MediaUpdated,
    /// An upload was deleted.
    MediaDeleted,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused.
    Refused,
}

/// One entry of the log.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// Its id; ids sort by time.
    pub id: AuditId,
    /// When.
    pub at: Time,
    /// What.
    pub event: Event,
    /// With what outcome.
    pub outcome: Outcome,
    /// Who did it, where that is known.
    #[serde(default)]
    pub actor: Option<UserId>,
    /// The API key that they did it with, where it was one.
    #[serde(default)]
    pub api_key: Option<ApiKeyId>,
    /// The grant of the app that did it, if an app did it.
    #[serde(default)]
    pub grant: Option<GrantId>,
    /// What it was done to: the id of an account, session, key or post.
    #[serde(default)]
    pub subject: Option<String>,
    /// Something more in words of ours.
    #[serde(default)]
    pub detail: Option<Cow<'static, str>>,
    /// The peer's address.
    #[serde(default)]
    pub ip: Option<String>,
    /// What the peer calls itself, shortened.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// The request.
    pub request_id: String,
}

impl Representation for AuditEntry {}

impl AuditEntry {
    /// By whom.
    #[must_use]
    pub fn by(mut self, actor: &UserId) -> Self {
        self.actor = Some(actor.clone());
        self
    }

    /// To what.
    #[must_use]
    pub fn about(mut self, subject: impl ToString) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// And why, or how.
    #[must_use]
    pub fn with(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// It was refused.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }
}
