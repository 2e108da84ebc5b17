//! Authorization codes: issued when a user authorizes a client, and exchanged for the first tokens.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::client_auth::ClientProof;
use super::error::{Failure, OAuthCode, OAuthError};
use super::form::Form;
use super::request::AuthorizationRequest;
use super::tokens::Tokens;
use crate::auth::sessions;
use crate::context::Context;
use crate::crypto::{digest, random};
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Scope, SessionId};
use crate::store::oauth::{CodeItem, Redeemed};
use crate::store::sessions::OAuthPart;
use crate::store::users::UserItem;

/// How long a code lives, in seconds (OAuth 2.1 §4.1.2 recommends ten minutes at most; ASVS 10.4.3
/// asks for one).
const LIFETIME: i64 = 60;

/// How long a used code is remembered to detect a second use, in seconds: a day.
const REMEMBERED: i64 = 24 * 3600;

/// A new code with its digest and its item, not stored yet.
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
    let digest = digest::sha256(&code);
    (code, digest, item)
}

/// Issues a code for scopes that the user consented to earlier.
///
/// # Errors
/// Where the database fails.
pub async fn issue_code(
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
/// A request that does not match the code leaves it valid: otherwise anybody who saw the code could
/// invalidate it. A second request that matches in everything means that the code and its verifier are
/// in two hands: then the grant ends (OAuth 2.1 §4.1.3).
///
/// # Errors
/// `invalid_grant`, `invalid_request` or `invalid_target`.
pub async fn redeem(cx: &Context, client: &ClientProof, form: &Form) -> Result<Tokens, Failure> {
    let invalid = |detail: &str| Failure::from(OAuthError::new(OAuthCode::InvalidGrant, detail));
    let unknown = || invalid("the code is unknown, used or expired: authorize again");
    let digest = digest::sha256(form.require("code")?);
    let verifier = verifier(form)?;
    let item = cx.store.oauth_codes().get(&digest).await?.ok_or_else(unknown)?;
    if item.client_id != client.id {
        return Err(invalid("the code was issued to another client"));
    }
    if form.get("redirect_uri").is_some_and(|sent| sent != item.redirect_uri) {
        return Err(invalid("redirect_uri is not the one of the authorization request"));
    }
    let challenge = digest::sha256(verifier);
    if verify_slices_are_equal(challenge.as_bytes(), item.challenge.as_bytes()).is_err() {
        return Err(invalid("code_verifier does not match code_challenge"));
    }
    if form.get("resource").is_some()
        && super::resource(&cx.config, form.get("resource"))? != item.resource
    {
        let detail = "resource is not the one of the authorization request";
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
    let session = sessions::new_for_client(cx, &item.user_id, item.token_version, part.clone());
    let entry = AuditEntry::new(cx, Event::GrantIssued).by(&item.user_id).about(session.grant_id());
    let entry = entry.named(&item.client_name);
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

/// Handles a second use of a code: ends the grant and the consent, since either user may be a thief.
async fn replayed(cx: &Context, item: &CodeItem, session: &SessionId) -> Result<(), Problem> {
    cx.store.sessions().delete(&item.user_id, session).await?;
    // Without a consent, the next code needs the user's decision.
    cx.store.oauth_consents().delete(&item.user_id, &item.client_id, &item.resource).await?;
    let entry = AuditEntry::new(cx, Event::CodeReplayed).by(&item.user_id).about(&item.client_id);
    entry.named(&item.client_name).refused().record(cx).await;
    Ok(())
}

/// The verifier: 43 to 128 unreserved characters (RFC 7636 §4.1).
fn verifier(form: &Form) -> Result<&str, OAuthError> {
    let verifier = form.require("code_verifier")?;
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        let detail = "code_verifier must be 43 to 128 letters, digits and - . _ ~";
        return Err(OAuthError::new(OAuthCode::InvalidRequest, detail));
    }
    Ok(verifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_has_43_to_128_plain_characters() {
        let is = |text: &str| {
            let text = format!("code_verifier={text}");
            let request = http::Request::builder()
                .header("content-type", "application/x-www-form-urlencoded")
                .body(bytes::Bytes::from(text))
                .unwrap();
            verifier(&Form::from_body(&request).unwrap()).is_ok()
        };
        for (length, fits) in [(0, false), (42, false), (43, true), (128, true), (129, false)] {
            assert_eq!(is(&"a".repeat(length)), fits, "{length}");
        }
        let with = |char: &str| is(&format!("{}{char}", "a".repeat(43)));
        for char in ["-", ".", "_", "~", "Z", "9"] {
            assert!(with(char), "{char}");
        }
        for char in ["%2B", "%2F", "%3D", "%20", "%C3%A9", "*"] {
            assert!(!with(char), "{char}");
        }
        assert_eq!((LIFETIME, REMEMBERED), (60, 86_400));
    }
}
