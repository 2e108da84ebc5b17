//! Security events: who did what, to what, from where, when, and with what outcome.
//!
//! An entry never holds a secret, a token, a password or the text of a request (ASVS 16.2.5).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ApiKeyId, AuditId, By, GrantId, Name, Representation, Time, User, UserId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Event {
    /// Somebody signed up.
    Registered,
    /// An address was confirmed, and the account created.
    EmailVerified,
    /// A sign-in.
    SignedIn,
    /// A sign-out.
    SignedOut,
    /// A sign-out everywhere.
    SignedOutEverywhere,
    /// A session was ended by its owner.
    SessionRevoked,
    /// A spent refresh token was used again; its session was ended.
    RefreshReused,
    /// A link or code to sign in with was requested.
    SignInLinkRequested,
    /// A password reset was requested.
    ResetRequested,
    /// A password was reset.
    PasswordReset,
    /// A password was changed by its owner.
    PasswordChanged,
    /// One-time codes were turned on.
    TotpEnabled,
    /// One-time codes were turned off.
    TotpDisabled,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A change of e-mail address was requested.
    EmailChangeRequested,
    /// An e-mail address was changed.
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
    /// An API key was created.
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
    /// A request was not allowed.
    AccessDenied,
    /// The signing keys were rotated.
    KeysRotated,
    /// A post was created.
    PostCreated,
    /// A post was changed.
    PostUpdated,
    /// A post was published.
    PostPublished,
    /// A post was unpublished.
    PostUnpublished,
    /// A post was scheduled.
    PostScheduled,
    /// A schedule was cancelled.
    PostUnscheduled,
    /// A post was moved to the trash.
    PostTrashed,
    /// A post was restored from the trash.
    PostRestored,
    /// A post was deleted for good, after its time in the trash.
    PostPurged,
    /// A change was proposed.
    ProposalMade,
    /// A proposal was approved.
    ProposalApproved,
    /// A proposal was rejected.
    ProposalRejected,
    /// A proposal was withdrawn.
    ProposalWithdrawn,
    /// A tag was created.
    TagCreated,
    /// A tag was renamed, described or merged.
    TagChanged,
    /// A tag was deleted.
    TagDeleted,
    /// The publication's settings were changed.
    SettingsChanged,
    /// An upload was announced.
    MediaCreated,
    /// An upload was checked, and published or rejected.
    MediaCompleted,
    /// The description of a media item was changed.
    MediaUpdated,
    /// A media item was deleted.
    MediaDeleted,
}

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Outcome {
    /// It succeeded.
    Success,
    /// It was rejected.
    Refused,
}

/// An entry of the security log.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// The entry's id. Ids sort by time.
    pub id: AuditId,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub event: Event,
    /// The outcome.
    pub outcome: Outcome,
    /// The account that acted; null if it is not known.
    #[serde(default)]
    pub actor: Option<UserId>,
    /// The name of its owner then; null if it was not at hand, and once the account was deleted.
    #[serde(default)]
    pub actor_name: Option<Name>,
    /// The API key that was used; otherwise null.
    #[serde(default)]
    pub api_key: Option<ApiKeyId>,
    /// The name of the API key; null once the account was deleted.
    #[serde(default)]
    pub api_key_name: Option<Name>,
    /// The grant of the app that did it, if an app did it.
    #[serde(default)]
    pub grant: Option<GrantId>,
    /// The id of what it was done to: an account, session, key, post, ...
    #[serde(default)]
    pub subject: Option<String>,
    /// Details in a few words.
    #[serde(default)]
    pub detail: Option<Cow<'static, str>>,
    /// For `access_denied`: how many times the account was refused for this reason in this hour, so far.
    /// There are entries for the 1st, 10th, 100th … time. Otherwise null.
    #[serde(default)]
    pub count: Option<u64>,
    /// The client's IP address.
    #[serde(default)]
    pub ip: Option<String>,
    /// The client's `User-Agent`, shortened.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// The id of the request.
    pub request_id: String,
}

impl Representation for AuditEntry {}

impl AuditEntry {
    /// By whom, where the account itself is not at hand.
    #[must_use]
    pub fn by(mut self, actor: &UserId) -> Self {
        self.actor = Some(actor.clone());
        self
    }

    /// By the owner of this account.
    #[must_use]
    pub fn by_user(mut self, user: &User) -> Self {
        self.actor_name = Some(user.name.clone());
        self.by(&user.id)
    }

    /// By somebody who decided it earlier.
    #[must_use]
    pub fn by_earlier(mut self, by: &By) -> Self {
        self.actor_name = by.user_name.clone();
        (self.api_key, self.api_key_name) = (by.api_key_id.clone(), by.api_key_name.clone());
        self.grant = by.grant_id.clone();
        self.by(&by.user_id)
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

    /// It was rejected.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }
}
