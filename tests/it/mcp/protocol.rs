//! Requirements of the specification; `docs/MCP-CONFORMANCE.md` has the table.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{ALL_SCOPES, MODERN, able, agent, ask, call, code, modern, names, pair, request};
use crate::harness::{Answer, App, Client};

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";

/// A request with headers and `_meta` as they are given.
pub(super) async fn raw(
    client: &Client,
    headers: &[(&str, &str)],
    method: &str,
    params: Value,
    status: u16,
) -> Answer {
    client.send(Method::POST, "/mcp", headers, Some(request(method, params)), status).await
}

pub(super) fn meta() -> Value {
    json!({ VERSION: MODERN, CAPABILITIES: {} })
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_takes_post_only_without_sessions() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for method in [Method::GET, Method::DELETE] {
        let answer = agent.send(method, "/mcp", &[("last-event-id", "1")], None, 405).await;
        assert_eq!(answer.header("allow"), "POST");
    }
    let old = [("mcp-session-id", "made-up"), ("last-event-id", "1")];
    let new = [("mcp-protocol-version", MODERN), ("mcp-method", "tools/list"), old[0], old[1]];
    for (headers, params) in [(&old[..], json!({})), (&new[..], json!({ "_meta": meta() }))] {
        let answer = raw(&agent, headers, "tools/list", params, 200).await;
        assert!(!answer.headers.contains_key("mcp-session-id"));
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!names(&answer).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_gets_202_without_a_body() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for body in [
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({
            "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 },
        }),
    ] {
        let answer = agent.send(Method::POST, "/mcp", &[], Some(body), 202).await;
        assert_eq!(answer.body, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_must_match_the_body() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let whoami = || json!({ "name": "whoami", "arguments": {}, "_meta": meta() });
    let version = ("mcp-protocol-version", MODERN);
    let method = ("mcp-method", "tools/call");
    for headers in [
        &[version, method] as &[_],
        &[version, ("mcp-name", "whoami")],
        &[method, ("mcp-name", "whoami")],
        &[version, method, ("mcp-name", "posts_list")],
        &[version, method, ("mcp-name", "Whoami")],
        &[version, ("mcp-method", "tools/list"), ("mcp-name", "whoami")],
        &[("mcp-protocol-version", "2025-11-25"), method, ("mcp-name", "whoami")],
    ] {
        let answer = raw(&agent, headers, "tools/call", whoami(), 400).await;
        assert_eq!(code(&answer), -32020, "{headers:?}");
        assert_eq!(answer.json["id"], 7);
    }
    // Header names are case-insensitive; a value may be in base64.
    let encoded = [("MCP-Protocol-Version", MODERN), ("MCP-METHOD", "tools/call")];
    let encoded = [&encoded[..], &[("Mcp-Name", "=?base64?d2hvYW1p?=")]].concat();
    raw(&agent, &encoded, "tools/call", whoami(), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn required_meta_fields_are_enforced() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let headers = [("mcp-protocol-version", MODERN), ("mcp-method", "tools/list")];
    for lacking in [json!({}), json!({ VERSION: MODERN }), json!({ CAPABILITIES: {} })] {
        let params = json!({ "_meta": lacking });
        let answer = raw(&agent, &headers, "tools/list", params, 400).await;
        assert_eq!(code(&answer), -32602, "{}", answer.body);
    }
    // `clientInfo` is optional.
    raw(&agent, &headers, "tools/list", json!({ "_meta": meta() }), 200).await;
    let headers = [("mcp-protocol-version", "2199-01-01"), ("mcp-method", "tools/list")];
    let params = json!({ "_meta": { VERSION: "2199-01-01", CAPABILITIES: {} } });
    let answer = raw(&agent, &headers, "tools/list", params, 400).await;
    assert_eq!(code(&answer), -32022);
    let data = &answer.json["error"]["data"];
    assert_eq!(data["requested"], "2199-01-01");
    assert!(data["supported"].as_array().unwrap().contains(&json!(MODERN)));
    // An unknown version in the header only.
    for unknown in ["1999-01-01", "2199-01-01"] {
        let headers = [("mcp-protocol-version", unknown)];
        let answer = raw(&agent, &headers, "tools/list", json!({}), 400).await;
        assert_eq!((code(&answer), &answer.json["id"]), (-32022, &json!(7)));
        assert_eq!(answer.text("/error/data/requested"), unknown);
        assert!(answer.body.contains("\"2025-11-25\""), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_methods_and_names_have_their_codes() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for method in ["no/such/method", "ping", "logging/setLevel", "resources/subscribe", "tasks/get"]
    {
        let answer = modern(&agent, method, json!({}), 404).await;
        assert_eq!(code(&answer), -32601, "{method}");
        let says = answer.text("/error/message");
        assert!(says.contains("server/discover") && says.contains("tools/list"), "{says}");
    }
    let listen = json!({ "notifications": { "toolsListChanged": true } });
    let answer = modern(&agent, "subscriptions/listen", listen, 404).await;
    assert_eq!(code(&answer), -32601);
    for (method, params) in [
        ("tools/call", json!({ "name": "no_such_tool", "arguments": {} })),
        ("prompts/get", json!({ "name": "no_such_prompt" })),
        ("resources/read", json!({ "uri": "site://no-such-thing" })),
        ("resources/read", json!({ "uri": "post://no-such-post" })),
        ("resources/read", json!({ "uri": "file:///etc/passwd" })),
    ] {
        let answer = modern(&agent, method, params, 200).await;
        assert_eq!(code(&answer), -32602, "{method}: {}", answer.body);
    }
    // A known method with malformed params.
    let answer = modern(&agent, "completion/complete", json!({ "ref": 1 }), 200).await;
    assert_eq!(code(&answer), -32602, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_result_has_its_type_and_server_info() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    call(&agent, "post_create_draft", json!({ "title": "Notes", "body": "Text.\n" })).await;
    let completion = json!({
        "ref": { "type": "ref/resource", "uri": "post://{slug}" },
        "argument": { "name": "slug", "value": "no" },
    });
    for (method, params, is_list) in [
        ("server/discover", json!({}), true),
        ("tools/list", json!({}), true),
        ("prompts/list", json!({}), true),
        ("resources/list", json!({}), true),
        ("resources/templates/list", json!({}), true),
        ("resources/read", json!({ "uri": "site://settings" }), true),
        ("tools/call", json!({ "name": "whoami", "arguments": {} }), false),
        ("tools/call", json!({ "name": "post_get", "arguments": {} }), false),
        ("prompts/get", json!({ "name": "draft_post", "arguments": { "topic": "x" } }), false),
        ("completion/complete", completion, false),
    ] {
        let answer = modern(&agent, method, params, 200).await;
        let result = &answer.json["result"];
        assert_eq!(result["resultType"], "complete", "{method}: {}", answer.body);
        let server = &result["_meta"]["io.modelcontextprotocol/serverInfo"];
        assert_eq!(server["name"], "byline", "{method}");
        assert!(server["version"].is_string(), "{method}");
        // Results depend on the caller and must not be in a shared cache.
        assert_eq!(result["cacheScope"] == "private", is_list, "{method}");
        assert_eq!(result["ttlMs"].is_u64(), is_list, "{method}");
    }
    let answer = modern(&agent, "server/discover", json!({}), 200).await;
    let versions = answer.json["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!(MODERN)) && versions.contains(&json!("2025-11-25")));
    assert!(answer.text("/result/instructions").contains("drafts_status"));
    let offers = answer.json["result"]["capabilities"].as_object().unwrap();
    let mut offers: Vec<&str> = offers.keys().map(String::as_str).collect();
    offers.sort_unstable();
    assert_eq!(offers, ["completions", "prompts", "resources", "tools"]);
    assert!(!answer.body.contains("listChanged") && !answer.body.contains("subscribe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_one_page_in_stable_order_per_token() {
    let app = App::start().await;
    let (person, all) = pair(&app, Role::Editor).await;
    let few = agent(&app, &person, &["profile", "posts:read"]).await;
    for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
        let first = modern(&all, method, json!({}), 200).await;
        let again = modern(&all, method, json!({ "cursor": "" }), 200).await;
        assert_eq!(first.json["result"], again.json["result"], "{method}");
        assert!(first.json["result"]["nextCursor"].is_null());
        let answer = modern(&all, method, json!({ "cursor": "made-up" }), 200).await;
        assert_eq!(code(&answer), -32602, "{method}");
    }
    let listed = names(&modern(&all, "tools/list", json!({}), 200).await);
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    assert_eq!(listed, sorted);
    assert!(listed.len() <= 20);
    let listed = names(&modern(&few, "tools/list", json!({}), 200).await);
    assert!(listed.contains(&"post_get".to_owned()) && !listed.contains(&"post_edit".to_owned()));
    let others = able(&all, json!({ "elicitation": {} }), "tools/list", json!({}), 200).await;
    assert_eq!(names(&others), sorted);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_unrequested_messages_are_sent() {
    let app = App::start().await;
    let person = app.user(Role::Author).await;
    let agent = agent(&app, &person, &ALL_SCOPES[..4]).await;
    let mut params = json!({ "name": "whoami", "arguments": {} });
    params["_meta"]["progressToken"] = json!("p");
    let answer = modern(&agent, "tools/call", params, 200).await;
    // One JSON object, not a stream.
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json["id"], 7);
    assert_eq!(ask(&agent, "whoami", json!({})).await["role"], "author");
}

#[tokio::test(flavor = "multi_thread")]
async fn tool_definitions_are_complete() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Editor).await;
    let listed = modern(&agent, "tools/list", json!({}), 200).await;
    let tools = listed.json["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), byline_tools::ALL.len());
    for tool in tools {
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{tool}");
        for no in ["$ref", "x-mcp-header"] {
            assert!(!tool.to_string().contains(no), "{no} in {tool}");
        }
        let output = &tool["outputSchema"];
        assert!(output.is_null() || output["type"] == "object", "{tool}");
        for schema in [&tool["inputSchema"], output].into_iter().filter(|s| !s.is_null()) {
            jsonschema::draft202012::meta::validate(schema).unwrap();
        }
        let hints = &tool["annotations"];
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            assert!(hints[hint].is_boolean(), "{hint} in {tool}");
        }
        assert!(hints["title"].is_string() && tool["title"] == hints["title"], "{tool}");
        let name = tool["name"].as_str().unwrap();
        assert!((1..=128).contains(&name.len()), "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{name}");
        let live = ["post_publish", "post_schedule"].contains(&name);
        assert_eq!(hints["destructiveHint"], live, "{name}");
        let writes = live
            || ["post_create_draft", "post_edit", "post_propose", "media_request_upload"]
                .contains(&name);
        assert_eq!(hints["readOnlyHint"], !writes, "{name}");
        assert_eq!(hints["openWorldHint"], live || name == "media_request_upload", "{name}");
    }
}
