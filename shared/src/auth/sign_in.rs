//! Signing in with address and password, and a one-time code where the account has them on: one rule
//! for the API and for the pages of `/oauth/authorize`.
//!
//! An unknown address costs what a wrong password does: the same calls and one hash. Attempts are
//! taken from their buckets before the hash is computed, and given back to those who get in.

use super::limits;
use super::{device, password, totp};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, RateLimit, Secret, Subject, UsedCode, UserId};
use crate::store::outbox::{Message, Notice, OutboxItem};
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
    let attempt = Attempt::take(cx, given, &subject, version).await?;

    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let matches = password::verify(cx, given.password.expose().to_owned(), stored).await?;
    let account = account.filter(|account| matches && !account.user.disabled);
    let Some(account) = account else {
        AuditEntry::new(cx, Event::SignedIn).about(subject).refused().record(cx).await;
        return Err(refused());
    };
    // The password was right, so this was no guess.
    if asks_for_code(&account) && given.code.is_none() {
        attempt.give_back(cx).await;
        let detail =
            "Send the one-time code from your authenticator app, or a recovery code, as `code`.";
        return Err(Problem::new(Code::SecondFactorRequired, detail));
    }
    second_factor(cx, &account, given.code.as_ref()).await?;

    attempt.give_back(cx).await;
    password::renew(cx, &account, &given.password).await;
    Ok(account)
}

/// The answer to wrong credentials, whatever is wrong with them.
#[must_use]
pub fn refused() -> Problem {
    let detail = "The e-mail address or the password is wrong, or the address is not confirmed yet. \
                  Check your inbox.";
    Problem::new(Code::InvalidCredentials, detail)
}

/// What an attempt took from the buckets.
struct Attempt(Vec<(&'static RateLimit, Subject)>);

impl Attempt {
    /// Takes from the buckets of the device and of all devices, where one is known; or else from
    /// those of the address and network and of the address.
    async fn take(
        cx: &Context,
        given: &Credentials,
        address: &Subject,
        version: u64,
    ) -> Result<Self, Problem> {
        let token = given.device_token.as_ref();
        let buckets = match device::known(cx, &given.email, version, token).await? {
            // A device answers for itself; its network may be an attacker's, too.
            Some(device) => {
                let (device, all) = (Subject::new(device), address.within("devices"));
                vec![(&limits::LOGIN_DEVICE, device), (&limits::LOGIN_DEVICES, all)]
            }
            None => {
                let network = limits::network(cx.request.source_ip);
                let narrow = address.within(network);
                vec![
                    (&limits::LOGIN_ADDRESS_NETWORK, narrow),
                    (&limits::LOGIN_ADDRESS, address.clone()),
                ]
            }
        };
        for (policy, subject) in &buckets {
            if let Err(refusal) = limits::acquire(cx, policy, subject).await {
                if *policy == &limits::LOGIN_ADDRESS {
                    warn(cx, &given.email, address).await?;
                }
                return Err(refusal);
            }
        }
        Ok(Self(buckets))
    }

    async fn give_back(self, cx: &Context) {
        for (policy, subject) in self.0 {
            limits::refund(cx, policy, &subject).await;
        }
    }
}

/// Warns the owner, once a day. The worker that writes the mail checks whether there is an account.
async fn warn(cx: &Context, email: &Email, address: &Subject) -> Result<(), Problem> {
    if limits::acquire(cx, &limits::WARN_ADDRESS, address).await.is_ok() {
        let message = Message::ManyWrongPasswords;
        cx.store.outbox().create(&OutboxItem::new(cx.clock.now(), email.clone(), message)).await?;
    }
    Ok(())
}

fn asks_for_code(account: &UserItem) -> bool {
    account.totp.as_ref().is_some_and(|item| item.confirmed)
}

/// Uses up a one-time code, if the account asks for one. The password was right, so the answer may
/// say what is wrong with the code.
async fn second_factor(
    cx: &Context,
    account: &UserItem,
    code: Option<&Secret>,
) -> Result<(), Problem> {
    let item = account.totp.as_ref().filter(|item| item.confirmed);
    let (Some(item), Some(code)) = (item, code) else { return Ok(()) };
    let id = &account.user.id;
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
    if let Some(UsedCode::Recovery(_)) = used {
        let (name, email) = (account.user.name.clone(), account.user.email.clone());
        let message = Message::Notice { name, notice: Notice::RecoveryCodeUsed };
        cx.store.outbox().create(&OutboxItem::new(cx.clock.now(), email, message)).await?;
        AuditEntry::new(cx, Event::RecoveryCodeUsed).by(id).about(id).record(cx).await;
    }
    Ok(())
}
