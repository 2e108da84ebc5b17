//! Refresh tokens of programs: the same machinery as for people, held to the program that has them.

use super::client_auth::ClientProof;
use super::error::{Failure, OAuthCode, OAuthError};
use super::form::Form;
use super::tokens::Tokens;
use crate::auth::refresh as sessions;
use crate::context::Context;
use crate::http::problem::Code;
use crate::model::{Scope, Secret};

/// Exchanges a refresh token for new tokens (OAuth 2.1 §4.3). Fewer scopes may be asked for, for the
/// access token alone: the next refresh token is for all of the grant again.
///
/// Everything is held against the grant before the token is spent.
///
/// # Errors
/// `invalid_grant`, `invalid_scope` or `invalid_target`.
pub async fn refresh(cx: &Context, client: &ClientProof, form: &Form) -> Result<Tokens, Failure> {
    let invalid = || {
        let detail = "the refresh token is invalid, spent, revoked or expired: start again";
        Failure::from(OAuthError::new(OAuthCode::InvalidGrant, detail))
    };
    let token = form.require("refresh_token")?;
    let (user, session) = sessions::names(cx, token).await?.ok_or_else(invalid)?;
    let session = cx.store.sessions().get(&user, &session).await?.ok_or_else(invalid)?;
    let part = session.oauth.filter(|part| part.client_id == client.id).ok_or_else(invalid)?;
    if form.get("resource").is_some()
        && super::resource(&cx.config, form.get("resource"))? != part.resource
    {
        let detail = "resource is another one than the grant is for";
        return Err(OAuthError::new(OAuthCode::InvalidTarget, detail).into());
    }
    let narrowed = form.get("scope").map(|named| narrowed(named, &part.scopes)).transpose()?;
    let advanced = sessions::advance(cx, &Secret::new(token), Some(&client.id)).await;
    let session = advanced.map_err(|problem| match problem.code {
        Code::InvalidRefreshToken => invalid(),
        _ => problem.into(),
    })?;
    client.note_use(cx).await;
    Ok(Tokens::of(cx, &session, narrowed.as_deref()).await?)
}

/// The named scopes, all of which must be granted. What is no scope here was never granted either,
/// but clients name `offline_access` wherever they want to refresh.
fn narrowed(named: &str, granted: &[Scope]) -> Result<Vec<Scope>, OAuthError> {
    let names: Vec<&str> = named.split_ascii_whitespace().collect();
    let is_granted = |name: &&str| {
        *name == "offline_access" || granted.iter().any(|scope| scope.as_str() == *name)
    };
    if !names.iter().all(is_granted) {
        let detail = "more scopes are named than were granted: ask the user again";
        return Err(OAuthError::new(OAuthCode::InvalidScope, detail));
    }
    let named = |scope: &Scope| names.contains(&scope.as_str());
    // Of nothing but `offline_access` no token could be made (RFC 6749 §3.3).
    let any = granted.iter().any(named);
    Ok(granted.iter().copied().filter(|scope| !any || named(scope)).collect())
}
