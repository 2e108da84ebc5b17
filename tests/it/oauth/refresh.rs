//! Refresh tokens of clients.

use super::{Form, REDIRECT, World, claims, error, register_client, token};
use crate::harness::{Answer, App};

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_rotated() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks()).await;
    let next = token(&world.app, &world.refreshes(&tokens.text("/refresh_token")), 200).await;
    assert_ne!(next.text("/refresh_token"), tokens.text("/refresh_token"));
    assert_eq!(next.text("/scope"), "profile posts:read posts:write");
    assert_eq!(next.json["expires_in"], 600);
    let claims = claims(&next.text("/access_token"));
    assert_eq!(claims["aud"], world.url("/mcp"));
    assert!(world.opens_mcp(&next.text("/access_token")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_can_narrow_scopes_but_not_add_any() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks()).await;
    let refreshes = world.refreshes(&tokens.text("/refresh_token"));
    for more in ["profile posts:publish", "admin", "everything"] {
        let refused = token(&world.app, &refreshes.clone().with("scope", more), 400).await;
        assert_eq!(error(&refused), "invalid_scope", "{more}");
    }
    for wrong in [world.url(""), "https://other.example".to_owned()] {
        let refused = token(&world.app, &refreshes.clone().with("resource", &wrong), 400).await;
        assert_eq!(error(&refused), "invalid_target");
    }
    // None of these used up the token.
    let few = refreshes.with("scope", "profile").with("resource", &world.url("/mcp"));
    let few = token(&world.app, &few, 200).await;
    assert_eq!(few.text("/scope"), "profile");
    assert_eq!(claims(&few.text("/access_token"))["scope"], "profile");
    let all = token(&world.app, &world.refreshes(&few.text("/refresh_token")), 200).await;
    assert_eq!(all.text("/scope"), "profile posts:read posts:write", "the grant keeps its scopes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrowed_token_opens_no_more_than_it_names() {
    let world = World::new().await;
    let api = world.asks().with("resource", &world.url(""));
    let tokens = world.tokens(&api).await;
    let opens = async |tokens: &Answer, status| {
        let client = world.app.with_token(&tokens.text("/access_token"));
        client.get("/v1/manage/posts", status).await
    };
    opens(&tokens, 200).await;
    let form = world.refreshes(&tokens.text("/refresh_token"));
    let few = token(&world.app, &form.with("scope", "profile posts:write"), 200).await;
    let refused = opens(&few, 403).await;
    let challenge = refused.header("www-authenticate");
    assert!(challenge.contains("scope=\"profile posts:read posts:write\""), "{challenge}");
    let all = token(&world.app, &world.refreshes(&few.text("/refresh_token")), 200).await;
    opens(&all, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_client_can_neither_use_nor_end_it() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks()).await;
    let token_text = tokens.text("/refresh_token");
    let other = register_client(&world.app, REDIRECT, "none").await;
    let stolen = world.refreshes(&token_text).with("client_id", &other.id);
    assert_eq!(error(&token(&world.app, &stolen, 400).await), "invalid_grant");
    let body = serde_json::json!({ "refresh_token": token_text });
    world.app.anonymous().post("/v1/auth/refresh", body, 401).await;
    let next = token(&world.app, &world.refreshes(&token_text), 200).await;
    // A person's refresh token does not work here.
    let person = world.app.tokens(&world.email).await.text("/refresh_token");
    assert_eq!(error(&token(&world.app, &world.refreshes(&person), 400).await), "invalid_grant");
    let body = serde_json::json!({ "refresh_token": person });
    world.app.anonymous().post("/v1/auth/refresh", body, 200).await;
    assert!(world.opens_mcp(&next.text("/access_token")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_token_works_for_30_seconds_and_then_ends_the_grant() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let tokens = world.tokens(&world.asks()).await;
    let first = world.refreshes(&tokens.text("/refresh_token"));
    let second = token(&world.app, &first, 200).await;
    clock.advance(30);
    let again = token(&world.app, &first, 200).await;
    assert_eq!(again.text("/refresh_token"), second.text("/refresh_token"), "the same successor");
    clock.advance(1);
    assert_eq!(error(&token(&world.app, &first, 400).await), "invalid_grant");
    let heir = world.refreshes(&second.text("/refresh_token"));
    assert_eq!(error(&token(&world.app, &heir, 400).await), "invalid_grant");
    assert!(!world.opens_mcp(&second.text("/access_token")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_expires_when_idle_and_after_its_lifetime() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let tokens = world.tokens(&world.asks()).await;
    clock.advance(15 * 24 * 3600);
    let idle = world.refreshes(&tokens.text("/refresh_token"));
    assert_eq!(error(&token(&world.app, &idle, 400).await), "invalid_grant");
    let mut newest = world.tokens(&world.asks()).await;
    for _ in 0..8 {
        clock.advance(11 * 24 * 3600);
        let form = world.refreshes(&newest.text("/refresh_token"));
        newest = token(&world.app, &form, 200).await;
    }
    clock.advance(3 * 24 * 3600);
    let form = world.refreshes(&newest.text("/refresh_token"));
    assert_eq!(error(&token(&world.app, &form, 400).await), "invalid_grant", "after 90 days");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_texts_are_not_refresh_tokens() {
    let world = World::new().await;
    for text in ["x", "bgt_", "bgt_AAAA", &format!("bgt_{}", "A".repeat(91))] {
        assert_eq!(error(&token(&world.app, &world.refreshes(text), 400).await), "invalid_grant");
    }
    let form = Form::new(&[("grant_type", "refresh_token"), ("client_id", &world.client.id)]);
    assert_eq!(error(&token(&world.app, &form, 400).await), "invalid_request");
}
