//! Requests for authorization (OAuth 2.1 §4.1.1), and what is sent back to the program.

use url::form_urlencoded::Serializer;

use super::client;
use super::error::{OAuthCode, OAuthError};
use super::form::Form;
use super::redirect;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::OAuthClient;
use crate::model::Scope;

/// The parameters that are carried from page to page.
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

/// A request that can be asked about.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: OAuthClient,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What it asks for, in the order of [`Scope::ALL`], the profile among it.
    pub scopes: Vec<Scope>,
    /// Where it wants to do that.
    pub resource: String,
    /// The SHA-256 of its verifier, in base64url.
    pub challenge: String,
    /// Whether the user is to be asked in any case.
    pub asks_again: bool,
    state: Option<String>,
}

/// A request that is refused.
#[derive(Debug)]
pub enum Refusal {
    /// On a page: nobody is sent to an address that is not known to be the program's.
    Page(String),
    /// By sending the user back with the error.
    Redirect {
        /// Where to, the error in its query.
        to: String,
        /// What is wrong.
        detail: String,
    },
}

/// Reads a request for authorization.
///
/// # Errors
/// As any call to the database.
pub async fn read(
    cx: &Context,
    form: &Form,
) -> Result<Result<AuthorizationRequest, Refusal>, Problem> {
    let page = |text: &str| Ok(Err(Refusal::Page(text.to_owned())));
    if form.repeats("client_id") || form.repeats("redirect_uri") {
        return page("The request names the program or its address twice.");
    }
    let Some(id) = form.get("client_id") else {
        return page("The request does not say which program it is from: client_id is missing.");
    };
    let client = match client::find(cx, id).await? {
        Ok(client) => client,
        Err(reason) => return Ok(Err(Refusal::Page(reason))),
    };
    let redirect_uri = match (form.get("redirect_uri"), client.redirect_uris.as_slice()) {
        (Some(sent), registered) => {
            if !registered.iter().any(|registered| redirect::matches(registered, sent)) {
                let text = "The program wants the answer sent to an address that it did not \
                            register. Nothing was sent there.";
                return page(text);
            }
            sent.to_owned()
        }
        (None, [only]) => only.clone(),
        (None, _) => {
            let text =
                "The request does not say where to send the answer: redirect_uri is missing.";
            return page(text);
        }
    };
    let state = form.get("state").filter(|_| !form.repeats("state")).map(str::to_owned);
    let refused = |error: OAuthError| {
        let parameters = [("error", error.code.as_str()), ("error_description", &error.detail)];
        let to = back(cx, &redirect_uri, &parameters, state.as_deref());
        Refusal::Redirect { to, detail: error.detail }
    };
    Ok(details(cx, form).map_err(refused).map(|(scopes, resource, challenge)| {
        let prompt = form.get("prompt").unwrap_or_default();
        let asks_again = prompt.split(' ').any(|prompt| prompt == "consent");
        let (redirect_uri, state) = (redirect_uri.clone(), state.clone());
        AuthorizationRequest {
            client,
            redirect_uri,
            scopes,
            resource,
            challenge,
            asks_again,
            state,
        }
    }))
}

/// What may be told to the program when it is wrong.
fn details(cx: &Context, form: &Form) -> Result<(Vec<Scope>, String, String), OAuthError> {
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
        invalid("code_challenge is missing: PKCE is needed, with code_challenge_method=S256")
    })?;
    if form.get("code_challenge_method") != Some("S256") {
        return Err(invalid("code_challenge_method must be S256"));
    }
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if challenge.len() != 43 || !challenge.bytes().all(base64url) {
        return Err(invalid("code_challenge must be a SHA-256 in base64url, 43 characters"));
    }
    let resource = super::resource(&cx.config, form.get("resource"))?;
    Ok((super::scopes(form.get("scope"))?, resource, challenge.to_owned()))
}

impl AuthorizationRequest {
    /// Where the user goes with a code.
    #[must_use]
    pub fn granted(&self, cx: &Context, code: &str) -> String {
        back(cx, &self.redirect_uri, &[("code", code)], self.state.as_deref())
    }

    /// Where the user goes who said no.
    #[must_use]
    pub fn denied(&self, cx: &Context) -> String {
        let code = OAuthCode::AccessDenied.as_str();
        let parameters = [("error", code), ("error_description", "the user said no")];
        back(cx, &self.redirect_uri, &parameters, self.state.as_deref())
    }
}

/// The redirect URI with parameters, the state as it came, and who answers (RFC 9207).
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
