//! Client authentication at the token, revocation and introspection endpoints (OAuth 2.1 §2.4).

use base64::prelude::{BASE64_STANDARD, Engine};
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

use super::error::{Failure, OAuthCode, OAuthError};
use super::form::Form;
use super::registration;
use crate::context::Context;
use crate::http::Request;
use crate::model::OAuthClientId;
use crate::store::oauth::{AuthMethod, ClientItem};

/// The client that sent a request, with what it has proven.
pub struct ClientProof {
    /// The `client_id`.
    pub id: String,
    /// Whether it authenticated with a secret.
    pub confidential: bool,
    /// Its registration; `None` for a client with a metadata document.
    registered: Option<ClientItem>,
}

impl ClientProof {
    /// Extends the client's registration.
    pub(super) async fn note_use(&self, cx: &Context) {
        if let Some(item) = &self.registered {
            registration::note_use(cx, item).await;
        }
    }
}

/// Reads the form that a client sent, and authenticates the client.
///
/// # Errors
/// `invalid_request` for a body that is not a form, a repeated parameter, or two ways of
/// authentication; `invalid_client` for a client that is unknown or does not authenticate in the way
/// that it registered.
pub async fn client_form(cx: &Context, request: &Request) -> Result<(ClientProof, Form), Failure> {
    let form = Form::from_body(request)?;
    Ok((authenticate(cx, request, &form).await?, form))
}

/// A client with a metadata document is public. Its codes and tokens are bound to its `client_id`, so the
/// document need not be fetched again.
async fn authenticate(
    cx: &Context,
    request: &Request,
    form: &Form,
) -> Result<ClientProof, Failure> {
    form.once()?;
    let basic = basic(request)?;
    let is_basic = basic.is_some();
    let refused = |detail: &str| {
        let error = OAuthError::new(OAuthCode::InvalidClient, detail);
        Failure::OAuth(OAuthError { basic: is_basic, ..error })
    };
    let (id, secret, method) = match (basic, form.get("client_id"), form.get("client_secret")) {
        (Some(_), _, Some(_)) => {
            let detail = "the client authenticates in two ways: use one";
            return Err(OAuthError::new(OAuthCode::InvalidRequest, detail).into());
        }
        (Some((id, _)), Some(named), None) if id != named => {
            let detail = "client_id is not the one in the Authorization header";
            return Err(OAuthError::new(OAuthCode::InvalidRequest, detail).into());
        }
        (Some((id, secret)), ..) => (id, Some(secret), AuthMethod::ClientSecretBasic),
        (None, Some(id), Some(secret)) => {
            (id.to_owned(), Some(secret.to_owned()), AuthMethod::ClientSecretPost)
        }
        (None, Some(id), None) => (id.to_owned(), None, AuthMethod::None),
        (None, None, _) => return Err(refused("client_id is missing")),
    };
    if id.starts_with("https://") {
        if secret.is_some() {
            return Err(refused("a client with a metadata document cannot have a secret"));
        }
        return Ok(ClientProof { id, confidential: false, registered: None });
    }
    let unknown =
        || refused("the client is unknown or its registration has expired: register again");
    let id: OAuthClientId = id.parse().map_err(|_| unknown())?;
    let item = cx.store.oauth_clients().get(&id).await?;
    let item = item.filter(|item| item.ttl > cx.clock.now().as_seconds()).ok_or_else(unknown)?;
    if item.auth_method != method {
        return Err(refused("the client registered another authentication method"));
    }
    if let Some(secret) = &secret
        && !registration::knows_secret(&item, secret)
    {
        return Err(refused("the client secret is wrong"));
    }
    let confidential = secret.is_some();
    Ok(ClientProof { id: id.to_string(), confidential, registered: Some(item) })
}

/// Client and secret of the `Authorization` header: form-encoded, then joined (RFC 6749 §2.3.1).
fn basic(request: &Request) -> Result<Option<(String, String)>, OAuthError> {
    let invalid = || {
        let detail = "the Authorization header cannot be read";
        let error = OAuthError::new(OAuthCode::InvalidClient, detail);
        OAuthError { basic: true, ..error }
    };
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().map_err(|_| invalid())?;
    let (scheme, encoded) = text.split_once(' ').ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("Basic") || values.next().is_some() {
        return Err(invalid());
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).map_err(|_| invalid())?;
    let decoded = String::from_utf8(decoded).map_err(|_| invalid())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(invalid)?;
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(String::from).map_err(|_| invalid())
    };
    Ok(Some((decode(id)?, decode(secret)?)))
}
