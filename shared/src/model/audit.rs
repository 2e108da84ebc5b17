//! Security events: who did what, to what, from where, when, and with what outcome.
//!
//! An entry never holds a secret, a token, a password or the text of a request (ASVS 16.2.5).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ActorKind, ApiKeyId, AuditId, By, ConversationId, GrantId, Name, Representation, Time, User,
    UserId,
};

macro_rules! events {
    ($(#[$doc:meta] $name:ident = $text:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(inline)]
        pub enum Event {
            $(#[$doc] #[serde(rename = $text)] $name,)*
        }

        impl Event {
            /// Every kind of event.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

events! {
    /// Somebody signed up.
    Registered = "registered",
    /// An address was confirmed, and the account created.
    EmailVerified = "email_verified",
    /// An admin invited somebody.
    Invited = "invited",
    /// An admin withdrew an invitation.
    InvitationWithdrawn = "invitation_withdrawn",
    /// An invitation was accepted, and the account created.
    InvitationAccepted = "invitation_accepted",
    /// A sign-in.
    SignedIn = "signed_in",
    /// A sign-out.
    SignedOut = "signed_out",
    /// A sign-out everywhere.
    SignedOutEverywhere = "signed_out_everywhere",
    /// A session was ended by its owner.
    SessionRevoked = "session_revoked",
    /// A spent refresh token was used again; its session was ended.
    RefreshReused = "refresh_reused",
    /// A link or code to sign in with was requested.
    SignInLinkRequested = "sign_in_link_requested",
    /// A password reset was requested.
    ResetRequested = "reset_requested",
    /// A password was reset.
    PasswordReset = "password_reset",
    /// A password was changed by its owner.
    PasswordChanged = "password_changed",
    /// One-time codes were turned on.
    TotpEnabled = "totp_enabled",
    /// One-time codes were turned off.
    TotpDisabled = "totp_disabled",
    /// A passkey was added.
    PasskeyAdded = "passkey_added",
    /// A passkey was removed.
    PasskeyRemoved = "passkey_removed",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// A change of e-mail address was requested.
    EmailChangeRequested = "email_change_requested",
    /// An e-mail address was changed.
    EmailChanged = "email_changed",
    /// An account's profile was changed.
    ProfileChanged = "profile_changed",
    /// An account was deleted by its owner.
    AccountDeleted = "account_deleted",
    /// An admin changed an account's role.
    RoleChanged = "role_changed",
    /// An admin disabled an account.
    AccountDisabled = "account_disabled",
    /// An admin enabled an account.
    AccountEnabled = "account_enabled",
    /// An API key was created.
    ApiKeyCreated = "api_key_created",
    /// An API key was revoked.
    ApiKeyRevoked = "api_key_revoked",
    /// An OAuth client registered.
    ClientRegistered = "client_registered",
    /// A user authorized an app.
    ConsentGiven = "consent_given",
    /// An app got tokens after a user authorized it.
    GrantIssued = "grant_issued",
    /// An app's grant was revoked.
    GrantRevoked = "grant_revoked",
    /// An authorization code was used a second time; its grant was ended.
    CodeReplayed = "code_replayed",
    /// A request was not allowed.
    AccessDenied = "access_denied",
    /// The signing keys were rotated.
    KeysRotated = "keys_rotated",
    /// A post was created.
    PostCreated = "post_created",
    /// A post was changed.
    PostUpdated = "post_updated",
    /// A post was published.
    PostPublished = "post_published",
    /// A post was unpublished.
    PostUnpublished = "post_unpublished",
    /// The date or the author of a post was changed.
    PostDateOrAuthorChanged = "post_date_or_author_changed",
    /// A post was scheduled.
    PostScheduled = "post_scheduled",
    /// A schedule was cancelled.
    PostUnscheduled = "post_unscheduled",
    /// A post was moved to the trash.
    PostTrashed = "post_trashed",
    /// A post was restored from the trash.
    PostRestored = "post_restored",
    /// A post was deleted for good, after its time in the trash.
    PostPurged = "post_purged",
    /// A preview link was made.
    PreviewLinkMade = "preview_link_made",
    /// A preview link was revoked.
    PreviewLinkRevoked = "preview_link_revoked",
    /// A conversation with the built-in agent was started.
    ConversationStarted = "conversation_started",
    /// The title, mode or metadata of a conversation was changed, or a message was removed.
    ConversationChanged = "conversation_changed",
    /// A conversation was deleted.
    ConversationDeleted = "conversation_deleted",
    /// A change was proposed.
    ProposalMade = "proposal_made",
    /// A proposal was approved.
    ProposalApproved = "proposal_approved",
    /// A proposal was rejected.
    ProposalRejected = "proposal_rejected",
    /// A proposal was withdrawn.
    ProposalWithdrawn = "proposal_withdrawn",
    /// A tag was created.
    TagCreated = "tag_created",
    /// A tag was renamed, described or merged.
    TagChanged = "tag_changed",
    /// A tag was deleted.
    TagDeleted = "tag_deleted",
    /// The publication's settings were changed.
    SettingsChanged = "settings_changed",
    /// An upload was announced.
    MediaCreated = "media_created",
    /// An upload was checked, and published or rejected.
    MediaCompleted = "media_completed",
    /// The description of a media item was changed.
    MediaUpdated = "media_updated",
    /// A media item was deleted.
    MediaDeleted = "media_deleted",
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
    /// The name of that app when it was authorized; otherwise null.
    #[serde(default)]
    pub client_name: Option<String>,
    /// The built-in agent, if it did it for the account; otherwise null.
    #[serde(default)]
    pub agent: Option<AuditAgent>,
    /// The id of what it was done to: an account, session, key, post, ...
    #[serde(default)]
    pub subject: Option<String>,
    /// What that was called then, if it is a key, an app, a file or post that was deleted, or an invitation,
    /// which is called by its address. Null once the account was deleted that acted or has the address.
    #[serde(default)]
    pub subject_name: Option<String>,
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

/// The built-in agent, as an entry names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditAgent {
    /// Its model.
    pub model: Option<String>,
    /// The conversation in which it acted. It is its owner's alone.
    pub conversation_id: Option<ConversationId>,
}

impl AuditAgent {
    /// The agent, if it is what acted.
    #[must_use]
    pub fn of(by: &By) -> Option<Self> {
        let (model, conversation_id) = (by.model.clone(), by.conversation_id.clone());
        (by.kind == ActorKind::Agent).then_some(Self { model, conversation_id })
    }
}

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
        self.client_name = by.client.clone().filter(|_| by.grant_id.is_some());
        self.agent = AuditAgent::of(by);
        self.by(&by.user_id)
    }

    /// To what.
    #[must_use]
    pub fn about(mut self, subject: impl ToString) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// And what that is called.
    #[must_use]
    pub fn named(mut self, name: impl ToString) -> Self {
        self.subject_name = Some(name.to_string());
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
