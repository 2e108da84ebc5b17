//! Signing in with a passkey. It needs neither address nor password nor one-time code: the passkey says
//! whose it is, and that its owner unlocked it.
//!
//! Nobody can guess a signature, so there is no bucket for an account that a stranger could fill. Attempts
//! that fail are counted by their network, which bounds what they cost.

use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use ulid::Ulid;

use super::challenge::{self, LIFETIME};
use super::encoded::{self, Encoded};
use super::public_key::PublicKey;
use super::refusal::Refusal;
use super::relying_party::RelyingParty;
use super::response::{AuthenticatorData, ClientData, signed};
use crate::auth::browser::SignedIn;
use crate::auth::form_key::FormKey;
use crate::auth::{limits, sessions};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{PasskeyId, UserId};
use crate::store::passkeys::{PasskeyItem, Use};
use crate::store::users::UserItem;

/// What a browser answers (WebAuthn §5.2.2).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assertion {
    id: Encoded,
    client_data: Encoded,
    authenticator_data: Encoded,
    signature: Encoded,
    user_handle: Encoded,
}

/// A refusal, with the account where it is known.
type Refused = (Option<UserId>, Refusal);

/// What the script of a page asks the browser with (WebAuthn §5.5). No passkey is named, so that nobody
/// learns who has one. `None` where browsers offer no passkeys.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn options(cx: &Context, key: &FormKey) -> Result<Option<Value>, Problem> {
    let Some(party) = RelyingParty::of(&cx.config.public_url) else { return Ok(None) };
    Ok(Some(json!({
        "challenge": challenge::for_guest(cx, key).await?,
        "rpId": party.id,
        "userVerification": "required",
        "timeout": LIFETIME * 1000,
    })))
}

/// Signs a browser in with the answer of its passkey, as the script of the page sends it.
///
/// # Errors
/// 401 for an answer that is not accepted; 429 after too many.
pub async fn with_passkey(
    cx: &Context,
    headers: &HeaderMap,
    given: &str,
) -> Result<SignedIn, Problem> {
    let network = limits::network(cx.request.source_ip);
    limits::acquire(cx, &limits::PASSKEY_NETWORK, &network).await.map_err(|mut refusal| {
        if refusal.code == Code::TooManyRequests {
            refusal.detail.push_str(" Or sign in with the password or by e-mail.");
        }
        refusal
    })?;
    match attempt(cx, headers, given).await? {
        Ok(who) => {
            limits::refund(cx, &limits::PASSKEY_NETWORK, &network).await;
            Ok(who)
        }
        Err((whose, refusal)) => {
            let entry = AuditEntry::new(cx, Event::SignedIn).refused();
            let entry = match whose {
                Some(id) => entry.about(id),
                None => entry,
            };
            entry.with(format!("passkey {refusal}")).record(cx).await;
            Err(refused(refusal))
        }
    }
}

/// The answer to a passkey that is not accepted. It is the same for every reason that is about an account.
fn refused(refusal: Refusal) -> Problem {
    let detail = match refusal {
        Refusal::Challenge | Refusal::Spent => {
            "The sign-in took longer than five minutes, or was sent twice. Try the passkey again."
        }
        _ => {
            "This passkey does not open an account here. It may have been removed. Sign in in another \
             way, and add it again under your account."
        }
    };
    Problem::new(Code::InvalidCredentials, detail)
}

async fn attempt(
    cx: &Context,
    headers: &HeaderMap,
    given: &str,
) -> Result<Result<SignedIn, Refused>, Problem> {
    let unknown = |refusal: Refusal| Ok(Err((None, refusal)));
    let Some(party) = RelyingParty::of(&cx.config.public_url) else {
        return unknown(Refusal::Site);
    };
    let short = Some(given).filter(|given| given.len() <= encoded::MAX);
    let Some(sent) = short.and_then(|given| serde_json::from_str::<Assertion>(given).ok()) else {
        return unknown(Refusal::Unreadable);
    };
    let asked = match ClientData::read(&sent.client_data.0, "webauthn.get", &party) {
        Ok(asked) => asked,
        Err(refusal) => return unknown(refusal),
    };
    let Some(challenge) = challenge::of_guest(cx, headers, &asked.challenge).await? else {
        return unknown(Refusal::Challenge);
    };
    let Ok(user) = <[u8; 16]>::try_from(sent.user_handle.0.as_slice()) else {
        return unknown(Refusal::Unknown);
    };
    let user = UserId::from_ulid(Ulid::from_bytes(user));
    let id = PasskeyId::of_credential(&sent.id.0);
    let Some((passkey, account)) = cx.store.passkeys().get_with_user(&user, &id).await? else {
        return unknown(Refusal::Unknown);
    };
    let sign_count = match check(&sent, &passkey, &account, &party) {
        Ok(sign_count) => sign_count,
        Err(refusal) => return Ok(Err((Some(user), refusal))),
    };
    let session = sessions::for_browser(cx, &account);
    let entry = sessions::signed_in(cx, &account, &session).with("with a passkey");
    let used = Use { passkey: &passkey, sign_count, at: cx.clock.now(), challenge: &challenge };
    if cx.store.passkeys().begin_session(&session, &used, &entry).await? {
        return Ok(Ok(SignedIn { account, session }));
    }
    Ok(Err((Some(user), Refusal::Spent)))
}

/// The checks that need the passkey. Returns its counter now.
fn check(
    sent: &Assertion,
    passkey: &PasskeyItem,
    account: &UserItem,
    party: &RelyingParty,
) -> Result<u32, Refusal> {
    let data = AuthenticatorData::read(&sent.authenticator_data.0, party)?;
    let key = passkey.public_key().ok_or(Refusal::Key)?;
    let (key, _) = PublicKey::read(&key).ok_or(Refusal::Key)?;
    let message = signed(&sent.authenticator_data.0, &sent.client_data.0);
    if !key.has_signed(&message, &sent.signature.0) {
        return Err(Refusal::Signature);
    }
    let counts = data.sign_count != 0 || passkey.sign_count != 0;
    if counts && data.sign_count <= passkey.sign_count {
        return Err(Refusal::Counter);
    }
    if account.user.disabled {
        return Err(Refusal::Disabled);
    }
    Ok(data.sign_count)
}
