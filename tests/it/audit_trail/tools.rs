//! Every tool that writes.

use serde_json::{Value, json};

use super::Trail;
use crate::harness::{App, draft};
use crate::media::gif;

/// Every tool that writes, and its entry.
const TOOLS: [(&str, &str); 6] = [
    ("media_request_upload", "media_created"),
    ("post_create_draft", "post_created"),
    ("post_edit", "post_updated"),
    ("post_propose", "proposal_made"),
    ("post_publish", "post_published"),
    ("post_schedule", "post_scheduled"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_write_of_a_tool_is_in_the_audit_log() {
    let app = App::unlimited().await;
    let allowed = json!({ "agent_publishing": "allowed" });
    app.admin().await.patch("/v1/admin/settings", allowed, 200).await;
    let mut trail = Trail::new(&app, true).await;
    let post = trail.client.post("/v1/manage/posts", draft("Of a tool"), 201).await;
    let of_post = json!({
        "post_id": post.json["id"], "revision_id": post.json["revision_id"], "confirm": true,
    });
    let with = |more: Value| {
        let mut arguments = of_post.clone();
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    let calls = [
        ("media_request_upload", gif()),
        ("post_create_draft", json!({ "title": "A draft", "body": "Text." })),
        ("post_propose", json!({ "title": "A proposal", "body": "Text." })),
        ("post_schedule", with(json!({ "publish_at": "2099-01-01T00:00:00Z" }))),
        ("post_publish", of_post.clone()),
        ("post_edit", {
            let mut arguments = with(json!({ "title": "Edited" }));
            arguments.as_object_mut().unwrap().remove("confirm");
            arguments
        }),
    ];
    for (tool, arguments) in calls {
        let params = json!({ "name": tool, "arguments": arguments });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let answer = trail.client.post("/mcp", call, 200).await;
        assert_eq!(answer.json["result"]["isError"], false, "{tool}: {}", answer.body);
        let result: Value =
            serde_json::from_str(&answer.text("/result/content/0/text")).unwrap_or_default();
        let subject = ["proposal_id", "media_id", "id"]
            .iter()
            .find_map(|name| result[*name].as_str())
            .or(result["media"]["id"].as_str())
            .unwrap_or_else(|| panic!("{tool} names nothing: {}", answer.body));
        let (name, event) = *TOOLS.iter().find(|(name, _)| *name == tool).unwrap();
        trail.left(tool, &answer, event, Some(subject)).await;
        trail.seen.insert(name, event);
    }
    let writing = byline_tools::ALL.iter().filter(|tool| !tool.hints.read_only);
    let mut writing: Vec<&str> = writing.map(|tool| tool.name).collect();
    writing.sort_unstable();
    assert_eq!(writing, TOOLS.map(|(name, _)| name), "every tool that writes is in the table");
    assert_eq!(trail.seen, TOOLS.into());
}
