//! Authorization requests (OAuth 2.1 §4.1.1) and their responses.

use url::form_urlencoded::Serializer;

use super::client::{self, ClientError};
use super::error::{OAuthCode, OAuthError};
use super::form::Form;
use super::redirect;
use crate::context::Context;
use crate::model::OAuthClient;
use crate::model::Scope;
use crate::store::StoreError;

/// The parameters of a request. The forms of the pages carry them along.
pub const PARAMETERS: [&str; 10] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "prompt",
    "response_mode",
];

/// Their values in a form; absent ones are empty. The token of a page's form is bound to them.
#[must_use]
pub fn values(form: &Form) -> [&str; PARAMETERS.len()] {
    PARAMETERS.map(|name| form.get(name).unwrap_or_default())
}

/// A valid authorization request.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// The client that asks.
    pub client: OAuthClient,
    /// Where the response goes.
    pub redirect_uri: String,
    /// The requested scopes in the order of [`Scope::ALL`]; always with [`Scope::Profile`].
    pub scopes: Vec<Scope>,
    /// The resource that the tokens are for (RFC 8707).
    pub resource: String,
    /// The PKCE challenge: the SHA-256 of the verifier, in base64url.
    pub challenge: String,
    /// Whether the client wants the consent page shown in any case (`prompt=consent`).
    pub prompts_consent: bool,
    state: Option<String>,
}

/// Why an authorization request is not answered with a page for the user to decide.
#[derive(Debug)]
pub enum Rejection {
    /// A page says so. The user is not redirected, because it is not certain that the redirect URI
    /// belongs to the client (OAuth 2.1 §4.1.2.1).
    Page {
        /// What happened.
        text: String,
        /// What the user can do, where it is more than to close the page.
        advice: Option<&'static str>,
    },
    /// The error goes to the client.
    Redirect {
        /// The redirect URI with the error in its query.
        to: String,
        /// The `error_description`.
        detail: String,
    },
    /// The database failed.
    Store(StoreError),
}

impl From<ClientError> for Rejection {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Store(error) => Self::Store(error),
            ClientError::Document(error) => {
                Self::Page { text: error.to_string(), advice: error.advice() }
            }
            error => page(&error.to_string()),
        }
    }
}

/// Reads an authorization request from its parameters.
///
/// # Errors
/// A page where the client or its redirect URI is in doubt; a redirect to the client for every other
/// mistake in the request.
pub async fn read(cx: &Context, form: &Form) -> Result<AuthorizationRequest, Rejection> {
    if form.repeats("client_id") || form.repeats("redirect_uri") {
        return Err(page("The request has client_id or redirect_uri more than once."));
    }
    let id = form.get("client_id");
    let id = id.ok_or_else(|| page("The request does not name an app: client_id is missing."))?;
    let client = client::find(cx, id).await?;
    let redirect_uri = redirect_uri(form, &client)?;
    let state = form.get("state").filter(|_| !form.repeats("state")).map(str::to_owned);
    let details = details(cx, form).map_err(|error| {
        let parameters = [("error", error.code.as_str()), ("error_description", &error.detail)];
        let to = back(cx, &redirect_uri, &parameters, state.as_deref());
        Rejection::Redirect { to, detail: error.detail }
    })?;
    let prompt = form.get("prompt").unwrap_or_default();
    let prompts_consent = prompt.split(' ').any(|prompt| prompt == "consent");
    let Details { scopes, resource, challenge } = details;
    Ok(AuthorizationRequest {
        client,
        redirect_uri,
        scopes,
        resource,
        challenge,
        prompts_consent,
        state,
    })
}

fn page(text: &str) -> Rejection {
    Rejection::Page { text: text.to_owned(), advice: None }
}

/// The redirect URI that the request names, or the client's only one.
fn redirect_uri(form: &Form, client: &OAuthClient) -> Result<String, Rejection> {
    match (form.get("redirect_uri"), client.redirect_uris.as_slice()) {
        (Some(sent), registered) => {
            let is_registered = registered.iter().any(|uri| redirect::matches(uri, sent));
            let text = "The app asked to send you to a URL that it has not registered \
                        (redirect_uri). You were not sent there.";
            let advice = "Go back to the app and connect again, so that it registers anew. If this \
                          page comes back, tell those who make the app.";
            let refused = || Rejection::Page { text: text.to_owned(), advice: Some(advice) };
            if is_registered { Ok(sent.to_owned()) } else { Err(refused()) }
        }
        (None, [only]) => Ok(only.clone()),
        (None, _) => {
            Err(page("The request does not say where to return to: redirect_uri is missing."))
        }
    }
}

/// The parameters whose errors are sent to the client.
struct Details {
    scopes: Vec<Scope>,
    resource: String,
    challenge: String,
}

fn details(cx: &Context, form: &Form) -> Result<Details, OAuthError> {
    form.once()?;
    let invalid = |detail: &str| OAuthError::new(OAuthCode::InvalidRequest, detail);
    match form.require("response_type")? {
        "code" => {}
        _ => {
            let detail = "response_type must be code";
            return Err(OAuthError::new(OAuthCode::UnsupportedResponseType, detail));
        }
    }
    if !matches!(form.get("response_mode"), None | Some("query")) {
        return Err(invalid("response_mode must be query"));
    }
    let challenge = form.get("code_challenge").ok_or_else(|| {
        invalid("code_challenge is missing: use PKCE with code_challenge_method=S256")
    })?;
    if form.get("code_challenge_method") != Some("S256") {
        return Err(invalid("code_challenge_method must be S256"));
    }
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if challenge.len() != 43 || !challenge.bytes().all(base64url) {
        return Err(invalid("code_challenge must be a SHA-256 hash in base64url, 43 characters"));
    }
    let resource = super::resource(&cx.config, form.get("resource"))?;
    let scopes = super::scopes(form.get("scope"))?;
    Ok(Details { scopes, resource, challenge: challenge.to_owned() })
}

impl AuthorizationRequest {
    /// The redirect URI with a code.
    #[must_use]
    pub fn granted(&self, cx: &Context, code: &str) -> String {
        back(cx, &self.redirect_uri, &[("code", code)], self.state.as_deref())
    }

    /// The redirect URI with `access_denied`.
    #[must_use]
    pub fn denied(&self, cx: &Context) -> String {
        let code = OAuthCode::AccessDenied.as_str();
        let parameters = [("error", code), ("error_description", "the user denied the request")];
        back(cx, &self.redirect_uri, &parameters, self.state.as_deref())
    }
}

/// The redirect URI with these parameters, the unchanged `state`, and the issuer (RFC 9207).
fn back(
    cx: &Context,
    redirect_uri: &str,
    parameters: &[(&str, &str)],
    state: Option<&str>,
) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters);
    query.extend_pairs(state.map(|state| ("state", state)));
    query.append_pair("iss", &cx.config.public_url);
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{joint}{}", query.finish())
}
