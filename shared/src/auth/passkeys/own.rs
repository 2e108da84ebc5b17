//! The passkeys of a person, as they add, see and remove them.

use std::cmp::Reverse;

use serde::Deserialize;
use serde_json::{Value, json};

use super::challenge::{self, LIFETIME};
use super::encoded::{self, Encoded, encode};
use super::public_key::ALGORITHMS;
use super::refusal::Refusal;
use super::relying_party::RelyingParty;
use super::response::{AuthenticatorData, ClientData};
use crate::auth::caller::Person;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Name, PasskeyId};
use crate::store::WriteError;
use crate::store::outbox::{Notice, OutboxItem};
use crate::store::passkeys::{NotAdded, PasskeyItem, SpentChallenge};
use crate::store::users::UserItem;

/// The most passkeys of a person.
pub const MAX: usize = 10;

/// What a browser answers (WebAuthn §5.2.1).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registration {
    id: Encoded,
    client_data: Encoded,
    authenticator_data: Encoded,
}

/// What the script of a page asks the browser with (WebAuthn §5.4). `None` where browsers offer no
/// passkeys.
///
/// # Errors
/// 503 while the account secret or the database cannot be read.
pub async fn options(cx: &Context, who: &Person) -> Result<Option<Value>, Problem> {
    let Some(party) = RelyingParty::of(&cx.config.public_url) else { return Ok(None) };
    let user = &who.user;
    let there = list(cx, who).await?;
    let credential = |id: &str| json!({ "type": "public-key", "id": id });
    let there: Vec<Value> = there.iter().map(|item| credential(&item.credential_id)).collect();
    let kinds = ALGORITHMS.map(|number| json!({ "type": "public-key", "alg": number }));
    Ok(Some(json!({
        "rp": { "id": party.id, "name": cx.settings.last().title },
        "user": {
            "id": encode(&user.id.ulid().to_bytes()),
            "name": user.email,
            "displayName": user.name,
        },
        "challenge": challenge::for_session(cx, &who.session_id).await?,
        "pubKeyCredParams": kinds,
        "excludeCredentials": there,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
        "timeout": LIFETIME * 1000,
    })))
}

/// The passkeys of a person, newest first.
///
/// # Errors
/// Where the database fails.
pub async fn list(cx: &Context, who: &Person) -> Result<Vec<PasskeyItem>, Problem> {
    let mut items = cx.store.passkeys().list(&who.user.id).await?;
    items.sort_by_key(|item| Reverse(item.created_at));
    Ok(items)
}

/// Adds the passkey of a browser's answer, as the script of the page sends it. An answer that is sent twice
/// adds one.
///
/// # Errors
/// 422 for an answer that is not accepted, and where there are [`MAX`] already; 409 if the account was
/// changed at the same moment.
pub async fn add(cx: &Context, who: &Person, name: Name, given: &str) -> Result<(), Problem> {
    let (challenge, credential) = read(cx, who, given).await?;
    let id = &who.user.id;
    let account = cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
    let now = cx.clock.now();
    let item = PasskeyItem {
        id: PasskeyId::of_credential(&credential.id),
        user_id: id.clone(),
        name,
        credential_id: encode(&credential.id),
        public_key: encode(&credential.public_key),
        sign_count: credential.sign_count,
        synced: credential.is_synced,
        created_at: now,
        last_used_at: None,
    };
    if account.passkeys.contains(&item.id) {
        return is_there(cx, &item).await;
    }
    if account.passkeys.len() >= MAX {
        let message =
            format!("An account can have {MAX} passkeys. Remove one that you do not use.");
        return Err(Problem::invalid_field("passkey", "too_many", message));
    }
    let notice = notice(cx, &account, Notice::PasskeyAdded, &item.name);
    let entry = AuditEntry::new(cx, Event::PasskeyAdded).by_user(&account.user).about(&item.id);
    match cx.store.passkeys().add(&account, &item, &challenge, &notice, &entry).await {
        Ok(()) => Ok(()),
        Err(WriteError::Store(error)) => Err(error.into()),
        Err(WriteError::Conflict(NotAdded::Spent)) => Err(not_accepted(Refusal::Spent)),
        // The same answer at the same moment, or another change.
        Err(WriteError::Conflict(NotAdded::Changed)) => is_there(cx, &item).await,
    }
}

