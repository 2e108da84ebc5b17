//! The aggregates of the store: one handle for each kind of item.

use super::Store;
use super::admins::Admins;
use super::api_keys::ApiKeys;
use super::audit::AuditLog;
use super::authors::Authors;
use super::confirmations::Confirmations;
use super::conversations::Conversations;
use super::email_changes::EmailChanges;
use super::invitations::Invitations;
use super::limits::RateLimits;
use super::live::{LivePosts, Slugs};
use super::media::MediaFiles;
use super::news::AllNews;
use super::oauth::{OAuthClients, OAuthCodes, OAuthConsents, OAuthGrants};
use super::outbox::Outbox;
use super::passkeys::Passkeys;
use super::passwords::Passwords;
use super::posts::Posts;
use super::preview_links::PreviewLinks;
use super::propagation::PropagationJobs;
use super::proposals::Proposals;
use super::redirects::Redirects;
use super::refusals::Refusals;
use super::registrations::Registrations;
use super::revisions::{Publications, Revisions};
use super::sessions::Sessions;
use super::settings::PublicationSettings;
use super::signing_keys::SigningKeys;
use super::tags::Tags;
use super::tokens::Tokens;
use super::totp::Totp;
use super::turns::{Turns, TurnsAtOnce};
use super::usage::Usages;
use super::users::{Erasures, Users};

impl Store {
    /// Passkeys.
    #[must_use]
    pub fn passkeys(&self) -> Passkeys<'_> {
        Passkeys(self)
    }

    /// The roster of admins.
    #[must_use]
    pub(super) fn admins(&self) -> Admins<'_> {
        Admins(self)
    }

    /// API keys.
    #[must_use]
    pub fn api_keys(&self) -> ApiKeys<'_> {
        ApiKeys(self)
    }

    /// The audit log.
    #[must_use]
    pub fn audit_log(&self) -> AuditLog<'_> {
        AuditLog(self)
    }

    /// Authors of published posts.
    #[must_use]
    pub fn authors(&self) -> Authors<'_> {
        Authors(self)
    }

    /// Conversations with the built-in agent.
    #[must_use]
    pub fn conversations(&self) -> Conversations<'_> {
        Conversations(self)
    }

    /// Turns of these conversations.
    #[must_use]
    pub fn turns(&self) -> Turns<'_> {
        Turns(self)
    }

    /// Which turns of a user run.
    #[must_use]
    pub fn turns_at_once(&self) -> TurnsAtOnce<'_> {
        TurnsAtOnce(self)
    }

    /// What users take from the agent's model.
    #[must_use]
    pub fn usages(&self) -> Usages<'_> {
        Usages(self)
    }

    /// Confirmations that an agent's request waits for.
    #[must_use]
    pub fn confirmations(&self) -> Confirmations<'_> {
        Confirmations(self)
    }

    /// Invitations that nobody has accepted yet.
    #[must_use]
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations(self)
    }

    /// Changes of an account's e-mail address.
    #[must_use]
    pub fn email_changes(&self) -> EmailChanges<'_> {
        EmailChanges(self)
    }

    /// Deleted accounts whose name is still on posts.
    #[must_use]
    pub fn erasures(&self) -> Erasures<'_> {
        Erasures(self)
    }

    /// Published posts, as readers see them.
    #[must_use]
    pub fn live_posts(&self) -> LivePosts<'_> {
        LivePosts(self)
    }

    /// Uploaded files.
    #[must_use]
    pub fn media(&self) -> MediaFiles<'_> {
        MediaFiles(self)
    }

    /// Registered OAuth clients.
    #[must_use]
    pub fn oauth_clients(&self) -> OAuthClients<'_> {
        OAuthClients(self)
    }

    /// OAuth authorization codes.
    #[must_use]
    pub fn oauth_codes(&self) -> OAuthCodes<'_> {
        OAuthCodes(self)
    }

    /// Consents of users to OAuth clients.
    #[must_use]
    pub fn oauth_consents(&self) -> OAuthConsents<'_> {
        OAuthConsents(self)
    }

    /// OAuth grants: the sessions of OAuth clients.
    #[must_use]
    pub fn oauth_grants(&self) -> OAuthGrants<'_> {
        OAuthGrants(self)
    }

    /// News of proposals.
    #[must_use]
    pub fn news(&self) -> AllNews<'_> {
        AllNews(self)
    }

    /// Mails that wait to be sent.
    #[must_use]
    pub fn outbox(&self) -> Outbox<'_> {
        Outbox(self)
    }

    /// Passwords of accounts.
    #[must_use]
    pub fn passwords(&self) -> Passwords<'_> {
        Passwords(self)
    }

    /// Posts, live or not.
    #[must_use]
    pub fn posts(&self) -> Posts<'_> {
        Posts(self)
    }

    /// Links that show posts before they are published.
    #[must_use]
    pub fn preview_links(&self) -> PreviewLinks<'_> {
        PreviewLinks(self)
    }

    /// Changes of tags and authors that are being carried to their posts.
    #[must_use]
    pub fn propagation_jobs(&self) -> PropagationJobs<'_> {
        PropagationJobs(self)
    }

    /// Proposed changes to posts.
    #[must_use]
    pub fn proposals(&self) -> Proposals<'_> {
        Proposals(self)
    }

    /// The history of what readers saw of a post.
    #[must_use]
    pub fn publications(&self) -> Publications<'_> {
        Publications(self)
    }

    /// Counters of refused requests.
    #[must_use]
    pub fn refusals(&self) -> Refusals<'_> {
        Refusals(self)
    }

    /// Buckets of the rate limits.
    #[must_use]
    pub fn rate_limits(&self) -> RateLimits<'_> {
        RateLimits(self)
    }

    /// Redirects from paths that the publication had elsewhere.
    #[must_use]
    pub fn redirects(&self) -> Redirects<'_> {
        Redirects(self)
    }

    /// Sign-ups whose e-mail address is not confirmed yet.
    #[must_use]
    pub fn registrations(&self) -> Registrations<'_> {
        Registrations(self)
    }

    /// Revisions of posts.
    #[must_use]
    pub fn revisions(&self) -> Revisions<'_> {
        Revisions(self)
    }

    /// Sessions of users.
    #[must_use]
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// The settings of the publication.
    #[must_use]
    pub fn settings(&self) -> PublicationSettings<'_> {
        PublicationSettings(self)
    }

    /// Public halves of signing keys.
    #[must_use]
    pub fn signing_keys(&self) -> SigningKeys<'_> {
        SigningKeys(self)
    }

    /// Slugs of posts, current and former.
    #[must_use]
    pub fn slugs(&self) -> Slugs<'_> {
        Slugs(self)
    }

    /// Tags.
    #[must_use]
    pub fn tags(&self) -> Tags<'_> {
        Tags(self)
    }

    /// One-time tokens of mailed links.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }

    /// Time-based one-time codes of accounts.
    #[must_use]
    pub fn totp(&self) -> Totp<'_> {
        Totp(self)
    }

    /// User accounts.
    #[must_use]
    pub fn users(&self) -> Users<'_> {
        Users(self)
    }
}
