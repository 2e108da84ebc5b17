//! Rate limits: every limit, who counts as one subject, and what a caller is told.
//!
//! A limit that cannot be asked refuses (ASVS 16.5.3): where a password or a token could be guessed,
//! no answer from the database means 503, not a free try.

use std::time::Duration;

use http::header::{HeaderValue, RETRY_AFTER};

use super::caller::{Caller, Credential};
pub use super::limit_subjects::{account, address, caller, credential, neighbourhood, network};
use crate::context::Context;
use crate::http::headers::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::http::problem::{Code, Problem};
use crate::model::{Email, RateLimit, Subject};
use crate::permission::{Action, Permission, Table};
use crate::store::limits::{Decision, State};

/// What taking from a bucket needs: the buckets alone, and no other item of the table.
pub const LIMIT_PERMISSION: Permission =
    Permission::Items(Table::Identity, crate::store::keys::LIMIT_PREFIX, &[Action::UpdateItem]);

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;

/// Sign-ins from one network with a password, except from known devices.
pub const LOGIN_NETWORK: RateLimit = RateLimit::new("login-network", 30, MINUTE);
/// Wrong passwords for one address from one network.
pub const LOGIN_ADDRESS_NETWORK: RateLimit =
    RateLimit::new("login-address-network", 5, 15 * MINUTE);
/// Wrong passwords for one address from anywhere. A device that has signed in before is not held
/// to it, so that a stranger cannot lock the owner out.
pub const LOGIN_ADDRESS: RateLimit = RateLimit::new("login-address", 50, HOUR);
/// Wrong passwords from one device that has signed in before.
pub const LOGIN_DEVICE: RateLimit = RateLimit::new("login-device", 10, 15 * MINUTE);
/// Wrong passwords for one address from all its devices together.
pub const LOGIN_DEVICES: RateLimit = RateLimit::new("login-devices", 50, HOUR);
/// Wrong one-time codes for one account, after its password or a mailed link was right. Strangers with
/// the password, known devices and mailed links each have a bucket of their own.
pub const LOGIN_CODE: RateLimit = RateLimit::new("login-code", 10, 15 * MINUTE);
/// Answers of passkeys from one network that are not accepted.
pub const PASSKEY_NETWORK: RateLimit = RateLimit::new("passkey-network", 30, MINUTE);
/// Warnings to the owner of an account whose password somebody guesses at.
pub const WARN_ADDRESS: RateLimit = RateLimit::new("warn-address", 1, 24 * HOUR);
/// Mails that one account asks for.
pub const MAIL_ACCOUNT: RateLimit = RateLimit::new("mail-account", 5, HOUR);
/// Invitations that one admin sends.
pub const INVITE_ACCOUNT: RateLimit = RateLimit::new("invite-account", 60, HOUR);
/// Sign-ups and requests for mail from one network.
pub const MAIL_NETWORK: RateLimit = RateLimit::new("mail-network", 20, HOUR);
/// Requests for mail to one address from one [neighbourhood].
pub const MAIL_ADDRESS_NETWORK: RateLimit = RateLimit::new("mail-address-network", 5, HOUR);
/// Mails of one kind to one address, from anywhere. Strangers can use it up, so a mail must always be
/// newer than its link is valid: one every two minutes is.
pub const MAIL_ADDRESS: RateLimit = RateLimit::new("mail-address", 5, 10 * MINUTE);
/// Mailed tokens from one network that do not exist.
pub const TOKEN_NETWORK: RateLimit = RateLimit::new("token-network", 30, MINUTE);
/// Uses of one mailed token that exists, successful or not.
pub const TOKEN: RateLimit = RateLimit::new("token", 30, MINUTE);
/// Refreshes from one network.
pub const REFRESH_NETWORK: RateLimit = RateLimit::new("refresh-network", 120, MINUTE);
/// Requests for authorization from one network, each of which may fetch a document.
pub const AUTHORIZE_NETWORK: RateLimit = RateLimit::new("authorize-network", 60, MINUTE);
/// Calls of the token, revocation and introspection endpoints from one network: a hosted agent
/// speaks for many users.
pub const OAUTH_NETWORK: RateLimit = RateLimit::new("oauth-network", 300, MINUTE);
/// OAuth clients that register from one network.
pub const REGISTER_NETWORK: RateLimit = RateLimit::new("register-network", 60, HOUR);
/// Passwords and codes that a signed-in user gives again, and passwords given with the link that
/// confirms a new e-mail address.
pub const CONFIRM_ACCOUNT: RateLimit = RateLimit::new("confirm-account", 10, 15 * MINUTE);
/// Writes of one [caller].
pub const WRITE_ACCOUNT: RateLimit =
    RateLimit::new("write-account", 120, MINUTE).with_agents(&WRITE_AGENTS);
