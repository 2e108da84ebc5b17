//! The tools of the built-in agent: the same definitions, results and errors as over MCP.

use byline_shared::agent::{Invocation, ToolDefinition, Tools};
use byline_shared::auth::{Actor, Caller, Credential};
use byline_shared::model::{ConversationItemId, Role, Scope};
use byline_tools::AGENT_TOOLS;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};
use crate::mcp;

/// A signed-in person as the caller of tools, with these scopes.
async fn caller(app: &App, person: &Client, scopes: &[Scope]) -> Caller {
    let cx = &app.byline.context;
    let id = person.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    let user = cx.store.users().get(&id).await.unwrap().unwrap().user;
    let id = byline_shared::examples::session().id;
    let credential = Credential::Session { id, token_version: 0, signed_in_at: cx.clock.now() };
    Caller { user, credential, scopes: scopes.to_vec() }
}

fn names(caller: &Caller) -> Vec<&'static str> {
    let tools = byline_tools::ALL.iter().filter(|tool| caller.may(tool.scope));
    tools.map(|tool| tool.name).collect()
}

/// Every keyword of a schema, without the names of fields.
fn keywords(schema: &Value, found: &mut Vec<String>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        found.push(keyword.clone());
        match value {
            Value::Object(fields) if keyword == "properties" => {
                fields.values().for_each(|field| keywords(field, found));
            }
            Value::Array(options) => options.iter().for_each(|option| keywords(option, found)),
            value => keywords(value, found),
        }
    }
}

#[test]
fn definitions_are_portable_and_short() {
    let tools: Vec<ToolDefinition> =
        byline_tools::ALL.iter().map(|tool| tool.definition()).collect();
    for tool in &tools {
        let name = tool.name;
        assert!(name.len() <= 64, "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{name}");
        let parameters = &tool.parameters;
        assert_eq!(parameters["type"], "object", "{name}");
        assert!(parameters["properties"].is_object(), "{name}");
        let mut used = Vec::new();
        keywords(parameters, &mut used);
        for no in ["$ref", "$defs", "oneOf", "anyOf", "allOf", "const"] {
            assert!(!used.iter().any(|keyword| keyword == no), "{no} in {name}: {parameters}");
        }
    }
    // They are part of every request to the model.
    let length = |tool: &ToolDefinition| {
        let definition = json!({
            "name": tool.name, "description": tool.description, "parameters": tool.parameters,
        });
        definition.to_string().chars().count()
    };
    let length: usize = tools.iter().map(length).sum();
    assert!(length < 17_000, "{length} characters");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_gets_the_tools_of_role_and_scopes() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let of_reader = ["fetch", "search", "site_get", "whoami"];
    let reader = app.user(Role::Reader).await;
    assert_eq!(names(&caller(&app, &reader, &Scope::ALL).await), of_reader);
    assert_eq!(names(&caller(&app, &author, &[Scope::Profile]).await), of_reader);
    assert_eq!(names(&caller(&app, &author, &[]).await), [""; 0]);
    let mut scopes = vec![Scope::Profile, Scope::PostsRead];
    let reads = names(&caller(&app, &author, &scopes).await);
    let read_only = byline_tools::ALL.iter().filter(|tool| tool.hints.read_only);
    assert_eq!(reads, read_only.map(|tool| tool.name).collect::<Vec<_>>());
    for (scope, added) in [
        (Scope::PostsPropose, &["post_propose"][..]),
        (Scope::PostsWrite, &["post_create_draft", "post_edit"]),
        (Scope::PostsPublish, &[]),
        (Scope::MediaWrite, &["media_request_upload"]),
    ] {
        let before = names(&caller(&app, &author, &scopes).await);
        scopes.push(scope);
        let after = names(&caller(&app, &author, &scopes).await);
        let new: Vec<&str> = after.into_iter().filter(|name| !before.contains(name)).collect();
        assert_eq!(new, added, "{scope:?}");
    }
    let editor = app.user(Role::Editor).await;
    let all = names(&caller(&app, &editor, &Scope::ALL).await);
    assert_eq!(all.len(), byline_tools::ALL.len());
}

/// Calls a tool as the agent does.
async fn call(app: &App, caller: &Caller, name: &str, arguments: Value) -> Result<String, String> {
    let cx = &app.byline.context;
    let id = ConversationItemId::at_place(cx.clock.now(), 1);
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    let call = Invocation { id: &id, name, arguments: &arguments };
    AGENT_TOOLS.call(cx, &Actor::mcp(caller.clone()), call).await
}

