//! The MCP endpoint: both eras of the protocol, and what each role is offered.

use http::Method;
use serde_json::{Value, json};
use shared::model::Role;

use crate::harness::{Answer, App, Client, draft};

fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })
}

/// A request of the 2025 revisions.
async fn call(client: &Client, tool: &str, arguments: Value) -> Answer {
    let params = json!({ "name": tool, "arguments": arguments });
    client.post("/mcp", request("tools/call", params), 200).await
}

/// A request of revision 2026-07-28.
async fn modern(client: &Client, method: &str, mut params: Value, status: u16) -> Answer {
    let version = "2026-07-28";
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let name = params["name"].as_str().unwrap_or_default().to_owned();
    let mut headers = vec![
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", version),
        ("mcp-method", method),
    ];
    if !name.is_empty() {
        headers.push(("mcp-name", &name));
    }
    client.send(Method::POST, "/mcp", &headers, Some(request(method, params)), status).await
}

fn names(answer: &Answer) -> Vec<String> {
    let tools = answer.json["result"]["tools"].as_array().unwrap();
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_are_those_of_the_role() {
    let app = App::start().await;
    let author = app.agent(&app.user(Role::Author).await).await;
    let all = ["post_create_draft", "post_get", "posts_list", "whoami"];
    let legacy = author.post("/mcp", request("tools/list", json!({})), 200).await;
    assert_eq!(names(&legacy), all);
    let listed = modern(&author, "tools/list", json!({}), 200).await;
    assert_eq!(names(&listed), all);
    assert_eq!(listed.json["result"]["cacheScope"], "private");
    assert_eq!(listed.json["result"]["ttlMs"], 300_000);
    for tool in listed.json["result"]["tools"].as_array().unwrap() {
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint", "title"]
        {
            assert!(!tool["annotations"][hint].is_null(), "{hint} in {tool}");
        }
    }
    let reader = app.agent(&app.user(Role::Reader).await).await;
    let few = modern(&reader, "tools/list", json!({}), 200).await;
    assert_eq!(names(&few), ["whoami"]);
    let hidden = call(&reader, "posts_list", json!({})).await;
    assert_eq!(hidden.json["error"]["code"], -32602);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_drafts_and_reads_what_it_drafted() {
    let app = App::start().await;
    let author = app.agent(&app.user(Role::Author).await).await;
    let who =
        modern(&author, "tools/call", json!({ "name": "whoami", "arguments": {} }), 200).await;
    assert_eq!(who.json["result"]["structuredContent"]["role"], "author");
    let arguments = json!({ "title": "Notes", "body": "# Notes\n", "tags": ["Ideas"] });
    let drafted = call(&author, "post_create_draft", arguments).await;
    let id = drafted.text("/result/structuredContent/id");
    let read = call(&author, "post_get", json!({ "post_id": id })).await;
    assert_eq!(read.text("/result/structuredContent/body"), "# Notes\n");
    assert_eq!(read.json["result"]["structuredContent"]["tags"], json!(["Ideas"]));
    let text: Value = serde_json::from_str(&read.text("/result/content/0/text")).unwrap();
    assert_eq!(text, read.json["result"]["structuredContent"]);
    app.anonymous().get("/v1/posts/notes", 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_says_what_was_wrong_and_what_to_do() {
    let app = App::start().await;
    let author = app.agent(&app.user(Role::Author).await).await;
    let wrong = call(&author, "post_create_draft", json!({ "title": "", "colour": 1 })).await;
    assert_eq!(wrong.json["result"]["isError"], true);
    let text = wrong.text("/result/content/0/text");
    for field in ["title: Must not be empty.", "body: Is required.", "colour: There is no such"] {
        assert!(text.contains(field), "{text}");
    }
    let other = app.user(Role::Author).await;
    let post = other.post("/v1/manage/posts", draft("Foreign"), 201).await;
    let foreign = call(&author, "post_get", json!({ "post_id": post.text("/id") })).await;
    assert_eq!(foreign.json["result"]["isError"], true);
    let unknown = call(&author, "no_such_tool", json!({})).await;
    assert_eq!(unknown.json["error"]["code"], -32602);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_takes_what_clients_send() {
    let app = App::start().await;
    let author = app.agent(&app.user(Role::Author).await).await;
    let initialize = request(
        "initialize",
        json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        }),
    );
    let answer = author.post("/mcp", initialize, 200).await;
    assert_eq!(answer.text("/result/protocolVersion"), "2025-11-25");
    assert_eq!(answer.text("/result/serverInfo/name"), "byline");
    assert!(!answer.headers.contains_key("mcp-session-id"));
    let discovered = modern(&author, "server/discover", json!({}), 200).await;
    assert!(discovered.body.contains("2026-07-28"), "{}", discovered.body);
    for accept in ["*/*", "application/json", "text/html"] {
        let headers = [("accept", accept)];
        let body = Some(request("tools/list", json!({})));
        let answer = author.send(Method::POST, "/mcp", &headers, body, 200).await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let headers = [("content-type", "application/json")];
    for (body, code) in [("{", -32700), ("[]", -32600), ("3", -32600), ("", -32700)] {
        let body = Some(body.to_owned());
        let answer = author.send_raw(Method::POST, "/mcp", &headers, body, 400).await;
        assert_eq!(answer.json["error"]["code"], code);
    }
    let unknown = modern(&author, "no/such/method", json!({}), 404).await;
    assert_eq!(unknown.json["error"]["code"], -32601);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_and_names_are_refused() {
    let app = App::start().await;
    let author = app.agent(&app.user(Role::Author).await).await;
    let list = || Some(request("tools/list", json!({})));
    let evil = [("origin", "https://evil.example")];
    let refused = author.send(Method::POST, "/mcp", &evil, list(), 403).await;
    assert_eq!(refused.json["error"]["code"], -32600, "{}", refused.body);
    let listed = [("origin", "http://localhost:3000")];
    author.send(Method::POST, "/mcp", &listed, list(), 200).await;
    let rebound = [("host", "evil.example")];
    author.send(Method::POST, "/mcp", &rebound, list(), 403).await;
    let answer = app.anonymous().post("/mcp", request("tools/list", json!({})), 401).await;
    assert!(answer.header("www-authenticate").starts_with("Bearer resource_metadata="));
}
