//! Access tokens: JWTs signed with ES256, of type `at+jwt` (RFC 9068), for ten minutes.
//!
//! The crate checks the signature, issuer and audience. What it leaves open is checked here:
//! type, critical headers, size, key id, and every time against this process's clock.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::{KeyId, Scope, SessionId, UserId};
use crate::store::sessions::{OAuthPart, SessionItem};

/// How long an access token lives, in seconds.
pub(crate) const LIFETIME: i64 = 600;

/// No token of ours is longer, in bytes.
const MAX_SIZE: usize = 2048;

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 5;

const TYPE: &str = "at+jwt";

/// An access token and how long it lives.
#[derive(Debug)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// Its lifetime in seconds.
    pub expires_in: i64,
}

/// The claims, all of them required (RFC 9068 §2.2).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: UserId,
    pub(crate) client_id: String,
    pub(crate) exp: i64,
    nbf: i64,
    pub(crate) iat: i64,
    pub(crate) jti: String,
    pub(crate) sid: SessionId,
    pub(crate) scope: String,
}

impl Claims {
    /// The scopes that this version knows.
    pub(crate) fn scopes(&self) -> Vec<Scope> {
        let named = |scope: &Scope| self.scope.split(' ').any(|name| name == scope.as_str());
        Scope::ALL.into_iter().filter(named).collect()
    }
}

/// The `client_id` in the tokens of people who signed in themselves.
const FIRST_PARTY: &str = "byline";

/// A new access token for a session, with every scope: the user's role is what limits it. It is
/// good for the REST API alone.
///
/// # Errors
/// 503 while the token secret cannot be read.
pub async fn issue(
    cx: &Context,
    user: &UserId,
    session: &SessionId,
) -> Result<AccessToken, Problem> {
    sign(cx, (user, session), &cx.config.public_url, FIRST_PARTY, &Scope::ALL).await
}

/// A new access token for an OAuth client, with these scopes, for the resource of its grant.
///
/// # Errors
/// 503 while the token secret cannot be read.
pub(crate) async fn issue_to_client(
    cx: &Context,
    session: &SessionItem,
    part: &OAuthPart,
    scopes: &[Scope],
) -> Result<AccessToken, Problem> {
    let whose = (&session.user_id, &session.id);
    sign(cx, whose, &part.resource, &part.client_id, scopes).await
}

async fn sign(
    cx: &Context,
    (user, session): (&UserId, &SessionId),
    audience: &str,
    client_id: &str,
    scopes: &[Scope],
) -> Result<AccessToken, Problem> {
    let secret = cx.secrets.token.get().await?;
    let now = cx.clock.now();
    let claims = Claims {
        iss: cx.config.public_url.clone(),
        aud: audience.to_owned(),
        sub: user.clone(),
        client_id: client_id.to_owned(),
        exp: now.as_seconds() + LIFETIME,
        nbf: now.as_seconds(),
        iat: now.as_seconds(),
        jti: Ulid::from_parts(
            now.as_millis().max(0).unsigned_abs(),
            u128::from_be_bytes(random::bytes()),
        )
        .to_string(),
        sid: session.clone(),
        scope: Scope::list(scopes),
    };
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(TYPE.to_owned());
    let signing = secret.signing_key(now)?;
    header.kid = Some(signing.id.as_str().to_owned());
    let token = jsonwebtoken::encode(&header, &claims, &signing.key);
    Ok(AccessToken { token: token.map_err(Problem::internal)?, expires_in: LIFETIME })
}

/// The claims of a token of ours that is valid now for one of `audiences`, or `None`.
///
/// # Errors
/// 503 while its key cannot be read.
pub(crate) async fn verify(
    cx: &Context,
    token: &str,
    audiences: &[&str],
) -> Result<Option<Claims>, Problem> {
    if token.len() > MAX_SIZE {
        return Ok(None);
    }
    let Ok(header) = jsonwebtoken::decode_header(token) else {
        return Ok(None);
    };
    let typed = header.typ.as_deref().is_some_and(|typ| {
        let typ = typ.to_ascii_lowercase();
        typ == TYPE || typ == format!("application/{TYPE}")
    });
    if !typed || header.alg != Algorithm::ES256 || header.crit.is_some() {
        return Ok(None);
    }
    let Some(kid) = header.kid.and_then(|kid| kid.parse::<KeyId>().ok()) else {
        return Ok(None);
    };
    let Some(key) = cx.secrets.verifying_keys.get(&kid).await? else {
        return Ok(None);
    };

    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[&cx.config.public_url]);
    validation.set_audience(audiences);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // The times are held against our clock, below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let Ok(data) = jsonwebtoken::decode::<Claims>(token, &key, &validation) else {
        return Ok(None);
    };
    let claims = data.claims;
    let now = cx.clock.now().as_seconds();
    let current = claims.exp > now && claims.nbf <= now + LEEWAY && claims.iat <= now + LEEWAY;
    Ok(current.then_some(claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_the_scopes_that_it_names() {
        let scopes = |scope: &str| {
            let claims = Claims {
                iss: String::new(),
                aud: String::new(),
                sub: crate::examples::user().id,
                client_id: String::new(),
                exp: 0,
                nbf: 0,
                iat: 0,
                jti: String::new(),
                sid: crate::examples::session().id,
                scope: scope.to_owned(),
            };
            claims.scopes()
        };
        assert_eq!(scopes("posts:read profile"), [Scope::Profile, Scope::PostsRead]);
        assert_eq!(scopes("posts:rea posts:reads POSTS:READ unknown"), []);
        assert_eq!(scopes(""), []);
        assert_eq!(scopes(&Scope::list(&Scope::ALL)), Scope::ALL);
    }
}