/// Writes of all API keys and apps of one account.
pub const WRITE_AGENTS: RateLimit = RateLimit::new("write-agents", 300, MINUTE);

/// Comparisons of revisions, and reviews, for one [caller], over REST and MCP together, and looks for the posts
/// that use a file. A comparison may compute for a second, a review also renders a text, and a look reads the
/// heads of all posts.
pub const COMPARE_ACCOUNT: RateLimit =
    RateLimit::new("compare-account", 60, MINUTE).with_agents(&COMPARE_AGENTS);
/// The same for all API keys and apps of one account.
pub const COMPARE_AGENTS: RateLimit = RateLimit::new("compare-agents", 150, MINUTE);

/// Previews of a text that one [caller] is writing: each renders it.
pub const PREVIEW_ACCOUNT: RateLimit =
    RateLimit::new("preview-account", 120, MINUTE).with_agents(&PREVIEW_AGENTS);
/// The same for all API keys and apps of one account.
pub const PREVIEW_AGENTS: RateLimit = RateLimit::new("preview-agents", 300, MINUTE);

/// Visits of preview links from one network: each renders a text, for up to a second.
pub const PREVIEW_NETWORK: RateLimit = RateLimit::new("preview-network", 60, MINUTE);

/// Messages of one [caller] to the built-in agent: each is several requests to its model.
pub const RESPOND_ACCOUNT: RateLimit =
    RateLimit::new("respond-account", 20, MINUTE).with_agents(&RESPOND_AGENTS);
/// The same for all API keys and apps of one account.
pub const RESPOND_AGENTS: RateLimit = RateLimit::new("respond-agents", 50, MINUTE);

/// Looks at how far the built-in agent is, for one account: of a page of the Desk, which looks once a second and
/// renders an answer each time, and of streams that begin to follow one.
pub const FOLLOW_ACCOUNT: RateLimit = RateLimit::new("follow-account", 240, MINUTE);

/// Requests over MCP of one API key or app.
pub const MCP_TOKEN: RateLimit = RateLimit::new("mcp-token", 120, MINUTE).with_agents(&MCP_ACCOUNT);
/// Requests over MCP in the name of one account, by all its API keys and apps.
pub const MCP_ACCOUNT: RateLimit = RateLimit::new("mcp-account", 300, MINUTE);

/// Counts a request of `subject`.
///
/// # Errors
/// 429 if the limit is reached; 503 if the database does not answer.
pub async fn acquire(cx: &Context, policy: &RateLimit, subject: &Subject) -> Result<(), Problem> {
    if !cx.config.rate_limits {
        return Ok(());
    }
    let now = cx.clock.now();
    match cx.store.rate_limits().acquire(policy, subject, State::Empty, now).await? {
        Decision::Allowed { .. } => Ok(()),
        Decision::Denied { retry_after } => Err(refusal(policy, retry_after)),
    }
}

/// Counts a request of a [caller]: an API key or app also for all those of its account together.
///
/// # Errors
/// As [`acquire`].
pub async fn acquire_of(cx: &Context, policy: &RateLimit, who: &Caller) -> Result<(), Problem> {
    // Boxed, as it is called from deep within the tools: the stack of a debug build would not hold both.
    Box::pin(acquire_again(cx, policy, &caller(who))).await?;
    match (&who.credential, policy.agents) {
        (Credential::ApiKey { .. } | Credential::Grant { .. }, Some(together)) => {
            Box::pin(acquire_again(cx, together, &account(&who.user.id))).await
        }
        _ => Ok(()),
    }
}

/// Counts a request as [`acquire`] does. A process that has counted one of the subject a moment ago needs one
/// call instead of two: pages of the Desk may make seven.
async fn acquire_again(cx: &Context, policy: &RateLimit, who: &Subject) -> Result<(), Problem> {
    if !cx.config.rate_limits {
        return Ok(());
    }
    let (now, key) = (cx.clock.now(), (policy.name, who.clone()));
    let guess = match cx.counted.get(&key, now) {
        Some(()) => State::InUse,
        None => State::Empty,
    };
    match cx.store.rate_limits().acquire(policy, who, guess, now).await? {
        Decision::Allowed { empty_at } => {
            cx.counted.insert(key, (), empty_at);
            Ok(())
        }
        Decision::Denied { retry_after } => Err(refusal(policy, retry_after)),
    }
}

