//! Proposals for a post in the trash: nothing is decided before it is restored.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{api_key, path};
use crate::desk::visitor::{Visitor, find, text_of};
use crate::harness::{Answer, App, Client, NO_REVIEW, draft};

/// A post in the trash, and a proposal of an agent for it.
async fn trashed(agent: &Client, person: &Client) -> (Answer, String) {
    let post = person.post("/v1/manage/posts", draft("Tides"), 201).await;
    let change = json!({ "body": "Better.", "base_revision_id": post.text("/revision_id") });
    let proposal = agent.post(&path(&post, "/proposals"), change, 201).await.text("/id");
    let seen = [("if-match", post.header("etag"))];
    person.send(Method::DELETE, &path(&post, ""), &seen, None, 204).await;
    (post, proposal)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_waits_until_its_post_is_restored() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let (post, id) = trashed(&agent, &editor).await;
    let proposal = format!("/v1/manage/proposals/{id}");
    let read = editor.get(&proposal, 200).await;
    assert_eq!((&read.json["review"], read.text("/status")), (&Value::Null, "pending".into()));
    assert!(read.json["post_trashed_at"].is_string(), "{}", read.body);
    editor.approve_as_seen(&id, NO_REVIEW, json!({}), 409).await.is_problem("post_trashed");
    let reason = json!({ "reason": "No." });
    editor
        .post(&format!("{proposal}/reject"), reason.clone(), 409)
        .await
        .is_problem("post_trashed");
    let params = json!({ "name": "proposal_get", "arguments": { "proposal_id": id } });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let told = agent.post("/mcp", request, 200).await;
    assert!(told.text("/result/content/0/text").contains("post_in_trash"), "{}", told.body);
    let params = json!({ "name": "drafts_status", "arguments": {} });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let told = agent.post("/mcp", request, 200).await;
    let pending = &told.json["result"]["structuredContent"]["pending_proposals"];
    assert_eq!(pending[0]["post_in_trash"], true, "{pending}");

    editor.post(&path(&post, "/restore"), json!({}), 200).await;
    let read = editor.get(&proposal, 200).await;
    assert_eq!(read.json["post_trashed_at"], Value::Null);
    assert!(read.json["review"].is_object(), "{}", read.body);
    editor.post(&format!("{proposal}/reject"), reason, 200).await;

    // Who made it may take it back at any time.
    let (_, id) = trashed(&agent, &editor).await;
    agent.post(&format!("/v1/manage/proposals/{id}/withdraw"), json!({}), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_that_the_post_is_in_the_trash_and_restores_it() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let (post, id) = trashed(&agent, &editor).await;
    let place = format!("/desk/proposals/{id}");
    let queue = text_of(&visitor.get("/desk", 200).await);
    assert!(queue.contains("its post is in the trash"), "{queue}");
    assert!(!queue.contains("waits for a decision"), "{queue}");
    let page = visitor.get(&place, 200).await;
    let words = text_of(&page);
    assert!(words.contains("The post is in the trash"), "{words}");
    assert!(words.contains("Nothing can be decided before it is restored."), "{words}");
    for button in ["Approve", "Approve and publish", "Approve with edits", "Send back"] {
        assert!(find(&page, button).is_none(), "{button}: {}", page.body);
    }
    let done = visitor.press(&page, "Restore the post", &[]).await;
    assert!(text_of(&done).contains("Restored from the trash."), "{}", done.body);
    assert_eq!(editor.get(&path(&post, ""), 200).await.text("/status"), "draft");
    visitor.press(&done, "Approve", &[]).await;
    let read = editor.get(&format!("/v1/manage/proposals/{id}"), 200).await;
    assert_eq!(read.text("/status"), "approved");
    // A page from before is told.
    let (_, id) = trashed(&agent, &editor).await;
    let mut stale = crate::desk::visitor::form(&page, "Withdraw");
    stale.action = format!("/desk/proposals/{id}");
    stale.set("decision", "send-back");
    stale.set("reason", "No.");
    let told = visitor.submit(&stale).await;
    assert_eq!(told.status, 409, "{}", told.body);
    let words = text_of(&told);
    assert!(words.contains("The post is in the trash. Restore it first."), "{words}");
}
