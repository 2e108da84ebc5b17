//! Client ID Metadata Documents.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::{OAuthClient, World, asks, error, exchange, parameter, token};
use crate::harness::App;

const ID: &str = "https://client.example/agent.json";

/// A change that makes a response invalid.
type Change = Box<dyn Fn(&mut Served)>;

/// The response of the document's host.
#[derive(Clone)]
pub(super) struct Served {
    status: u16,
    content_type: &'static str,
    pub(super) cache: &'static str,
    pub(super) body: String,
}

pub(super) struct Host {
    pub(super) world: World,
    served: Arc<Mutex<Served>>,
    asked: Arc<AtomicU32>,
}

pub(super) fn document() -> Value {
    json!({
        "client_id": ID,
        "client_name": "Documented agent",
        "redirect_uris": ["https://client.example/callback", "http://127.0.0.1/callback"],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
    })
}

impl Host {
    /// A [`World`] in which `client.example` serves a document.
    pub(super) async fn new() -> Self {
        let served = Served {
            status: 200,
            content_type: "application/json",
            cache: "max-age=600",
            body: document().to_string(),
        };
        let (served, asked) = (Arc::new(Mutex::new(served)), Arc::new(AtomicU32::new(0)));
        let (answer, count) = (Arc::clone(&served), Arc::clone(&asked));
        let router = axum::Router::new().fallback(move || {
            count.fetch_add(1, Ordering::SeqCst);
            let served = answer.lock().unwrap().clone();
            let status = axum::http::StatusCode::from_u16(served.status).unwrap();
            let headers = [
                (CONTENT_TYPE, served.content_type),
                (CACHE_CONTROL, served.cache),
                (LOCATION, "https://client.example/elsewhere.json"),
            ];
            let answer = (status, headers, served.body).into_response();
            async move { answer }
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let app = App::start_with(|options| {
            options.variable =
                Arc::new(|name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned()));
            options.client_document_hosts = [("client.example".to_owned(), address)].into();
        })
        .await;
        Self { world: World::of(app).await, served, asked }
    }

    pub(super) fn serve(&self, change: impl FnOnce(&mut Served)) {
        change(&mut self.served.lock().unwrap());
    }
}

pub(super) fn documented() -> OAuthClient {
    let redirect_uri = "https://client.example/callback".to_owned();
    OAuthClient { id: ID.to_owned(), secret: None, redirect_uri }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_a_document_needs_no_registration() {
    let host = Host::new().await;
    let world = &host.world;
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&asks(&documented())).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("Documented agent"));
    assert!(
        page.body.contains("<strong>client.example</strong>"),
        "the host that publishes the app"
    );
    let code = parameter(&browser.allow(&page).await, "code");
    let tokens = token(&world.app, &exchange(&documented(), &code), 200).await;
    assert!(world.opens_mcp(&tokens.text("/access_token")).await);
    let grants = world.person.get("/v1/auth/grants", 200).await;
    assert_eq!(grants.text("/items/0/client_id"), ID);
    let refreshes = world.refreshes(&tokens.text("/refresh_token")).with("client_id", ID);
    token(&world.app, &refreshes, 200).await;
    // With its https redirect URI the page is skipped; with a local one it is shown.
    assert_eq!(browser.authorize(&asks(&documented())).await.status, 303);
    let local = asks(&documented()).with("redirect_uri", "http://127.0.0.1:50123/callback");
    assert_eq!(browser.authorize(&local).await.status, 200, "any loopback port");
    let secret = exchange(&documented(), &code).with("client_secret", "x");
    assert_eq!(error(&token(&world.app, &secret, 401).await), "invalid_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_document_is_refused_and_not_cached() {
    let host = Host::new().await;
    let change = |name: &str, value: Value| {
        let mut document = document();
        document[name] = value;
        document.to_string()
    };
    let without = |name: &str| {
        let mut document = document();
        document.as_object_mut().unwrap().remove(name);
        document.to_string()
    };
    let wrong: Vec<(&str, Change)> = vec![
        ("moved", Box::new(|served| served.status = 302)),
        ("missing", Box::new(|served| served.status = 404)),
        ("created", Box::new(|served| served.status = 201)),
        ("a page", Box::new(|served| served.content_type = "text/html")),
        ("no JSON", Box::new(|served| served.body = "{".to_owned())),
        ("too large", Box::new(|served| served.body.push_str(&" ".repeat(5 * 1024)))),
        ("another id", {
            let body = change("client_id", json!("https://client.example/other.json"));
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("no name", {
            let body = without("client_name");
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("no addresses", {
            let body = without("redirect_uris");
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("bad addresses", {
            let body = change("redirect_uris", json!(["javascript:alert(1)", "http://a.example"]));
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("a secret", {
            let body = change("client_secret", json!("x"));
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("the end of a secret", {
            let body = change("client_secret_expires_at", json!(0));
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("a shared secret", {
            let body = change("token_endpoint_auth_method", json!("client_secret_basic"));
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("a private key", {
            let body =
                change("jwks", json!({ "keys": [{ "kty": "EC", "crv": "P-256", "d": "x" }] }));
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("a shared secret, or nothing", {
            let mut document = document();
            document["token_endpoint_auth_method"] = json!("client_secret_jwt");
            document["token_endpoint_auth_methods_supported"] = json!(["none"]);
            let body = document.to_string();
            Box::new(move |served| served.body.clone_from(&body))
        }),
        ("no codes", {
            let body = change("grant_types", json!(["implicit"]));
            Box::new(move |served| served.body.clone_from(&body))
        }),
    ];
    let right = host.served.lock().unwrap().clone();
    let mut browser = host.world.browser();
    for (what, change) in wrong {
        host.serve(|served| change(served));
        let before = host.asked.load(Ordering::SeqCst);
        let page = browser.authorize(&asks(&documented())).await;
        assert_eq!(page.status, 400, "{what}");
        assert!(!page.headers.contains_key("location"), "{what}");
        let asked = host.asked.load(Ordering::SeqCst) - before;
        assert_eq!(asked, 1, "{what}: errors are not kept, redirects not followed");
        host.serve(|served| *served = right.clone());
    }
    assert_eq!(browser.authorize(&asks(&documented())).await.status, 200);
    let other = asks(&documented()).with("redirect_uri", "https://client.example/other");
    assert_eq!(browser.authorize(&other).await.status, 400, "a redirect URI that is not listed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_key_jwt_client_may_fall_back_to_none() {
    let host = Host::new().await;
    let mut document = document();
    document["token_endpoint_auth_method"] = "private_key_jwt".into();
    host.serve(|served| served.body = document.to_string());
    assert_eq!(host.world.browser().authorize(&asks(&documented())).await.status, 400);
    document["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt", "none"]);
    host.serve(|served| served.body = document.to_string());
    assert_eq!(host.world.browser().authorize(&asks(&documented())).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_only_local_redirects_gets_a_warning() {
    let host = Host::new().await;
    let mut document = document();
    document["redirect_uris"] = json!(["http://localhost/callback"]);
    host.serve(|served| served.body = document.to_string());
    let local = asks(&documented()).with("redirect_uri", "http://localhost:50123/callback");
    let page = host.world.signed_in().await.authorize(&local).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("class=\"warning\""), "{}", page.body);
    assert!(page.body.contains("<strong>localhost</strong>"), "the host of the redirect");
    assert!(
        page.body.contains("<strong>client.example</strong>"),
        "the host that publishes the app"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_cached_as_their_headers_say() {
    for (cache, expected) in [("max-age=600", 1), ("no-store", 3), ("max-age=0", 3)] {
        let host = Host::new().await;
        host.serve(|served| served.cache = cache);
        let mut browser = host.world.browser();
        for _ in 0..3 {
            assert_eq!(browser.authorize(&asks(&documented())).await.status, 200);
        }
        assert_eq!(host.asked.load(Ordering::SeqCst), expected, "{cache}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn urls_into_private_networks_are_not_fetched() {
    let host = Host::new().await;
    let mut browser = host.world.browser();
    for id in [
        // A name that resolves to this machine.
        "https://localhost/agent.json",
        "https://127.0.0.1/agent.json",
        "https://[::1]/agent.json",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/agent.json",
        "https://client.example:8443/agent.json",
        "https://user@client.example/agent.json",
        "https://user:password@client.example/agent.json",
        "https://client.example/../agent.json",
        "https://client.example/./agent.json",
        "https://client.example/a/%2e%2e/agent.json",
        "https://client.example/",
        "https://client.example",
        "https://client.example/agent.json#part",
        "https://CLIENT.example/agent.json",
    ] {
        let page = browser.authorize(&asks(&documented()).with("client_id", id)).await;
        assert_eq!(page.status, 400, "{id}");
        assert!(!page.headers.contains_key("location"), "{id}");
    }
    let plain = asks(&documented()).with("client_id", "http://client.example/agent.json");
    assert_eq!(browser.authorize(&plain).await.status, 400);
    assert_eq!(host.asked.load(Ordering::SeqCst), 0);
}
