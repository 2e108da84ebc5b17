//! The revisions of 2024 and 2025, at the same endpoint as revision 2026-07-28.

use byline_shared::model::Role;
use serde_json::json;

use super::protocol::raw;
use super::{legacy, modern, names, pair};
use crate::harness::{App, Client};

/// Asserts that results of an older revision lack the fields of the newer one.
async fn has_nothing_newer(agent: &Client, headers: &[(&str, &str)]) {
    let slug = json!({
        "ref": { "type": "ref/resource", "uri": "post://{slug}" },
        "argument": { "name": "slug", "value": "" },
    });
    for (method, params) in [
        ("tools/list", json!({})),
        ("prompts/list", json!({})),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", json!({ "uri": "site://settings" })),
        ("resources/read", json!({ "uri": "schema://post" })),
        ("tools/call", json!({ "name": "whoami", "arguments": {} })),
        ("tools/call", json!({ "name": "post_get", "arguments": {} })),
        ("prompts/get", json!({ "name": "draft_post", "arguments": { "topic": "x" } })),
        ("completion/complete", slug),
    ] {
        let answer = raw(agent, headers, method, params, 200).await;
        let result = answer.json["result"].as_object().unwrap();
        for newer in ["resultType", "ttlMs", "cacheScope", "_meta"] {
            assert!(!result.contains_key(newer), "{method}: {newer} in {}", answer.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_and_new_revisions_share_one_endpoint() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let params = json!({
            "protocolVersion": version,
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let answer = legacy(&agent, "initialize", params).await;
        assert_eq!(answer.text("/result/protocolVersion"), version);
        assert_eq!(answer.text("/result/serverInfo/name"), "byline");
        assert!(!answer.headers.contains_key("mcp-session-id"));
        let capabilities = &answer.json["result"]["capabilities"];
        for capability in ["tools", "resources", "prompts", "completions"] {
            assert!(capabilities[capability].is_object(), "{capability}");
        }
        // Capabilities that need sessions are not declared.
        assert!(!answer.body.contains("listChanged") && !answer.body.contains("subscribe"));
        let headers = [("mcp-protocol-version", version)];
        let listed = raw(&agent, &headers, "tools/list", json!({}), 200).await;
        assert!(!names(&listed).is_empty());
        has_nothing_newer(&agent, &headers).await;
    }
    has_nothing_newer(&agent, &[]).await;
    let old = names(&legacy(&agent, "tools/list", json!({})).await);
    assert_eq!(old, names(&modern(&agent, "tools/list", json!({}), 200).await));
    let unknown = json!({
        "protocolVersion": "2199-01-01",
        "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    let answer = legacy(&agent, "initialize", unknown).await;
    assert_eq!(answer.text("/result/protocolVersion"), "2025-11-25");
    let ping = legacy(&agent, "ping", json!({})).await;
    assert_eq!(ping.json["result"], json!({}));
}
