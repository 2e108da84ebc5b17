//! Dynamic Client Registration (RFC 7591). It proves nothing about a client, so users see the consent
//! page each time, unless an https redirect URI proves where the response goes.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::{Deserialize, Serialize};

use super::error::{Failure, OAuthCode, OAuthError};
use super::{client_name, redirect};
use crate::context::Context;
use crate::crypto::{digest, random};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{OAuthClientId, Secret};
use crate::store::oauth::{AuthMethod, ClientItem};

/// How long an unused registration lasts, in seconds: 7 days.
const UNUSED: i64 = 7 * 24 * 3600;

/// How long a registration lasts after a use, in seconds: 180 days, longer than any grant.
const USED: i64 = 180 * 24 * 3600;

/// A use extends a registration that has less than this left, in seconds: 150 days. So a client that is
/// in steady use costs one write in 30 days.
const NOTED: i64 = 150 * 24 * 3600;

const MAX_REDIRECT_URIS: usize = 10;

/// The client metadata that counts. Everything else is ignored and not echoed.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    client_name: Option<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    grant_types: Option<Vec<String>>,
    #[serde(default)]
    response_types: Option<Vec<String>>,
}

/// A registered client (RFC 7591 §3.2.1).
#[derive(Serialize)]
pub struct Registered {
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<Secret>,
    /// Required with a secret; 0 means that it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<i64>,
    client_id_issued_at: i64,
    client_name: String,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: AuthMethod,
    grant_types: [&'static str; 2],
    response_types: [&'static str; 1],
}

/// Registers a client.
///
/// # Errors
/// `invalid_redirect_uri` or `invalid_client_metadata`, with the reason; `access_denied` where
/// registration is switched off.
pub async fn register(cx: &Context, body: &[u8]) -> Result<Registered, Failure> {
    if !cx.config.oauth_registration {
        let detail = if cx.config.oauth_documents {
            "registration is switched off on this server: use a Client ID Metadata Document"
        } else {
            "no new OAuth client is accepted on this server: use an API key"
        };
        return Err(OAuthError::new(OAuthCode::AccessDenied, detail).into());
    }
    let invalid = |detail: &str| OAuthError::new(OAuthCode::InvalidClientMetadata, detail);
    let wanted: Wanted = super::object(body)
        .ok_or_else(|| invalid("the body must be a JSON object with client metadata"))?;
    let uris = wanted.redirect_uris;
    let wrong = |detail: &str| OAuthError::new(OAuthCode::InvalidRedirectUri, detail);
    if uris.is_empty() || uris.len() > MAX_REDIRECT_URIS {
        return Err(wrong("redirect_uris must have 1 to 10 URIs").into());
    }
    for uri in &uris {
        redirect::check(&cx.config, uri)
            .map_err(|reason| wrong(&format!("a redirect URI {reason}")))?;
    }
    let name = wanted.client_name.unwrap_or_else(|| "Unnamed app".to_owned());
    let name = client_name::check(&name)
        .ok_or_else(|| invalid("client_name must be one line of at most 100 characters, with a letter or digit and without invisible characters"))?;
    let auth_method = match wanted.token_endpoint_auth_method.as_deref() {
        // The default of RFC 7591 §2.
        None | Some("client_secret_basic") => AuthMethod::ClientSecretBasic,
        Some("client_secret_post") => AuthMethod::ClientSecretPost,
        Some("none") => AuthMethod::None,
        Some(_) => {
            let detail = "token_endpoint_auth_method must be none, client_secret_basic or \
                          client_secret_post";
            return Err(invalid(detail).into());
        }
    };
    let lacks = |listed: &Option<Vec<String>>, wanted: &str| {
        listed.as_ref().is_some_and(|listed| !listed.iter().any(|name| name == wanted))
    };
    if lacks(&wanted.grant_types, "authorization_code") || lacks(&wanted.response_types, "code") {
        return Err(invalid(
            "grant_types must include authorization_code, response_types must include code",
        )
        .into());
    }
    let now = cx.clock.now();
    let secret = (auth_method != AuthMethod::None).then(random::token);
    let item = ClientItem {
        id: OAuthClientId::new(now),
        name,
        redirect_uris: uris,
        auth_method,
        secret_digest: secret.as_deref().map(digest::sha256),
        created_at: now,
        ttl: now.plus_seconds(UNUSED).as_seconds(),
    };
    let entry = AuditEntry::new(cx, Event::ClientRegistered).about(&item.id).named(&item.name);
    cx.store.oauth_clients().create(&item, &entry).await?;
    Ok(Registered {
        client_id: item.id.to_string(),
        client_secret_expires_at: secret.is_some().then_some(0),
        client_secret: secret.map(Secret::new),
        client_id_issued_at: now.as_seconds(),
        client_name: item.name,
        redirect_uris: item.redirect_uris,
        token_endpoint_auth_method: item.auth_method,
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
    })
}

/// Whether this is the client's secret.
pub(super) fn knows_secret(item: &ClientItem, secret: &str) -> bool {
    let digest = digest::sha256(secret);
    item.secret_digest
        .as_ref()
        .is_some_and(|stored| verify_slices_are_equal(stored.as_bytes(), digest.as_bytes()).is_ok())
}

/// Extends the registration of a client that is in use. A failure is logged only: the next use tries
/// again.
pub(super) async fn note_use(cx: &Context, item: &ClientItem) {
    let now = cx.clock.now();
    if item.ttl > now.plus_seconds(NOTED).as_seconds() {
        return;
    }
    let ttl = now.plus_seconds(USED).as_seconds();
    if let Err(cause) = cx.store.oauth_clients().extend(&item.id, ttl).await {
        tracing::warn!(client = %item.id, ?cause, "a client's registration could not be extended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn a_registration_lasts_a_week_and_half_a_year_in_use() {
        assert_eq!([UNUSED, USED, NOTED], [7 * DAY, 180 * DAY, 150 * DAY]);
    }

    #[test]
    fn a_secret_is_known_by_its_digest() {
        let item = |secret_digest: Option<String>| ClientItem {
            id: crate::examples::OAUTH_CLIENT_ID.parse().unwrap(),
            name: "An app".to_owned(),
            redirect_uris: Vec::new(),
            auth_method: AuthMethod::ClientSecretBasic,
            secret_digest,
            created_at: crate::examples::user().created_at,
            ttl: 0,
        };
        let made = item(Some(digest::sha256("secret")));
        assert!(knows_secret(&made, "secret"));
        assert!(!knows_secret(&made, "other") && !knows_secret(&made, ""));
        assert!(!knows_secret(&item(None), "secret"));
    }
}