/// The blocks of a result over MCP.
fn blocks(answer: &Answer) -> Vec<&str> {
    let blocks = answer.json["result"]["content"].as_array().unwrap();
    blocks.iter().map(|block| block["text"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_returns_what_it_returns_over_mcp() {
    let app = App::start().await;
    let (person, agent) = mcp::pair(&app, Role::Editor).await;
    let post = person.post("/v1/manage/posts", draft("Fish"), 201).await;
    let caller = caller(&app, &person, &Scope::ALL).await;
    for (tool, arguments) in [
        ("site_get", json!({})),
        ("posts_list", json!({ "limit": 5.0, "status": "", "tag": null })),
        ("post_get", json!({ "post_id": "fish" })),
        ("drafts_status", Value::Null),
    ] {
        let sent = if arguments.is_null() { json!({}) } else { arguments.clone() };
        let answer = mcp::call(&agent, tool, sent).await;
        let result = call(&app, &caller, tool, arguments).await.unwrap();
        assert_eq!(result, blocks(&answer).join("\n\n"), "{tool}");
    }
    for (tool, arguments) in [
        ("post_get", json!({ "post_id": "no-such-post" })),
        ("post_get", json!({ "post": "fish" })),
        ("post_edit", json!({ "post_id": post.json["id"], "revision_id": "1", "title": "x" })),
    ] {
        let text = mcp::fails(&agent, tool, arguments.clone()).await;
        assert_eq!(call(&app, &caller, tool, arguments).await.unwrap_err(), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_allowed_changes_nothing() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    app.admin()
        .await
        .patch("/v1/admin/settings", json!({ "agent_publishing": "allowed" }), 200)
        .await;
    let post = editor.post("/v1/manage/posts", draft("Fish"), 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let before = editor.get(&path, 200).await.body;
    let (post_id, revision_id) = (&post.json["id"], &post.json["revision_id"]);
    let publish = json!({ "post_id": post_id, "revision_id": revision_id, "confirm": true });
    let mut schedule = publish.clone();
    schedule["publish_at"] = json!("2099-01-01T00:00:00Z");
    let edit = json!({ "post_id": post_id, "revision_id": revision_id, "title": "Eel" });

    let all = caller(&app, &editor, &Scope::ALL).await;
    for tool in AGENT_TOOLS.definitions(&Actor::mcp(all.clone())) {
        assert!(!["post_publish", "post_schedule"].contains(&tool.name), "{}", tool.name);
    }
    let reads = caller(&app, &editor, &[Scope::Profile, Scope::PostsRead]).await;
    for (caller, tool, arguments) in [
        (&all, "post_publish", publish.clone()),
        (&all, "post_schedule", schedule),
        (&all, "post_delete", json!({})),
        (&reads, "post_edit", edit),
        (&reads, "post_publish", publish),
    ] {
        let refused = call(&app, caller, tool, arguments).await.unwrap_err();
        assert_eq!(refused, "This tool is not available to you. Nothing was changed.", "{tool}");
    }
    assert_eq!(editor.get(&path, 200).await.body, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_any_script_is_read_part_by_part() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let caller = caller(&app, &editor, &Scope::ALL).await;
    for (number, letter) in ["a", "\u{e9}", "\u{8a9e}", "\u{1f600}"].into_iter().enumerate() {
        let text = format!("{}\n", letter.repeat(50_000));
        let body = json!({ "title": format!("Long {number}"), "body": text });
        let post = editor.post("/v1/manage/posts", body, 201).await;
        let (mut joined, mut offset) = (String::new(), 0);
        loop {
            let arguments = json!({ "post_id": post.json["id"], "offset": offset });
            let result = call(&app, &caller, "post_get", arguments).await.unwrap();
            assert!(result.len() <= byline_tools::MAX_BYTES, "{letter}: {} bytes", result.len());
            let (head, part) = result.split_once("\n\n").unwrap();
            joined.push_str(part);
            let head: Value = serde_json::from_str(head).unwrap();
            let Some(next) = head["next_offset"].as_u64() else { break };
            assert!(result.len() > 12_000, "{letter}: {} bytes", result.len());
            offset = next;
        }
        assert!(joined == text, "{letter}");
    }
}
