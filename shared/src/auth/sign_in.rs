//! Signing in with address and password, or with a mailed link or code, and a one-time code where the
//! account has them on: one rule for the API and for the pages of `/oauth/authorize`.
//!
//! An unknown address costs what a wrong password does: the same calls and one hash. Attempts are
//! taken from their buckets before the hash is computed, and given back to those who get in. Strangers
//! can fill the buckets of an address; those of a known device and of a mailed token they cannot
//! reach, so that the owner of the mailbox always gets in.

use super::limits;
use super::{device, mailed_token, password, totp};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, RateLimit, Secret, Subject, UsedCode, UserId};
use crate::store::outbox::{Message, Notice, OutboxItem};
use crate::store::tokens::Purpose;
use crate::store::users::UserItem;

/// What somebody signs in with.
pub struct Credentials {
    /// The account's address.
    pub email: Email,
    /// Its password.
    pub password: Secret,
    /// A one-time code or a recovery code, where the account has them on.
    pub code: Option<Secret>,
    /// The device token of an earlier sign-in from here.
    pub device_token: Option<Secret>,
}

/// Who signs in by mail.
pub struct ByMail {
    /// The account.
    pub account: UserItem,
    /// The digest of the mailed token. Beginning the session uses the token up.
    pub token_digest: String,
}

/// What a one-time code is given together with. Each has a bucket of its own, so that those who only
/// know the password cannot keep the owner out.
#[derive(Clone, Copy, Debug)]
enum CodeWith {
    Password,
    PasswordAndDevice,
    MailedToken,
}

impl CodeWith {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndDevice => "device",
            Self::MailedToken => "mail",
        }
    }
}

/// The account of these credentials. The caller begins the session.
///
/// # Errors
/// 401 for wrong credentials, and where a code is missing or wrong; 429 after too many attempts.
pub async fn sign_in(cx: &Context, given: &Credentials) -> Result<UserItem, Problem> {
    let subject = limits::address(&given.email);
    let id = cx.store.users().find_id_by_email(&given.email).await?;
    let id = id.unwrap_or_else(|| UserId::new(cx.clock.now()));
    let account = cx.store.users().get(&id).await?;
    let version = account.as_ref().map_or(0, |account| account.token_version);
    let device = device::known(cx, &given.email, version, given.device_token.as_ref()).await?;
    let with = match device {
        Some(_) => CodeWith::PasswordAndDevice,
        None => CodeWith::Password,
    };
    let attempt = match device {
        Some(device) => Attempt::by_device(cx, device, &subject, version).await?,
        None => Attempt::by_stranger(cx, &given.email, &subject).await?,
    };

    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let matches = password::verify(cx, given.password.expose().to_owned(), stored).await?;
    let known = account.as_ref().map(|account| account.user.id.clone());
    let account = account.filter(|account| matches && !account.user.disabled);
    let Some(account) = account else {
        // Admins find whose account was tried. Of an address without one, nobody learns more than its hash.
        let entry = AuditEntry::new(cx, Event::SignedIn).refused();
        let entry = match &known {
            Some(id) => entry.about(id),
            None => entry.about(subject),
        };
        entry.record(cx).await;
        return Err(refused());
    };
    // The password was right, so this was no guess. Codes are counted by themselves.
    attempt.give_back(cx).await;
    second_factor(cx, &account, given.code.as_ref(), with).await?;
    password::renew(cx, &account, &given.password).await;
    Ok(account)
}

/// The account of a mailed token. The caller begins the session with it; until then the token stays
/// valid, so that a missing or wrong one-time code does not cost another mail.
///
/// # Errors
/// 422 for a token that is used, expired or unknown, or older than the end of all sessions; 401 where
/// a one-time code is missing or wrong; 429 after too many attempts.
pub async fn by_mail(
    cx: &Context,
    token: &Secret,
    code: Option<&Secret>,
) -> Result<ByMail, Problem> {
    let found = mailed_token::find(cx, token).await?.ok_or_else(spent)?;
    let Purpose::SignIn { user_id, token_version } = &found.item.purpose else {
        return Err(spent());
    };
    let account = cx.store.users().get(user_id).await?;
    let account = account
        .filter(|account| account.token_version == *token_version && !account.user.disabled)
        .ok_or_else(spent)?;
    second_factor(cx, &account, code, CodeWith::MailedToken).await?;
    Ok(ByMail { account, token_digest: found.digest })
}

/// The answer to wrong credentials, whatever is wrong with them.
#[must_use]
pub fn refused() -> Problem {
    let detail = "The e-mail address or the password is wrong, or the address is not confirmed yet. \
                  Reset the password, or ask for a link or code to sign in with.";
    Problem::new(Code::InvalidCredentials, detail)
}

