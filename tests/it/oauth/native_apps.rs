//! Clients that return to an app by a scheme of its own, and clients without a way to a document.

use std::sync::Arc;

use serde_json::json;

use super::{World, asks, error, exchange, parameter, register_client, registration, token};
use crate::harness::App;

const CURSOR: &str = "cursor://anysphere.cursor-mcp/oauth/callback";

/// Without rate limits, with further variables.
async fn app_with(variables: &'static [(&'static str, &'static str)]) -> App {
    App::start_with(|options| {
        options.variable = Arc::new(move |name: &str| {
            let given = variables.iter().find(|(known, _)| *known == name);
            let given = given.or((name == "BYLINE_RATE_LIMITS").then_some(&("", "off")));
            given.map(|(_, value)| (*value).to_owned())
        });
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn cursor_registers_and_gets_tokens_by_its_own_scheme() {
    let world = World::new().await;
    // As the program sends it, with its other callbacks.
    let body = json!({
        "client_name": "Cursor",
        "redirect_uris": [
            CURSOR,
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://localhost:8787/callback",
        ],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "web",
    });
    let made = world.app.anonymous().post("/oauth/register", body, 201).await;
    let client = super::OAuthClient::of(&made, CURSOR);
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&asks(&client)).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("the app Cursor on this device"), "{}", page.body);
    assert!(page.body.contains(CURSOR), "the whole URI is shown");
    assert!(page.body.contains("class=\"warning\""), "any app can claim a scheme");
    let first = browser.allow(&page).await;
    assert!(first.header("location").starts_with(&format!("{CURSOR}?code=")));
    // The page is still there if the app did not open, and says what to do.
    assert!(page.body.contains("press the button again"), "{}", page.body);
    let answer = browser.allow(&page).await;
    assert_ne!(answer.header("location"), first.header("location"));
    let tokens = token(&world.app, &exchange(&client, &parameter(&answer, "code")), 200).await;
    assert!(world.opens_mcp(&tokens.text("/access_token")).await);
    // Nothing proves who claims the scheme, so the page is shown each time.
    assert_eq!(browser.authorize(&asks(&client)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_of_known_agents_are_accepted_and_their_deep_links_are_not() {
    let app = app_with(&[]).await;
    for uri in [
        CURSOR,
        "vscode://vscode.mcp/oauth/callback",
        "vscode-insiders://saoudrizwan.claude-dev/mcp-auth/callback/4f9a",
        "windsurf://codeium.windsurf/callback",
        "warp://mcp/oauth2callback",
        "raycast://oauth?package_name=mcp_server_byline",
        "zed://mcp/oauth/callback",
    ] {
        register_client(&app, uri, "none").await;
    }
    for uri in [
        "cursor://anysphere.cursor-deeplink/mcp/install?name=x&config=e30",
        "cursor://anysphere.cursor-deeplink/mcp/install/callback",
        "cursor://anysphere.cursor-deeplink/prompt/callback",
        "vscode://file/etc/passwd",
        "vscode://file.txt/c:/windows/callback",
        "vscode://vscode.git/clone/callback",
        "warp://action/new_tab",
        "myapp://oauth/callback",
        "javascript://a.b/callback",
    ] {
        let body = registration(uri, "none");
        let refused = app.anonymous().post("/oauth/register", body, 400).await;
        assert_eq!(error(&refused), "invalid_redirect_uri", "{uri}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_scheme_is_matched_byte_for_byte() {
    let world = World::new().await;
    let client = register_client(&world.app, CURSOR, "none").await;
    for sent in [
        "cursor://anysphere.cursor-mcp/oauth/callback/",
        "cursor://anysphere.cursor-mcp/oauth/callback?x=1",
        "cursor://anysphere.cursor-mcp:8787/oauth/callback",
        "Cursor://anysphere.cursor-mcp/oauth/callback",
        "vscode://vscode.mcp/oauth/callback",
    ] {
        let page = world.browser().authorize(&asks(&client).with("redirect_uri", sent)).await;
        assert_eq!(page.status, 400, "{sent}");
        assert!(!page.headers.contains_key("location"), "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_can_allow_further_redirect_uris() {
    let app =
        app_with(&[("BYLINE_OAUTH_REDIRECT_URIS", "myapp://oauth/callback, other://x")]).await;
    let world = World::of(app).await;
    let client = register_client(&world.app, "myapp://oauth/callback", "none").await;
    let page = world.signed_in().await.authorize(&asks(&client)).await;
    assert!(page.body.contains("the app for myapp: links on this device"), "{}", page.body);
    let body = registration("myapp://oauth/callback/more", "none");
    world.app.anonymous().post("/oauth/register", body, 400).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_metadata_documents_clients_register_and_are_told_so() {
    let app = app_with(&[("BYLINE_OAUTH_DOCUMENTS", "off")]).await;
    let world = World::of(app).await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata = world.app.anonymous().get(path, 200).await;
    assert!(metadata.json.get("client_id_metadata_document_supported").is_none());
    assert!(metadata.json.get("registration_endpoint").is_some());
    let documented = world.asks().with("client_id", "https://agent.example/client.json");
    let page = world.browser().authorize(&documented).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("add it again"), "{}", page.body);
    let code = world.code(&world.asks()).await;
    token(&world.app, &world.exchange(&code), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_fetched_gets_a_page_that_says_what_to_do() {
    let world = World::new().await;
    // Resolves to this machine, where nothing is fetched: as good as no way out.
    let documented = world.asks().with("client_id", "https://localhost/client.json");
    let page = world.browser().authorize(&documented).await;
    assert_eq!(page.status, 400);
    for said in ["could not be loaded from localhost", "OAuthDocuments", "add it again", "API key"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
}
