//! Authorization codes: made when a user agrees, used up for the first tokens.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::client_auth::ClientProof;
use super::error::{Failure, OAuthCode, OAuthError};
use super::form::Form;
use super::request::AuthorizationRequest;
use super::tokens::Tokens;
use crate::auth::audit::{Entry, Event};
use crate::auth::{one_time, random, refresh};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Scope, SessionId};
use crate::store::oauth::{CodeItem, Redeemed};
use crate::store::sessions::OAuthPart;
use crate::store::users::UserItem;

/// How long a code lives, in seconds (OAuth 2.1 §4.1.2 recommends ten minutes at most; ASVS 10.4.3
/// asks for one).
const LIFETIME: i64 = 60;

/// How long it is known again when it comes back, in seconds: a day.
const REMEMBERED: i64 = 24 * 3600;

/// A code for what the user agreed to, not stored yet, and its digest.
pub(super) fn new(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
    scopes: &[Scope],
) -> (String, String, CodeItem) {
    let (code, now) = (random::token(), cx.clock.now());
    let item = CodeItem {
        user_id: account.user.id.clone(),
        token_version: account.token_version,
        client_id: request.client.id.clone(),
        client_name: request.client.name.clone(),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        resource: request.resource.clone(),
        scopes: scopes.to_vec(),
        expires_at: now.plus_seconds(LIFETIME),
        used_by: None,
        ttl: now.plus_seconds(REMEMBERED).as_seconds(),
    };
    let digest = one_time::digest(&code);
    (code, digest, item)
}

/// A code for what the user agreed to before.
///
/// # Errors
/// As any call to the database.
pub async fn grant_code(
    cx: &Context,
    account: &UserItem,
    request: &AuthorizationRequest,
    scopes: &[Scope],
) -> Result<String, Problem> {
    let (code, digest, item) = new(cx, account, request, scopes);
    cx.store.oauth_codes().create(&digest, &item).await?;
    Ok(code)
}

/// Exchanges a code for tokens (OAuth 2.1 §4.1.3).
///
/// A request that does not fit the code leaves it as it was, or anybody who saw the code pass could
/// spoil it. One that fits in everything and comes a second time is from somebody who knows all:
/// then what the first one got ends, too.
///
/// # Errors
/// `invalid_grant`, `invalid_request` or `invalid_target`.
pub async fn redeem(cx: &Context, client: &ClientProof, form: &Form) -> Result<Tokens, Failure> {
    let invalid = |detail: &str| Failure::from(OAuthError::new(OAuthCode::InvalidGrant, detail));
    let unknown = || invalid("the code is unknown, spent or expired: start again");
    let digest = one_time::digest(form.require("code")?);
    let verifier = verifier(form)?;
    let item = cx.store.oauth_codes().get(&digest).await?.ok_or_else(unknown)?;
    if item.client_id != client.id {
        return Err(invalid("the code is of another client"));
    }
    if form.get("redirect_uri").is_some_and(|sent| sent != item.redirect_uri) {
        return Err(invalid("redirect_uri is another one than in the request for the code"));
    }
    let challenge = one_time::digest(verifier);
    if verify_slices_are_equal(challenge.as_bytes(), item.challenge.as_bytes()).is_err() {
        return Err(invalid("code_verifier does not fit the code_challenge"));
    }
    if form.get("resource").is_some()
        && super::resource(&cx.config, form.get("resource"))? != item.resource
    {
        let detail = "resource is another one than in the request for the code";
        return Err(OAuthError::new(OAuthCode::InvalidTarget, detail).into());
    }
    if let Some(session) = &item.used_by {
        replayed(cx, &item, session).await?;
        return Err(unknown());
    }
    if item.expires_at <= cx.clock.now() {
        return Err(unknown());
    }
    let part = OAuthPart {
        client_id: item.client_id.clone(),
        client_name: item.client_name.clone(),
        scopes: item.scopes.clone(),
        resource: item.resource.clone(),
    };
    let session = refresh::of_client(cx, &item.user_id, item.token_version, part.clone());
    let entry = Entry::new(cx, Event::GrantIssued).by(&item.user_id).about(session.grant_id());
    match cx.store.oauth_codes().redeem(&digest, &session, &part, &entry).await? {
        Redeemed::Created => {}
        Redeemed::AlreadyUsed => {
            let item = cx.store.oauth_codes().get(&digest).await?.ok_or_else(unknown)?;
            if let Some(session) = &item.used_by {
                replayed(cx, &item, session).await?;
            }
            return Err(unknown());
        }
        Redeemed::Withdrawn => return Err(unknown()),
    }
    client.note_use(cx).await;
    Ok(Tokens::of(cx, &session, None).await?)
}

/// A code came back: in whose hands the first tokens are, nobody knows.
async fn replayed(cx: &Context, item: &CodeItem, session: &SessionId) -> Result<(), Problem> {
    cx.store.sessions().delete(&item.user_id, session).await?;
    // The next code would reach the same two hands: the user is asked first.
    cx.store.oauth_consents().delete(&item.user_id, &item.client_id, &item.resource).await?;
    let entry = Entry::new(cx, Event::CodeReplayed).by(&item.user_id).about(&item.client_id);
    entry.refused().record(cx).await;
    Ok(())
}

/// The verifier: 43 to 128 unreserved characters (RFC 7636 §4.1).
fn verifier(form: &Form) -> Result<&str, OAuthError> {
    let verifier = form.require("code_verifier")?;
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        let detail = "code_verifier must have 43 to 128 letters, digits and - . _ ~";
        return Err(OAuthError::new(OAuthCode::InvalidRequest, detail));
    }
    Ok(verifier)
}
