//! RFC 8414 and RFC 9728.

use serde_json::json;

use super::World;
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_what_it_can_do() {
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
    assert!(!metadata.body.contains("offline_access"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mcp_endpoint_is_described_where_clients_look() {
    let world = World::new().await;
    for path in ["", "/mcp"] {
        let path = format!("/.well-known/oauth-protected-resource{path}");
        let metadata = world.app.anonymous().get(&path, 200).await;
        assert_eq!(metadata.text("/resource"), world.url("/mcp"));
        assert_eq!(metadata.json["authorization_servers"], json!([world.url("")]));
        assert_eq!(metadata.json["bearer_methods_supported"], json!(["header"]));
        let scopes = metadata.json["scopes_supported"].as_array().unwrap();
        assert_eq!(scopes.len(), 5, "the ordinary ones alone: {scopes:?}");
        assert!(!metadata.body.contains("offline_access"));
        for (name, value) in metadata.json.as_object().unwrap() {
            assert!(*value != json!([]) && *value != json!(null), "{name} has no value");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_registration_no_endpoint_is_named_and_nobody_registers() {
    let off = |name: &str| (name == "BYLINE_OAUTH_REGISTRATION").then(|| "off".to_owned());
    let app = App::start_with(|options| options.variable = off).await;
    let anyone = app.anonymous();
    let metadata = anyone.get("/.well-known/oauth-authorization-server", 200).await;
    assert!(metadata.json.get("registration_endpoint").is_none());
    let body = json!({ "redirect_uris": ["https://agent.example/callback"] });
    let refused = anyone.post("/oauth/register", body, 403).await;
    assert_eq!(super::error(&refused), "access_denied");
}
