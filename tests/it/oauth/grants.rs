//! Grants: how users list and revoke the apps that they authorized.

use serde_json::json;

use super::{World, error, token};
use crate::harness::PASSWORD;

#[tokio::test(flavor = "multi_thread")]
async fn grants_are_listed_apart_from_sessions_and_revoked_at_once() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks()).await;
    let other = world.tokens(&world.asks()).await;
    let grants = world.person.get("/v1/auth/grants", 200).await;
    assert_eq!(grants.json["items"].as_array().unwrap().len(), 2);
    assert_eq!(grants.text("/items/0/client_name"), "Test agent");
    assert_eq!(grants.text("/items/0/client_id"), world.client.id);
    assert_eq!(grants.text("/items/0/resource"), world.url("/mcp"));
    let scopes = json!(["profile", "posts:read", "posts:write"]);
    assert_eq!(grants.json["items"][0]["scopes"], scopes);
    let sessions = world.person.get("/v1/auth/sessions?limit=100", 200).await.body;
    for grant in grants.json["items"].as_array().unwrap() {
        let ulid = grant["id"].as_str().unwrap().strip_prefix("grant_").unwrap();
        assert!(!sessions.contains(ulid), "a grant is not listed as a session");
    }

    let first = format!("/v1/auth/grants/{}", grants.text("/items/1/id"));
    world.person.delete(&first, 204).await;
    world.person.delete(&first, 404).await;
    assert!(!world.opens_mcp(&tokens.text("/access_token")).await);
    let refresh = world.refreshes(&tokens.text("/refresh_token"));
    assert_eq!(error(&token(&world.app, &refresh, 400).await), "invalid_grant");
    assert!(!world.opens_mcp(&other.text("/access_token")).await, "all grants of the client ended");
    // The consent is revoked, too: the user is asked again.
    let page = world.signed_in().await.authorize(&world.asks()).await;
    assert_eq!(page.status, 200);
    let log = world.app.admin().await.get("/v1/admin/audit?limit=100", 200).await.body;
    for event in ["client_registered", "consent_given", "grant_issued", "grant_revoked"] {
        assert!(log.contains(event), "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_users_grant_cannot_be_revoked() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks()).await;
    let grant = world.person.get("/v1/auth/grants", 200).await.text("/items/0/id");
    let path = format!("/v1/auth/grants/{grant}");
    world.app.admin().await.delete(&path, 404).await;
    assert!(world.opens_mcp(&tokens.text("/access_token")).await);
    // A session is not a grant.
    let session = world.person.get("/v1/auth/sessions", 200).await.text("/items/0/id");
    let path = format!("/v1/auth/grants/{}", session.replace("sess_", "grant_"));
    world.person.delete(&path, 404).await;
    world.person.get("/v1/users/me", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_all_sessions_ends_grants() {
    for ending in ["logout-all", "password", "disable"] {
        let world = World::new().await;
        let tokens = world.tokens(&world.asks()).await;
        let mut browser = world.signed_in().await;
        assert!(world.opens_mcp(&tokens.text("/access_token")).await);
        match ending {
            "logout-all" => {
                world.person.post("/v1/auth/logout-all", json!({}), 200).await;
            }
            "password" => {
                let body = json!({
                    "current_password": PASSWORD,
                    "new_password": "entirely different words",
                });
                world.person.post("/v1/auth/password/change", body, 200).await;
            }
            _ => {
                let id = world.person.get("/v1/users/me", 200).await.text("/id");
                let path = format!("/v1/users/{id}");
                let body = json!({ "disabled": true });
                world.app.admin().await.patch(&path, body, 200).await;
            }
        }
        assert!(!world.opens_mcp(&tokens.text("/access_token")).await, "{ending}");
        let refresh = world.refreshes(&tokens.text("/refresh_token"));
        assert_eq!(error(&token(&world.app, &refresh, 400).await), "invalid_grant", "{ending}");
        let page = browser.authorize(&world.asks()).await;
        assert!(page.body.contains("autocomplete=\"current-password\""), "{ending}: signed out");
    }
}
