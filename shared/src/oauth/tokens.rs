//! The token response, introspection (RFC 7662) and revocation (RFC 7009).

use serde::Serialize;

use super::client_auth::ClientProof;
use super::error::{Failure, OAuthCode, OAuthError};
use super::form::Form;
use crate::auth::requirement::Audience;
use crate::auth::{sessions, token};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Scope, Secret, SessionId, UserId};
use crate::store::sessions::{OAuthPart, SessionItem};

/// The response of the token endpoint (RFC 6749 §5.1).
#[derive(Debug, Serialize)]
pub struct Tokens {
    access_token: Secret,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: Secret,
    scope: String,
}

impl Tokens {
    /// Issues tokens for a client's session, with these scopes or with all that were granted.
    ///
    /// # Errors
    /// 503 while the token secret cannot be read.
    pub(super) async fn of(
        cx: &Context,
        session: &SessionItem,
        scopes: Option<&[Scope]>,
    ) -> Result<Self, Problem> {
        let part = session.oauth.as_ref();
        let part = part.ok_or_else(|| Problem::internal("the session has no OAuth client"))?;
        let scopes = scopes.unwrap_or(&part.scopes);
        let access = token::issue_to_client(cx, session, part, scopes).await?;
        Ok(Self {
            access_token: Secret::new(access.token),
            token_type: "Bearer",
            expires_in: access.expires_in,
            refresh_token: sessions::refresh_token(cx, session).await?,
            scope: Scope::list(scopes),
        })
    }
}

/// The response of introspection. For an inactive token it has no details (RFC 7662 §2.2).
#[derive(Debug, Default, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(flatten)]
    details: Option<Details>,
}

#[derive(Debug, Serialize)]
struct Details {
    scope: String,
    client_id: String,
    sub: UserId,
    aud: String,
    iss: String,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
}

/// Describes a token to the client that it was issued to. Any other token is reported as inactive.
///
/// # Errors
/// `invalid_client` for a client that did not authenticate with a secret.
pub async fn introspect(
    cx: &Context,
    client: &ClientProof,
    form: &Form,
) -> Result<Introspection, Failure> {
    if !client.confidential {
        let detail = "introspection needs client authentication with a secret";
        return Err(OAuthError::new(OAuthCode::InvalidClient, detail).into());
    }
    let Some(found) = find(cx, form.require("token")?).await? else {
        return Ok(Introspection::default());
    };
    let live = is_live(cx, &found).await?;
    let part = &found.part;
    if !live || part.client_id != client.id {
        return Ok(Introspection::default());
    }
    let details = match &found.claims {
        Some(claims) => Details {
            scope: claims.scope.clone(),
            exp: claims.exp,
            iat: Some(claims.iat),
            jti: Some(claims.jti.clone()),
            token_type: Some("Bearer"),
            ..Details::of(cx, &found)
        },
        None => Details::of(cx, &found),
    };
    Ok(Introspection { active: true, details: Some(details) })
}

impl Details {
    fn of(cx: &Context, found: &Found) -> Self {
        Self {
            scope: Scope::list(&found.part.scopes),
            client_id: found.part.client_id.clone(),
            sub: found.session.user_id.clone(),
            aud: found.part.resource.clone(),
            iss: cx.config.public_url.clone(),
            exp: found.session.expires_at.min(found.session.idle_at).as_seconds(),
            iat: None,
            jti: None,
            token_type: None,
        }
    }
}

/// Revokes a token and its whole grant. A token that is unknown, expired or another client's is
/// ignored, with the same response.
///
/// # Errors
/// `invalid_request` without `token`.
pub async fn revoke(cx: &Context, client: &ClientProof, form: &Form) -> Result<(), Failure> {
    let Some(found) = find(cx, form.require("token")?).await? else { return Ok(()) };
    if found.part.client_id != client.id {
        return Ok(());
    }
    let user = &found.session.user_id;
    let entry = AuditEntry::new(cx, Event::GrantRevoked).by(user).about(found.session.grant_id());
    let entry = entry.named(&found.part.client_name).with("by the client itself");
    cx.store.oauth_grants().revoke(&found.session, &entry).await?;
    Ok(())
}

/// The session behind a client's token.
struct Found {
    session: SessionItem,
    part: OAuthPart,
    /// The claims, if it is an access token.
    claims: Option<token::Claims>,
}

async fn find(cx: &Context, text: &str) -> Result<Option<Found>, Problem> {
    let claims = if text.contains('.') {
        let resources =
            [Audience::Api, Audience::Mcp].map(|audience| audience.resource(&cx.config.public_url));
        token::verify(cx, text, &[&resources[0], &resources[1]]).await?
    } else {
        None
    };
    let names: Option<(UserId, SessionId)> = match &claims {
        Some(claims) => Some((claims.sub.clone(), claims.sid.clone())),
        None => sessions::parse_client_token(cx, text).await?,
    };
    let Some((user, session)) = names else { return Ok(None) };
    let Some(session) = cx.store.sessions().get(&user, &session).await? else { return Ok(None) };
    if claims.is_none() && !sessions::is_redeemable(cx, &session, text).await? {
        // A refresh token that was used a while ago is neither described nor revoked.
        return Ok(None);
    }
    Ok(session.oauth.clone().map(|part| Found { session, part, claims }))
}

/// Whether the session is live and its account is enabled and unchanged since.
async fn is_live(cx: &Context, found: &Found) -> Result<bool, Problem> {
    let session = &found.session;
    let account = cx.store.users().get(&session.user_id).await?;
    Ok(session.is_live(cx.clock.now())
        && account.is_some_and(|account| {
            account.token_version == session.token_version && !account.user.disabled
        }))
}
