//! Metadata of the authorization server (RFC 8414) and of the protected resource (RFC 9728).

use serde_json::json;

use super::{World, claims, parameter};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn server_metadata_is_complete() {
    let world = World::new().await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata = world.app.anonymous().get(path, 200).await;
    assert_eq!(metadata.header("content-type"), "application/json");
    let issuer = world.url("");
    assert_eq!(metadata.text("/issuer"), issuer, "byte for byte");
    for (name, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("revocation_endpoint", "/oauth/revoke"),
        ("introspection_endpoint", "/oauth/introspect"),
        ("registration_endpoint", "/oauth/register"),
        ("jwks_uri", "/.well-known/jwks.json"),
    ] {
        assert_eq!(metadata.json[name], format!("{issuer}{path}"), "{name}");
    }
    assert_eq!(metadata.json["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata.json["response_types_supported"], json!(["code"]));
    let grants = json!(["authorization_code", "refresh_token"]);
    assert_eq!(metadata.json["grant_types_supported"], grants);
    assert_eq!(metadata.json["authorization_response_iss_parameter_supported"], true);
    assert_eq!(metadata.json["client_id_metadata_document_supported"], true);
    let methods = json!(["none", "client_secret_basic", "client_secret_post"]);
    assert_eq!(metadata.json["token_endpoint_auth_methods_supported"], methods);
    assert!(!metadata.body.contains("offline_access") && !metadata.body.contains("device"));
    for (name, value) in metadata.json.as_object().unwrap() {
        assert!(*value != json!([]) && *value != json!(null), "{name} has no value");
    }
    world.app.anonymous().get("/.well-known/jwks.json", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_well_known_urls_are_not_found() {
    let world = World::new().await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/mcp",
        "/.well-known/openid-configuration/mcp",
        "/mcp/.well-known/openid-configuration",
        "/.well-known/oauth-protected-resource/v1",
    ] {
        world.app.anonymous().get(path, 404).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_all_urls_are_https_and_resources_are_normalised() {
    let app = App::start_with(|options| {
        options.variable = |name| match name {
            "BYLINE_PUBLIC_URL" => Some("https://api.example.com".to_owned()),
            "BYLINE_RATE_LIMITS" => Some("off".to_owned()),
            _ => None,
        };
    })
    .await;
    let world = World::of(app).await;
    for path in ["oauth-authorization-server", "oauth-protected-resource/mcp"] {
        let path = format!("/.well-known/{path}");
        let metadata = world.app.anonymous().get(&path, 200).await;
        for (name, value) in metadata.json.as_object().unwrap() {
            let is_name = name == "resource_name";
            let is_https = |url: &str| url.starts_with("https://api.example.com");
            assert!(is_name || value.as_str().is_none_or(is_https), "{name}: {value}");
        }
    }
    let mcp = "https://api.example.com/mcp";
    for spelling in [mcp, "HTTPS://api.example.com/mcp", "https://API.Example.COM:443/mcp"] {
        let asks = world.asks().with("resource", spelling);
        let code = world.code(&asks).await;
        let form = world.exchange(&code).with("resource", spelling);
        let tokens = super::token(&world.app, &form, 200).await;
        let access = tokens.text("/access_token");
        assert_eq!(claims(&access)["aud"], mcp, "{spelling}");
        assert!(world.opens_mcp(&access).await, "{spelling}");
    }
    let other = world.asks().with("resource", "https://api.example.com/MCP");
    let back = world.browser().authorize(&other).await;
    assert_eq!(parameter(&back, "error"), "invalid_target", "the path is case-sensitive");
}

#[tokio::test(flavor = "multi_thread")]
async fn mcp_resource_metadata_is_at_both_paths() {
    let world = World::new().await;
    for path in ["", "/mcp"] {
        let path = format!("/.well-known/oauth-protected-resource{path}");
        let metadata = world.app.anonymous().get(&path, 200).await;
        assert_eq!(metadata.header("content-type"), "application/json");
        assert_eq!(metadata.text("/resource"), world.url("/mcp"));
        assert_eq!(metadata.json["authorization_servers"], json!([world.url("")]));
        assert_eq!(metadata.json["bearer_methods_supported"], json!(["header"]));
        let scopes = metadata.json["scopes_supported"].as_array().unwrap();
        assert_eq!(scopes.len(), 5, "only those for everyday work: {scopes:?}");
        assert!(!metadata.body.contains("offline_access"));
        for (name, value) in metadata.json.as_object().unwrap() {
            assert!(*value != json!([]) && *value != json!(null), "{name} has no value");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registration_can_be_switched_off() {
    let off = |name: &str| (name == "BYLINE_OAUTH_REGISTRATION").then(|| "off".to_owned());
    let app = App::start_with(|options| options.variable = off).await;
    let anyone = app.anonymous();
    let metadata = anyone.get("/.well-known/oauth-authorization-server", 200).await;
    assert!(metadata.json.get("registration_endpoint").is_none());
    let body = json!({ "redirect_uris": ["https://agent.example/callback"] });
    let refused = anyone.post("/oauth/register", body, 403).await;
    assert_eq!(super::error(&refused), "access_denied");
}
