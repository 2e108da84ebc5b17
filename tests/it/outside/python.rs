//! The official Python client, from nothing but the URL: `tests/outside/client/client.py`.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use byline_shared::model::Role;
use serde_json::json;
use tokio::net::TcpListener;

use super::{file, run};
use crate::harness::{App, PASSWORD, tools};

/// The document of a program that is not registered.
const DOCUMENT: &str = "https://agent.example/client.json";

/// An editor's address, at a site that publishes what agents write.
pub(super) async fn editor(app: &App) -> String {
    let settings = json!({ "agent_publishing": "allowed" });
    app.admin().await.patch("/v1/admin/settings", settings, 200).await;
    let editor = app.user(Role::Editor).await;
    editor.get("/v1/users/me", 200).await.text("/email")
}

/// Serves the document, and says where.
async fn host() -> SocketAddr {
    let document = json!({
        "client_id": DOCUMENT,
        "client_name": "Outside",
        // Whatever the port is.
        "redirect_uris": ["http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/client.json", get(async || Json(document)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Runs the client, and holds it to the lines that it prints when all went well.
async fn walks(era: &str, document: Option<&str>) {
    if !tools::full_tier_has("python3", &["-c", "import mcp.client.streamable_http"]) {
        return;
    }
    let host = host().await;
    let app = App::start_with(|options| {
        options.variable =
            Arc::new(|name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned()));
        options.client_document_hosts.insert("agent.example".to_owned(), host);
    });
    let app = app.await;
    let email = editor(&app).await;
    let url = format!("http://{}/mcp", app.byline.address);
    let mut client = Command::new("python3");
    client.arg(file("client/client.py")).args([&url, &email, PASSWORD, era]).args(document);
    let (went_well, said) = run(client).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 8, "{said}");
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_2026_comes_in_with_the_url_alone() {
    walks("modern", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_2025_comes_in_with_the_url_alone() {
    walks("legacy", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_known_by_its_document_need_not_register() {
    walks("modern", Some(DOCUMENT)).await;
}
