//! The authorization server as clients, browsers and resource servers see it.

mod authorize;
pub(crate) mod browser;
mod cimd;
mod consent;
mod documents;
mod grants;
mod mailed_code;
mod metadata;
mod native_apps;
mod pages;
mod races;
mod refresh;
mod register;
mod resource;
pub(crate) mod revoke_introspect;
mod token;

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::harness::{Answer, App, Client, PASSWORD};
use browser::Browser;

pub(crate) const REDIRECT: &str = "https://agent.example/callback";
/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Parameters by name; setting one again replaces it.
#[derive(Clone)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn new(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn twice(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn text(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// A registered client.
#[derive(Clone)]
pub(crate) struct OAuthClient {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
    pub(crate) redirect_uri: String,
}

impl OAuthClient {
    /// The client that a registration response describes.
    pub(crate) fn of(made: &Answer, redirect_uri: &str) -> Self {
        let secret = made.json["client_secret"].as_str().map(str::to_owned);
        Self { id: made.text("/client_id"), secret, redirect_uri: redirect_uri.to_owned() }
    }
}

/// An application with an editor and a registered client.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) person: Client,
    pub(crate) email: String,
    pub(crate) client: OAuthClient,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::of(App::unlimited().await).await
    }

    pub(crate) async fn of(app: App) -> Self {
        let person = app.user(Role::Editor).await;
        let email = person.get("/v1/users/me", 200).await.text("/email");
        let client = register_client(&app, REDIRECT, "none").await;
        Self { app, person, email, client }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app.byline.context.config.public_url)
    }

    /// An authorization request for the MCP endpoint.
    pub(crate) fn asks(&self) -> Form {
        asks(&self.client)
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.app.anonymous())
    }

    /// A browser in which the editor is signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let page = browser.authorize(&self.asks()).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let answer = browser.sign_in(&page, &self.email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// A code for a request that the editor authorizes.
    pub(crate) async fn code(&self, asks: &Form) -> String {
        self.signed_in().await.code(asks).await
    }

    /// A token request for a code.
    pub(crate) fn exchange(&self, code: &str) -> Form {
        exchange(&self.client, code)
    }

    /// Tokens for a request that the editor authorizes.
    pub(crate) async fn tokens(&self, asks: &Form) -> Answer {
        let code = self.code(asks).await;
        token(&self.app, &self.exchange(&code), 200).await
    }

    pub(crate) fn refreshes(&self, token: &str) -> Form {
        refreshes(&self.client, token)
    }

    /// Whether an access token opens the MCP endpoint.
    pub(crate) async fn opens_mcp(&self, token: &str) -> bool {
        let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
        self.app.with_token(token).try_post("/mcp", list).await.status == 200
    }
}

pub(crate) fn asks(client: &OAuthClient) -> Form {
    Form::new(&[
        ("response_type", "code"),
        ("client_id", &client.id),
        ("redirect_uri", &client.redirect_uri),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("scope", "profile posts:read posts:write"),
        ("state", "a b&c=d/é"),
    ])
}

pub(crate) fn exchange(client: &OAuthClient, code: &str) -> Form {
    Form::new(&[
        ("grant_type", "authorization_code"),
        ("client_id", &client.id),
        ("redirect_uri", &client.redirect_uri),
        ("code", code),
        ("code_verifier", VERIFIER),
    ])
}

pub(crate) fn refreshes(client: &OAuthClient, token: &str) -> Form {
    Form::new(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", &client.id),
    ])
}

/// Client metadata for a registration.
pub(crate) fn registration(redirect_uri: &str, method: &str) -> Value {
    json!({
        "client_name": "Test agent",
        "redirect_uris": [redirect_uri],
        "token_endpoint_auth_method": method,
    })
}

pub(crate) async fn register_client(app: &App, redirect_uri: &str, method: &str) -> OAuthClient {
    let body = registration(redirect_uri, method);
    let made = app.anonymous().post("/oauth/register", body, 201).await;
    OAuthClient::of(&made, redirect_uri)
}

/// Posts a form to an endpoint for clients, whatever the status.
pub(crate) async fn try_post(app: &App, path: &str, form: &Form) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let client = app.anonymous();
    client.try_send(Method::POST, path, &headers, Some(form.text())).await.unwrap()
}

/// Posts a form to an endpoint for clients, and checks the status.
pub(crate) async fn post(app: &App, path: &str, form: &Form, status: u16) -> Answer {
    let answer = try_post(app, path, form).await;
    assert_eq!(answer.status, status, "{path}: {}", answer.body);
    answer
}

pub(crate) async fn token(app: &App, form: &Form, status: u16) -> Answer {
    post(app, "/oauth/token", form, status).await
}

/// The `error` of a response, which must be a complete OAuth error.
pub(crate) fn error(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let (error, description) = (answer.text("/error"), answer.text("/error_description"));
    assert!(is_plain(&error) && is_plain(&description), "{}", answer.body);
    error
}

/// Whether a text is not empty and has only the characters that RFC 6749 §5.2 allows in errors.
pub(crate) fn is_plain(text: &str) -> bool {
    let allowed = |char: char| matches!(char, ' '..='!' | '#'..='[' | ']'..='~');
    !text.is_empty() && text.chars().all(allowed)
}

/// A query parameter of the URL that a response leads to, by a redirect or by the link of its page.
pub(crate) fn parameter(answer: &Answer, name: &str) -> String {
    optional(answer, name).unwrap_or_else(|| panic!("no {name} in {}", leads_to(answer)))
}

pub(crate) fn optional(answer: &Answer, name: &str) -> Option<String> {
    let url = url::Url::parse(&leads_to(answer)).unwrap();
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn leads_to(answer: &Answer) -> String {
    if answer.status == 400 {
        let links = scraper::Selector::parse("main a[href]").unwrap();
        let html = scraper::Html::parse_document(&answer.body);
        let link = html.select(&links).next().expect("the page has a way back");
        return link.attr("href").unwrap().to_owned();
    }
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// The claims of an access token.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine;
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
