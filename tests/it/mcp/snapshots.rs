//! Every tool's definition and result as sent, with its size. A change here affects every connected
//! model.
//!
//! `INSTA_UPDATE=always cargo test --test it -- mcp::snapshots` updates the snapshots.

use byline_shared::clock::ManualClock;
use byline_shared::model::{Role, Time};
use serde_json::{Value, json};
use std::sync::Arc;

use super::{agent, call, modern};
use crate::harness::{App, Client};

/// 1 January 2030, 8:00.
const NOW: i64 = 1_893_484_800_000;

/// A text with every id replaced by a constant, so that it is the same in every run.
fn stable(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('_') {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        let is_id = after.len() >= 26
            && after.as_bytes()[..26].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        rest = if is_id {
            out.push_str("ULID");
            &after[26..]
        } else {
            after
        };
    }
    out.push_str(rest);
    out
}

/// A text without the port of Byline, which differs in every run.
fn without_port(text: &str) -> String {
    let own = "http://127.0.0.1:";
    let mut parts = text.split(own);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str(own.trim_end_matches(':'));
        out.push_str(part.trim_start_matches(|char: char| char.is_ascii_digit()));
    }
    out
}

fn shown(text: &str) -> String {
    // The port, the signature and digests over ids differ in every run.
    let mut lines = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        let indent = &line[..line.len() - trimmed.len()];
        if trimmed.starts_with("\"url\": \"http://127.0.0.1") {
            lines.push(format!("{indent}\"url\": \"…\","));
        } else if trimmed.starts_with("\"etag\": ") {
            lines.push(format!("{indent}\"etag\": \"…\","));
        } else {
            lines.push(stable(line));
        }
    }
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions() {
    let app = App::start().await;
    let person = app.admin().await;
    let agent = agent(&app, &person, &super::ALL_SCOPES).await;
    let listed = modern(&agent, "tools/list", json!({}), 200).await;
    for tool in listed.json["result"]["tools"].as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        let size = tool.to_string().len();
        let text = serde_json::to_string_pretty(tool).unwrap();
        insta::assert_snapshot!(format!("{name}-definition"), format!("{size} bytes\n{text}"));
    }
}

async fn answer(
    (agent, clock): &(Client, Arc<ManualClock>),
    tool: &str,
    arguments: Value,
) -> Value {
    // Lists are ordered by time.
    clock.advance(1);
    let answer = call(agent, tool, arguments.clone()).await;
    let mut blocks = Vec::new();
    let mut size = 0;
    for block in answer.json["result"]["content"].as_array().unwrap() {
        let text = without_port(block["text"].as_str().unwrap());
        size += text.len();
        let pretty = serde_json::from_str::<Value>(&text)
            .map_or(text.clone(), |value| serde_json::to_string_pretty(&value).unwrap());
        blocks.push(shown(&pretty));
    }
    // The length of a signed URL depends on the port.
    let size = if tool == "media_request_upload" { "some".to_owned() } else { size.to_string() };
    let text =
        format!("{}\n{size} bytes\n{}", shown(&arguments.to_string()), blocks.join("\n---\n"));
    insta::assert_snapshot!(format!("{tool}-answer"), text);
    serde_json::from_str(answer.json["result"]["content"][0]["text"].as_str().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers() {
    let clock = Arc::new(ManualClock::at(Time::from_millis(NOW)));
    let shown = Arc::clone(&clock);
    let app = App::start_with(|options| options.clock = shown).await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    let id = ada.get("/v1/users/me", 200).await.text("/id");
    let editor = json!({ "role": Role::Editor });
    app.admin().await.patch(&format!("/v1/users/{id}"), editor, 200).await;
    let agent = (agent(&app, &ada, &super::ALL_SCOPES).await, clock);

    answer(&agent, "whoami", json!({})).await;
    answer(&agent, "site_get", json!({})).await;
    let draft = json!({
        "title": "Field notes", "body": "# One\n\nRed fish.\n", "tags": ["Ideas"],
        "excerpt": "On fish.",
    });
    let made = answer(&agent, "post_create_draft", draft).await;
    let edit = json!({
        "post_id": made["id"], "revision_id": made["revision_id"],
        "edits": [{ "find": "Red", "replace": "Blue" }],
    });
    let edited = answer(&agent, "post_edit", edit).await;
    let change = json!({
        "post_id": made["id"], "revision_id": edited["revision_id"], "note": "Shorter.",
        "body": "Fish.\n",
    });
    let proposed = answer(&agent, "post_propose", change).await;
    answer(&agent, "proposals_list", json!({})).await;
    answer(&agent, "proposal_get", json!({ "proposal_id": proposed["proposal_id"] })).await;
    answer(&agent, "drafts_status", json!({})).await;
    ada.approve(proposed["proposal_id"].as_str().unwrap(), json!({}), 200).await;
    let approved = json!({ "post_id": made["id"], "revision_id": proposed["revision_id"] });
    let mut schedule = approved.clone();
    schedule["publish_at"] = json!("2030-01-02T08:00:00Z");
    schedule["confirm"] = json!(true);
    answer(&agent, "post_schedule", schedule).await;
    let mut publish = approved;
    publish["confirm"] = json!(true);
    answer(&agent, "post_publish", publish).await;
    answer(&agent, "post_get", json!({ "post_id": "field-notes" })).await;
    let both = json!({
        "post_id": made["id"], "from": made["revision_id"], "to": proposed["revision_id"],
    });
    answer(&agent, "post_diff", both).await;
    answer(&agent, "posts_list", json!({})).await;
    answer(&agent, "revisions_list", json!({ "post_id": made["id"] })).await;
    answer(&agent, "tags_list", json!({})).await;
    answer(&agent, "search", json!({ "query": "notes" })).await;
    answer(&agent, "fetch", json!({ "id": "field-notes" })).await;
    let file = json!({ "filename": "dot.gif", "content_type": "image/gif", "size": 43 });
    answer(&agent, "media_request_upload", file).await;
    answer(&agent, "media_list", json!({})).await;
}