/// Counts a comparison or a review over MCP, whose tools share one operation and its limit, or a look for the
/// posts that use a file, which not every call of its operation takes. At the REST API, each operation that
/// compares has the limit itself.
///
/// # Errors
/// 429 if the limit is reached; 503 if the database does not answer.
pub async fn acquire_comparison(cx: &Context, caller: &Caller) -> Result<(), Problem> {
    acquire_of(cx, &COMPARE_ACCOUNT, caller).await
}

/// A kind of mail that others can have sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// The link that confirms a sign-up.
    SignUp,
    /// The link to accept an invitation.
    Invitation,
    /// The link to choose a new password.
    PasswordReset,
    /// The link to sign in with.
    SignIn,
    /// The code to sign in with. Links do not count: anyone who is told to use the newest mail needs a
    /// code in it.
    SignInCode,
    /// The link that confirms a new address of an account.
    EmailChange,
}

impl MailKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password-reset",
            Self::SignIn => "sign-in",
            Self::SignInCode => "sign-in-code",
            Self::EmailChange => "email-change",
        }
    }

    /// Adds what else there is to do: who has a password needs no mail to sign in.
    fn refused(self, mut refusal: Problem) -> Problem {
        if self == Self::SignIn && refusal.code == Code::TooManyRequests {
            refusal.detail.push_str(" Or sign in with the password.");
        }
        refusal
    }
}

/// Counts a mail to an address: for the address and the caller's [neighbourhood], so that a stranger
/// elsewhere takes nothing from its owner, and then for the address and the kind of mail.
///
/// # Errors
/// 429 if a limit is reached; 503 if the database does not answer.
pub async fn acquire_mail(cx: &Context, kind: MailKind, email: &Email) -> Result<(), Problem> {
    let address = address(email);
    let narrow = address.within(neighbourhood(cx.request.source_ip));
    acquire(cx, &MAIL_ADDRESS_NETWORK, &narrow).await.map_err(|refusal| kind.refused(refusal))?;
    let outcome = acquire(cx, &MAIL_ADDRESS, &address.within(kind.as_str())).await;
    let Err(mut refusal) = outcome else { return Ok(()) };
    refund(cx, &MAIL_ADDRESS_NETWORK, &narrow).await;
    if refusal.code == Code::TooManyRequests {
        refusal.detail = format!(
            "Several such mails were sent to this address in the last minutes: use the newest one. {}",
            refusal.detail
        );
    }
    Err(kind.refused(refusal))
}

/// Takes back a counted attempt that was not a guess after all. If that fails, the caller has one
/// attempt less.
pub async fn refund(cx: &Context, policy: &RateLimit, subject: &Subject) {
    if !cx.config.rate_limits {
        return;
    }
    if let Err(cause) = cx.store.rate_limits().refund(policy, subject).await {
        tracing::warn!(policy = policy.name, ?cause, "an attempt was not given back");
    }
}

/// 429 with the fields of `draft-ietf-httpapi-ratelimit-headers-10`, and `Retry-After` (RFC 9110
/// §10.2.3), which counts where they differ.
fn refusal(policy: &RateLimit, retry_after: Duration) -> Problem {
    let seconds = retry_after.as_millis().div_ceil(1000);
    let (RateLimit { name, quota, .. }, window) = (policy, policy.window.as_secs());
    let detail = format!("Too many attempts. Try again in {}.", in_words(seconds));
    let header = |text: String| HeaderValue::try_from(text).expect("names and numbers are ASCII");
    Problem::new(Code::TooManyRequests, detail)
        .with_header(RETRY_AFTER, header(seconds.to_string()))
        .with_header(RATE_LIMIT_POLICY, header(format!("\"{name}\";q={quota};w={window}")))
        .with_header(RATE_LIMIT, header(format!("\"{name}\";r=0;t={seconds}")))
}

fn in_words(seconds: u128) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asked_for_a_link_to_sign_in_is_told_of_the_password() {
        use MailKind::{EmailChange, Invitation, PasswordReset, SignIn, SignInCode, SignUp};
        let kinds = [SignUp, Invitation, PasswordReset, SignIn, SignInCode, EmailChange];
        let names = kinds.map(MailKind::as_str);
        let all =
            ["sign-up", "invitation", "password-reset", "sign-in", "sign-in-code", "email-change"];
        assert_eq!(names, all);
        for kind in kinds {
            for code in [Code::TooManyRequests, Code::Unavailable] {
                let detail = kind.refused(Problem::new(code, "Later.")).detail;
                let is_told = kind == SignIn && code == Code::TooManyRequests;
                let expected =
                    if is_told { "Later. Or sign in with the password." } else { "Later." };
                assert_eq!(detail, expected, "{kind:?} {code:?}");
            }
        }
    }
}