/// The answer to a mailed token that does not sign in.
#[must_use]
pub fn spent() -> Problem {
    let message = "The link or code has expired, has already been used, or is incomplete. Request a \
                   new one.";
    Problem::invalid_field("token", "invalid_token", message)
}

/// What an attempt took from the buckets, and gets back if its password is right.
struct Attempt(Vec<(&'static RateLimit, Subject)>);

impl Attempt {
    /// Takes from the buckets of the device and of all devices. The network is not counted: it may be
    /// an attacker's, too. Both buckets are new with each `token_version`, so that nobody who got
    /// a device token before the password was changed can fill them.
    async fn by_device(
        cx: &Context,
        device: String,
        address: &Subject,
        version: u64,
    ) -> Result<Self, Problem> {
        let all = address.within("devices").within(version);
        let buckets =
            vec![(&limits::LOGIN_DEVICE, Subject::new(device)), (&limits::LOGIN_DEVICES, all)];
        for (policy, subject) in &buckets {
            limits::acquire(cx, policy, subject).await?;
        }
        Ok(Self(buckets))
    }

    /// Takes from the buckets of the network, of the address from there, and of the address.
    async fn by_stranger(cx: &Context, email: &Email, address: &Subject) -> Result<Self, Problem> {
        let network = limits::network(cx.request.source_ip);
        limits::acquire(cx, &limits::LOGIN_NETWORK, &network).await.map_err(by_other_ways)?;
        let narrow = address.within(network);
        limits::acquire(cx, &limits::LOGIN_ADDRESS_NETWORK, &narrow)
            .await
            .map_err(by_other_ways)?;
        if let Err(refusal) = limits::acquire(cx, &limits::LOGIN_ADDRESS, address).await {
            warn(cx, email, address).await?;
            return Err(by_other_ways(refusal));
        }
        Ok(Self(vec![
            (&limits::LOGIN_ADDRESS_NETWORK, narrow),
            (&limits::LOGIN_ADDRESS, address.clone()),
        ]))
    }

    async fn give_back(self, cx: &Context) {
        for (policy, subject) in self.0 {
            limits::refund(cx, policy, &subject).await;
        }
    }
}

/// Adds what the owner can do at once. It is the same for every address.
fn by_other_ways(mut refusal: Problem) -> Problem {
    if refusal.code == Code::TooManyRequests {
        refusal.detail.push_str(" Or sign in by e-mail, which has limits of its own.");
    }
    refusal
}

/// Warns the owner, once a day. The worker that writes the mail checks whether there is an account.
async fn warn(cx: &Context, email: &Email, address: &Subject) -> Result<(), Problem> {
    if limits::acquire(cx, &limits::WARN_ADDRESS, address).await.is_ok() {
        let message = Message::ManyWrongPasswords;
        cx.store.outbox().create(&OutboxItem::new(cx.clock.now(), email.clone(), message)).await?;
    }
    Ok(())
}

/// Uses up a one-time code, if the account asks for one. The password or the mailed token was right,
/// so the answer may say what is wrong with the code.
async fn second_factor(
    cx: &Context,
    account: &UserItem,
    code: Option<&Secret>,
    with: CodeWith,
) -> Result<(), Problem> {
    let Some(item) = account.totp.as_ref().filter(|item| item.confirmed) else { return Ok(()) };
    let Some(code) = code else {
        let detail =
            "Send the one-time code from your authenticator app, or a recovery code, as `code`.";
        return Err(Problem::new(Code::SecondFactorRequired, detail));
    };
    let id = &account.user.id;
    let bucket = limits::account(id).within(with.as_str());
    limits::acquire(cx, &limits::LOGIN_CODE, &bucket).await?;
    let used = totp::check(cx, id, item, code.expose()).await?;
    let accepted = match &used {
        Some(used) => cx.store.totp().use_code(account, item, used).await?,
        None => false,
    };
    if !accepted {
        let entry = AuditEntry::new(cx, Event::SignedIn).by(id).about(id).refused();
        entry.with("wrong one-time code").record(cx).await;
        let detail = "The code is wrong or was used before. Wait for the next one of the app, or use \
                      another recovery code.";
        return Err(Problem::new(Code::SecondFactorRequired, detail));
    }
    limits::refund(cx, &limits::LOGIN_CODE, &bucket).await;
    if let Some(UsedCode::Recovery(_)) = used {
        let now = cx.clock.now();
        let notice =
            OutboxItem::notice(now, cx.request.source_ip, &account.user, Notice::RecoveryCodeUsed);
        cx.store.outbox().create(&notice).await?;
        AuditEntry::new(cx, Event::RecoveryCodeUsed).by(id).about(id).record(cx).await;
    }
    Ok(())
}
