//! Refresh tokens of clients: like those of people, and bound to the client.

use super::client_auth::ClientProof;
use super::error::{Failure, OAuthCode, OAuthError};
use super::form::Form;
use super::tokens::Tokens;
use crate::auth::sessions;
use crate::context::Context;
use crate::http::problem::Code;
use crate::model::{Scope, Secret};

/// Exchanges a refresh token for new tokens (OAuth 2.1 §4.3). `scope` may narrow the access token; the
/// next refresh token is for the whole grant again.
///
/// Everything is checked before the refresh token is used up.
///
/// # Errors
/// `invalid_grant`, `invalid_scope` or `invalid_target`.
pub async fn refresh(cx: &Context, client: &ClientProof, form: &Form) -> Result<Tokens, Failure> {
    let invalid = || {
        let detail = "the refresh token is invalid, used, revoked or expired: authorize again";
        Failure::from(OAuthError::new(OAuthCode::InvalidGrant, detail))
    };
    let token = form.require("refresh_token")?;
    let (user, session) = sessions::parse_client_token(cx, token).await?.ok_or_else(invalid)?;
    let session = cx.store.sessions().get(&user, &session).await?.ok_or_else(invalid)?;
    let part = session.oauth.filter(|part| part.client_id == client.id).ok_or_else(invalid)?;
    if form.get("resource").is_some()
        && super::resource(&cx.config, form.get("resource"))? != part.resource
    {
        let detail = "resource is not the one that the grant is for";
        return Err(OAuthError::new(OAuthCode::InvalidTarget, detail).into());
    }
    let narrowed = form.get("scope").map(|named| narrowed(named, &part.scopes)).transpose()?;
    let advanced = sessions::refresh(cx, &Secret::new(token), Some(&client.id)).await;
    let session = advanced.map_err(|problem| match problem.code {
        Code::InvalidRefreshToken => invalid(),
        _ => problem.into(),
    })?;
    client.note_use(cx).await;
    Ok(Tokens::of(cx, &session, narrowed.as_deref()).await?)
}

/// The granted scopes among those that are named. All must be granted, except `offline_access`, which
/// many clients name in every refresh.
fn narrowed(named: &str, granted: &[Scope]) -> Result<Vec<Scope>, OAuthError> {
    let names: Vec<&str> = named.split_ascii_whitespace().collect();
    let is_granted = |name: &&str| {
        *name == "offline_access" || granted.iter().any(|scope| scope.as_str() == *name)
    };
    if !names.iter().all(is_granted) {
        let detail = "scope has more than was granted: authorize again to get more";
        return Err(OAuthError::new(OAuthCode::InvalidScope, detail));
    }
    let named = |scope: &Scope| names.contains(&scope.as_str());
    // `offline_access` alone would leave a token without scopes (RFC 6749 §3.3).
    let any = granted.iter().any(named);
    Ok(granted.iter().copied().filter(|scope| !any || named(scope)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_narrowed_to_those_that_are_named() {
        let granted = [Scope::Profile, Scope::PostsRead, Scope::PostsWrite];
        let of = |named: &str| narrowed(named, &granted);
        assert_eq!(of("posts:read").unwrap(), [Scope::PostsRead]);
        assert_eq!(
            of("posts:write offline_access profile").unwrap(),
            [Scope::Profile, Scope::PostsWrite]
        );
        assert_eq!(of("offline_access").unwrap(), granted, "no token is without scopes");
        assert_eq!(of(" ").unwrap(), granted);
        for more in ["posts:publish", "posts:read posts:publish", "POSTS:READ"] {
            assert_eq!(of(more).unwrap_err().code, OAuthCode::InvalidScope, "{more}");
        }
    }
}
