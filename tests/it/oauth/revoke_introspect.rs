//! Revocation (RFC 7009) and introspection (RFC 7662).

use super::{Form, REDIRECT, World, error, post, register_client, token};

pub(crate) async fn confidential() -> World {
    let mut world = World::new().await;
    world.client = register_client(&world.app, REDIRECT, "client_secret_post").await;
    world
}

pub(crate) fn about(world: &World, text: &str) -> Form {
    let secret = world.client.secret.clone().unwrap();
    Form::new(&[("client_id", &world.client.id), ("client_secret", &secret), ("token", text)])
}

pub(crate) async fn tokens(world: &World) -> (String, String) {
    let code = world.code(&world.asks()).await;
    let secret = world.client.secret.clone();
    let form = world.exchange(&code).with("client_secret", &secret.unwrap_or_default());
    let tokens = token(&world.app, &form, 200).await;
    (tokens.text("/access_token"), tokens.text("/refresh_token"))
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_either_token_ends_both() {
    for which in [0, 1] {
        let world = World::new().await;
        let pair = tokens(&world).await;
        let given = if which == 0 { &pair.0 } else { &pair.1 };
        let form = Form::new(&[("client_id", &world.client.id), ("token", given)]);
        post(&world.app, "/oauth/revoke", &form, 200).await;
        assert!(!world.opens_mcp(&pair.0).await);
        let refresh = world.refreshes(&pair.1);
        assert_eq!(error(&token(&world.app, &refresh, 400).await), "invalid_grant");
        post(&world.app, "/oauth/revoke", &form, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_type_hint_is_ignored() {
    for (is_access, hint) in [(true, "refresh_token"), (false, "access_token"), (true, "made_up")] {
        let world = World::new().await;
        let (access, refresh) = tokens(&world).await;
        let given = if is_access { &access } else { &refresh };
        let form = Form::new(&[
            ("client_id", &world.client.id),
            ("token", given),
            ("token_type_hint", hint),
        ]);
        post(&world.app, "/oauth/revoke", &form, 200).await;
        assert!(!world.opens_mcp(&access).await, "{hint}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confidential_client_cannot_revoke_without_its_secret() {
    let world = confidential().await;
    let (access, _) = tokens(&world).await;
    let bare = Form::new(&[("client_id", &world.client.id), ("token", &access)]);
    for form in [bare.clone(), bare.with("client_secret", "guessed")] {
        let refused = post(&world.app, "/oauth/revoke", &form, 401).await;
        assert_eq!(error(&refused), "invalid_client");
    }
    assert!(world.opens_mcp(&access).await);
    post(&world.app, "/oauth/revoke", &about(&world, &access), 200).await;
    assert!(!world.opens_mcp(&access).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_revocation_is_503_with_retry_after() {
    let world = World::new().await;
    let (access, _) = tokens(&world).await;
    world.app.byline.stop_database();
    let form = Form::new(&[("client_id", &world.client.id), ("token", &access)]);
    let answer = post(&world.app, "/oauth/revoke", &form, 503).await;
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_clients_token_is_not_revoked() {
    let world = World::new().await;
    let (access, refresh) = tokens(&world).await;
    let other = register_client(&world.app, REDIRECT, "none").await;
    let mut answers = Vec::new();
    for text in [access.as_str(), &refresh, "unknown", "a.b.c"] {
        let form = Form::new(&[("client_id", &other.id), ("token", text)]);
        answers.push(post(&world.app, "/oauth/revoke", &form, 200).await.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(world.opens_mcp(&access).await);
    let form = Form::new(&[("client_id", &other.id)]);
    assert_eq!(error(&post(&world.app, "/oauth/revoke", &form, 400).await), "invalid_request");
    let form = Form::new(&[("token", &access)]);
    assert_eq!(error(&post(&world.app, "/oauth/revoke", &form, 401).await), "invalid_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn introspection_describes_the_clients_own_tokens() {
    let world = confidential().await;
    let (access, refresh) = tokens(&world).await;
    let told = post(&world.app, "/oauth/introspect", &about(&world, &access), 200).await;
    assert_eq!(told.json["active"], true);
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("cache-control"), "no-store");
    assert_eq!(told.text("/scope"), "profile posts:read posts:write");
    assert_eq!(told.text("/client_id"), world.client.id);
    assert_eq!(told.text("/aud"), world.url("/mcp"));
    assert_eq!(told.text("/iss"), world.url(""));
    assert!(told.json["exp"].as_i64() > told.json["iat"].as_i64());
    assert!(told.text("/sub").starts_with("user_"));
    let told = post(&world.app, "/oauth/introspect", &about(&world, &refresh), 200).await;
    assert_eq!(told.json["active"], true);
    world.person.post("/v1/auth/logout-all", serde_json::json!({}), 200).await;
    for text in [access, refresh, "unknown".to_owned()] {
        let told = post(&world.app, "/oauth/introspect", &about(&world, &text), 200).await;
        assert_eq!(told.body, r#"{"active":false}"#);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn introspection_reports_other_tokens_as_inactive() {
    let world = confidential().await;
    let (access, refresh) = tokens(&world).await;
    let stranger = register_client(&world.app, REDIRECT, "client_secret_post").await;
    let person = world.person.token.clone().unwrap();
    let key = serde_json::json!({ "name": "Key", "scopes": ["profile"] });
    let key = world.person.post("/v1/auth/api-keys", key, 201).await.text("/key");
    for text in [access.as_str(), &refresh, &person, &key, "unknown", "a.b.c"] {
        let secret = stranger.secret.clone().unwrap();
        let form =
            Form::new(&[("client_id", &stranger.id), ("client_secret", &secret), ("token", text)]);
        let told = post(&world.app, "/oauth/introspect", &form, 200).await;
        assert_eq!(told.body, r#"{"active":false}"#);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn introspection_requires_a_secret() {
    let world = World::new().await;
    let (access, _) = tokens(&world).await;
    for form in [
        Form::new(&[("token", &access)]),
        Form::new(&[("token", &access), ("client_id", &world.client.id)]),
        Form::new(&[
            ("token", &access),
            ("client_id", &world.client.id),
            ("client_secret", "guessed"),
        ]),
        Form::new(&[("token", &access), ("client_id", "https://agent.example/client.json")]),
    ] {
        let refused = post(&world.app, "/oauth/introspect", &form, 401).await;
        assert_eq!(error(&refused), "invalid_client");
    }
}
