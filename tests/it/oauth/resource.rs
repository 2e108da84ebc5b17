//! The two resources, MCP and the REST API: which tokens they accept, and their challenges (RFC 6750,
//! RFC 9728).

use http::Method;
use serde_json::json;

use super::{Form, World, post, token};
use crate::harness::Answer;

fn list() -> serde_json::Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} })
}

fn challenge(answer: &Answer) -> String {
    answer.header("www-authenticate").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_the_challenge_has_metadata_and_no_error() {
    let world = World::new().await;
    let answer = world.app.anonymous().post("/mcp", list(), 401).await;
    let metadata = world.url("/.well-known/oauth-protected-resource/mcp");
    let scopes = "profile posts:read posts:write posts:propose media:write";
    let expected = format!("Bearer resource_metadata=\"{metadata}\", scope=\"{scopes}\"");
    assert_eq!(challenge(&answer), expected);
    let wrong = world.app.with_token("wrong").post("/mcp", list(), 401).await;
    assert!(challenge(&wrong).starts_with("Bearer error=\"invalid_token\","));
    assert!(challenge(&wrong).contains(&format!("resource_metadata=\"{metadata}\"")));
    assert!(!challenge(&wrong).contains("offline_access"));
    // The URL serves the metadata.
    let path = metadata.strip_prefix(&world.url("")).unwrap();
    world.app.anonymous().get(path, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_or_revoked_token_is_invalid() {
    let (app, clock) = crate::harness::App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let over = world.tokens(&world.asks()).await.text("/access_token");
    clock.advance(600);
    let taken_back = world.tokens(&world.asks()).await.text("/access_token");
    let form = Form::new(&[("client_id", &world.client.id), ("token", &taken_back)]);
    post(&world.app, "/oauth/revoke", &form, 200).await;
    for token in [over, taken_back] {
        let answer = world.app.with_token(&token).post("/mcp", list(), 401).await;
        let challenge = challenge(&answer);
        assert!(challenge.starts_with("Bearer error=\"invalid_token\","), "{challenge}");
        assert!(challenge.contains("resource_metadata=\""), "{challenge}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_sent_in_two_ways_is_rejected() {
    let world = World::new().await;
    let token = world.tokens(&world.asks()).await.text("/access_token");
    let client = world.app.with_token(&token);
    let refused = client.post(&format!("/mcp?x=1&access_token={token}"), list(), 400).await;
    assert!(challenge(&refused).starts_with("Bearer error=\"invalid_request\""));
    assert_eq!(refused.header("content-type"), "application/json");
    assert!(!refused.body.contains(&token) && refused.json["error"]["code"] == -32600);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("access_token={token}");
    client.send_raw(Method::POST, "/mcp", &form, Some(body.clone()), 400).await;
    let anyone = world.app.anonymous();
    let refused = anyone.send_raw(Method::POST, "/mcp", &form, Some(body), 401).await;
    assert!(!challenge(&refused).contains("error="), "a token in the body is not read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_only_at_its_own_resource() {
    let world = World::new().await;
    let mcp = world.tokens(&world.asks()).await.text("/access_token");
    let api = world.asks().with("resource", &world.url(""));
    let api = world.tokens(&api).await.text("/access_token");
    let first_party = world.person.token.clone().unwrap();
    for (token, at_mcp, at_api) in [(&mcp, 200, 401), (&api, 401, 200), (&first_party, 401, 200)] {
        let client = world.app.with_token(token);
        client.post("/mcp", list(), at_mcp).await;
        client.get("/v1/users/me", at_api).await;
    }
    // A token for the other resource is told so, and how to get the right one.
    let (api, mcp_url) = (world.url(""), world.url("/mcp"));
    let metadata = format!("{api}/.well-known/oauth-protected-resource");
    let answer = world.app.with_token(&mcp).get("/v1/users/me", 401).await;
    let expected = format!(
        "Bearer error=\"invalid_token\", error_description=\"this token is for {mcp_url}, not for \
         {api}; ask for one with resource={api}\", resource_metadata=\"{metadata}\""
    );
    assert_eq!(challenge(&answer), expected);
    assert!(answer.text("/detail").contains(&format!("resource={api}")), "{}", answer.body);
    let answer = world.app.with_token(&first_party).post("/mcp", list(), 401).await;
    let told = challenge(&answer);
    assert!(told.contains(&format!("this token is for {api}, not for {mcp_url}; ")), "{told}");
    assert!(told.contains(&format!("ask for one with resource={mcp_url}\"")), "{told}");
    assert!(told.contains(&format!("resource_metadata=\"{metadata}/mcp\"")), "{told}");
    let key = json!({ "name": "Key", "scopes": ["profile"] });
    let key = world.person.post("/v1/auth/api-keys", key, 201).await.text("/key");
    world.app.with_token(&key).post("/mcp", list(), 200).await;
    world.app.with_token(&key).get("/v1/users/me", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn insufficient_scope_names_all_needed_scopes() {
    let world = World::new().await;
    let asks = world.asks().with("resource", &world.url("")).with("scope", "profile posts:read");
    let client = world.app.with_token(&world.tokens(&asks).await.text("/access_token"));
    let draft = crate::harness::draft("Words");
    let refused = client.post("/v1/manage/posts", draft, 403).await;
    let challenge = challenge(&refused);
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"profile posts:read posts:write\""), "{challenge}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_query_is_ignored() {
    let world = World::new().await;
    let token = world.tokens(&world.asks()).await.text("/access_token");
    let path = format!("/mcp?access_token={token}");
    world.app.anonymous().post(&path, list(), 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_cannot_change_credentials() {
    let world = World::new().await;
    let all = "profile posts:read posts:write posts:publish posts:delete media:write admin";
    let asks = world.asks().with("resource", &world.url("")).with("scope", all);
    let client = world.app.with_token(&world.tokens(&asks).await.text("/access_token"));
    client.get("/v1/users/me", 200).await;
    for path in ["/v1/auth/sessions", "/v1/auth/grants", "/v1/auth/api-keys"] {
        client.get(path, 403).await.is_problem("forbidden");
    }
    let key = json!({ "name": "Key", "scopes": ["profile"] });
    client.post("/v1/auth/api-keys", key, 403).await;
    client.post("/v1/auth/logout-all", json!({}), 403).await;
    client.post("/v1/auth/totp", json!({}), 403).await;
    let change = json!({ "current_password": "x", "new_password": "another long password" });
    client.post("/v1/auth/password/change", change, 403).await;
    let person = world.person.get("/v1/users/me", 200).await.text("/id");
    client.patch(&format!("/v1/users/{person}"), json!({ "role": "admin" }), 403).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_are_recorded_with_the_client() {
    let world = World::new().await;
    let asks = world.asks().with("resource", &world.url(""));
    let client = world.app.with_token(&world.tokens(&asks).await.text("/access_token"));
    let grants = world.person.get("/v1/auth/grants", 200).await;
    let post = client.post("/v1/manage/posts", crate::harness::draft("Words"), 201).await;
    let path = format!("/v1/manage/posts/{}/provenance", post.text("/id"));
    let provenance = world.person.get(&path, 200).await;
    assert_eq!(provenance.text("/contributors/0/kind"), "mcp_client", "an agent");
    assert_eq!(provenance.text("/contributors/0/client"), "Test agent");
    assert_eq!(provenance.text("/contributors/0/grant_id"), grants.text("/items/0/id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_role_limits_what_a_client_may_do() {
    let world = World::new().await;
    let asks = world.asks().with("resource", &world.url(""));
    let client = world.app.with_token(&world.tokens(&asks).await.text("/access_token"));
    client.get("/v1/manage/posts", 200).await;
    let id = world.person.get("/v1/users/me", 200).await.text("/id");
    let path = format!("/v1/users/{id}");
    world.app.admin().await.patch(&path, json!({ "role": "reader" }), 200).await;
    client.get("/v1/manage/posts", 403).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_expires_after_ten_minutes() {
    let (app, clock) = crate::harness::App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let tokens = world.tokens(&world.asks()).await;
    let access = tokens.text("/access_token");
    clock.advance(599);
    assert!(world.opens_mcp(&access).await);
    clock.advance(1);
    assert!(!world.opens_mcp(&access).await);
    let next = token(&world.app, &world.refreshes(&tokens.text("/refresh_token")), 200).await;
    assert!(world.opens_mcp(&next.text("/access_token")).await);
}