/// Removes a passkey at once. It stays on its device, which offers it in vain.
///
/// # Errors
/// 404 if there is no such passkey; 409 if the account was changed at the same moment.
pub async fn remove(cx: &Context, who: &Person, passkey: &PasskeyId) -> Result<(), Problem> {
    let found = cx.store.passkeys().get_with_user(&who.user.id, passkey).await?;
    let (item, account) = found.ok_or_else(|| Problem::not_found("passkey"))?;
    let notice = notice(cx, &account, Notice::PasskeyRemoved, &item.name);
    let entry = AuditEntry::new(cx, Event::PasskeyRemoved).by_user(&account.user).about(&item.id);
    if cx.store.passkeys().remove(&account, &item, &notice, &entry).await? {
        return Ok(());
    }
    Err(changed_meanwhile())
}

struct Credential {
    id: Vec<u8>,
    public_key: Vec<u8>,
    sign_count: u32,
    is_synced: bool,
}

/// The checks of WebAuthn §7.1.
async fn read(
    cx: &Context,
    who: &Person,
    given: &str,
) -> Result<(SpentChallenge, Credential), Problem> {
    let party = RelyingParty::of(&cx.config.public_url);
    let party = party.ok_or_else(|| not_accepted(Refusal::Site))?;
    let short = Some(given).filter(|given| given.len() <= encoded::MAX);
    let sent = short.and_then(|given| serde_json::from_str::<Registration>(given).ok());
    let sent = sent.ok_or_else(|| not_accepted(Refusal::Unreadable))?;
    let asked = ClientData::read(&sent.client_data.0, "webauthn.create", &party);
    let asked = asked.map_err(not_accepted)?;
    let challenge = challenge::of_session(cx, &who.session_id, &asked.challenge).await?;
    let challenge = challenge.ok_or_else(|| not_accepted(Refusal::Challenge))?;
    let data = AuthenticatorData::read(&sent.authenticator_data.0, &party).map_err(not_accepted)?;
    let (id, public_key) = data.credential().map_err(not_accepted)?;
    if id != sent.id.0 {
        return Err(not_accepted(Refusal::Unreadable));
    }
    let (sign_count, is_synced) = (data.sign_count, data.is_synced);
    let (id, public_key) = (id.to_vec(), public_key.to_vec());
    Ok((challenge, Credential { id, public_key, sign_count, is_synced }))
}

/// Whether the same passkey is there already, with the same key.
async fn is_there(cx: &Context, item: &PasskeyItem) -> Result<(), Problem> {
    let there = cx.store.passkeys().get_with_user(&item.user_id, &item.id).await?;
    match there {
        Some((there, _)) if there.public_key == item.public_key => Ok(()),
        _ => Err(changed_meanwhile()),
    }
}

fn not_accepted(refusal: Refusal) -> Problem {
    let message = match refusal {
        Refusal::Challenge | Refusal::Spent => {
            "It took longer than five minutes, or you have signed in again meanwhile. Try again.".to_owned()
        }
        Refusal::Unverified => {
            "The device did not check who you are. Set up its PIN, fingerprint or face recognition, and \
             try again."
                .to_owned()
        }
        refusal => format!("The answer of the device was not accepted ({refusal}). Try again."),
    };
    Problem::invalid_field("passkey", "not_accepted", message)
}

fn changed_meanwhile() -> Problem {
    let detail = "Your account was changed by another request at the same time. Try again.";
    Problem::new(Code::EditConflict, detail)
}

fn notice(cx: &Context, account: &UserItem, notice: Notice, name: &Name) -> OutboxItem {
    let item = OutboxItem::notice(cx.clock.now(), cx.request.source_ip, &account.user, notice);
    item.naming(name.as_str(), &[])
}
