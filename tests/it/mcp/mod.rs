//! The MCP endpoint: the protocol in all supported revisions, the tools, and their errors.

mod arguments;
mod confirmation;
mod headers;
mod hidden_text;
mod next_steps;
mod permissions;
mod protocol;
mod protocol_versions;
mod resources;
mod search;
mod sizes;
mod snapshots;
mod tools;
mod transport;
mod worst_case;

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client};

/// The revision without sessions and handshake.
const MODERN: &str = "2026-07-28";

/// Every scope that an API key may have.
const ALL_SCOPES: [&str; 7] = [
    "profile",
    "posts:read",
    "posts:write",
    "posts:propose",
    "posts:publish",
    "posts:delete",
    "media:write",
];

fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })
}

/// An agent with an API key of a person, with these scopes.
async fn agent(app: &App, person: &Client, scopes: &[&str]) -> Client {
    let body = json!({ "name": "Agent", "scopes": scopes });
    let key = person.post("/v1/auth/api-keys", body, 201).await.text("/key");
    app.with_token(&key)
}

/// A person, and an agent with all scopes.
pub(crate) async fn pair(app: &App, role: Role) -> (Client, Client) {
    let person = app.user(role).await;
    let agent = agent(app, &person, &ALL_SCOPES).await;
    (person, agent)
}

/// A request of the 2025 revisions.
async fn legacy(client: &Client, method: &str, params: Value) -> Answer {
    client.post("/mcp", request(method, params), 200).await
}

/// The capabilities of a client that supports forms.
fn with_forms() -> Value {
    json!({ "elicitation": { "form": {} } })
}

/// A request of revision 2026-07-28 by a client with these capabilities.
async fn able(
    client: &Client,
    capabilities: Value,
    method: &str,
    mut params: Value,
    status: u16,
) -> Answer {
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(MODERN);
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = capabilities;
    let name = params["name"].as_str().or(params["uri"].as_str()).unwrap_or_default().to_owned();
    let mut headers = vec![
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", MODERN),
        ("mcp-method", method),
    ];
    if !name.is_empty() {
        headers.push(("mcp-name", &name));
    }
    client.send(Method::POST, "/mcp", &headers, Some(request(method, params)), status).await
}

async fn modern(client: &Client, method: &str, params: Value, status: u16) -> Answer {
    able(client, json!({}), method, params, status).await
}

/// Calls a tool, which must succeed.
pub(crate) async fn call(client: &Client, tool: &str, arguments: Value) -> Answer {
    let params = json!({ "name": tool, "arguments": arguments });
    let answer = modern(client, "tools/call", params, 200).await;
    let result = &answer.json["result"];
    assert_eq!(result["isError"], false, "{tool}: {}", answer.body);
    // Tools with an output schema have structured content that conforms to it; others have none.
    let schema = byline_tools::by_name(tool).unwrap().output_schema();
    assert_eq!(schema.is_some(), result["structuredContent"].is_object(), "{tool}");
    if let Some(schema) = schema {
        let validator = jsonschema::draft202012::new(&Value::Object(schema)).unwrap();
        let fault = validator.iter_errors(&result["structuredContent"]).next();
        assert!(fault.is_none(), "{tool}: {fault:?}");
    }
    answer
}

/// Calls a tool and returns its JSON result.
async fn ask(client: &Client, tool: &str, arguments: Value) -> Value {
    let answer = call(client, tool, arguments).await;
    let result = &answer.json["result"];
    let text = result["content"][0]["text"].as_str().unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    if !result["structuredContent"].is_null() {
        assert_eq!(result["structuredContent"], value, "{tool}");
    }
    value
}

/// Calls a tool, which must fail, and returns the error. Every error names the next step.
pub(crate) async fn fails(client: &Client, tool: &str, arguments: Value) -> String {
    let params = json!({ "name": tool, "arguments": arguments });
    let answer = modern(client, "tools/call", params, 200).await;
    assert_eq!(answer.json["result"]["isError"], true, "{tool}: {}", answer.body);
    let text = answer.text("/result/content/0/text");
    names_a_step(&text);
    text
}

/// Asserts that an error names a tool to call next.
fn names_a_step(text: &str) {
    let next = text.split_once("Next: ").unwrap_or_else(|| panic!("no next step in: {text}")).1;
    let named = byline_tools::ALL.iter().any(|tool| next.contains(tool.name));
    assert!(named, "no tool in: {text}");
}

/// The tools' names in a list.
fn names(answer: &Answer) -> Vec<String> {
    let tools = answer.json["result"]["tools"].as_array().unwrap();
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

/// The code of a JSON-RPC error.
fn code(answer: &Answer) -> i64 {
    let code = answer.json["error"]["code"].as_i64();
    code.unwrap_or_else(|| panic!("no error in {}", answer.body))
}

/// Publishes the latest revision of a post, as a person.
async fn publish(person: &Client, post: &Answer) {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    person.post(&path, json!({ "revision_id": post.text("/revision_id") }), 200).await;
}
