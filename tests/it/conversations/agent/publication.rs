//! The agent with its own tools, on a publication: it reads, drafts and proposes, and makes nothing live.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{Step, ask_in, calls, of_mode, said, statuses, with_own_tools};
use crate::harness::{Answer, Client, draft};

fn call(name: &'static str, arguments: Value) -> Step {
    Step::Calls("", vec![(name, arguments)])
}

/// A post that is live.
pub(super) async fn live(editor: &Client, title: &str) -> Answer {
    let post = editor.post("/v1/manage/posts", draft(title), 201).await;
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    editor.post(&path, json!({ "revision_id": post.json["revision_id"] }), 200).await
}

/// What the calls of a response returned, as JSON where it is.
pub(super) fn outputs(response: &Answer) -> Vec<Value> {
    let output = |call: &Value| {
        let text = call["output"].as_str().unwrap_or_default().to_owned();
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    calls(response).iter().map(output).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_proposes_goes_live_when_a_person_approves_it() {
    let (app, model) = with_own_tools(Vec::new()).await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let post = live(&editor, "Fish").await;
    let proposal = json!({
        "post_id": post.json["id"], "revision_id": post.json["revision_id"], "note": "A new name.",
        "title": "Red fish",
    });
    model.then(vec![
        call("search", json!({ "query": "Fish" })),
        call("post_propose", proposal.clone()),
        Step::Says("It waits for a review."),
    ]);
    let id = of_mode(&author, "propose").await;
    let made = ask_in(&author, &id, "Call it Red fish").await;
    assert_eq!(statuses(&made), ["completed", "failed", "completed"]);
    let told = calls(&made)[1]["error"]["content"][0]["text"].as_str().unwrap().to_owned();
    assert!(told.starts_with("There is no such post"), "not the author's: {told}");

    model.then(vec![call("post_propose", proposal), Step::Says("It waits for a review.")]);
    let id = of_mode(&editor, "propose").await;
    let made = ask_in(&editor, &id, "Call it Red fish").await;
    assert_eq!(said(&made), ["It waits for a review."]);
    let proposed = outputs(&made)[0].clone();
    assert!(proposed["review_url"].as_str().unwrap().contains("/desk/proposals/"), "{proposed}");
    let public = editor.get("/v1/posts/fish", 200).await;
    assert_eq!(public.text("/title"), "Fish");

    let shown = format!("/v1/manage/proposals/{}", proposed["proposal_id"].as_str().unwrap());
    let by = editor.get(&shown, 200).await.json["created_by"].take();
    assert_eq!(
        (&by["kind"], &by["model"], &by["conversation_id"]),
        (&json!("agent"), &json!("scripted"), &json!(id))
    );
    let yes = json!({ "publish": true });
    editor.approve(proposed["proposal_id"].as_str().unwrap(), yes, 200).await;
    assert_eq!(editor.get("/v1/posts/fish", 200).await.text("/title"), "Red fish");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tool_of_a_mode_runs_in_a_turn() {
    let (app, model) = with_own_tools(Vec::new()).await;
    let editor = app.user(Role::Editor).await;
    let post = live(&editor, "Fish").await;
    // A second revision, so that there is something to compare.
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let read = editor.get(&path, 200).await;
    let seen = [("if-match", read.header("etag"))];
    let body = Some(json!({ "title": "Red fish" }));
    let post = editor.send(Method::PATCH, &path, &seen, body, 200).await;
    let (post_id, revision_id) = (&post.json["id"], &post.json["revision_id"]);
    let proposal = json!({ "title": "Eel", "body": "An eel.\n" });
    let proposal = editor.post("/v1/manage/proposals", proposal, 201).await;
    let wanted = [
        ("drafts_status", json!({})),
        ("fetch", json!({ "id": "fish" })),
        ("media_list", json!({})),
        ("post_create_draft", json!({ "title": "Eel", "body": "An eel.\n", "tags": ["New"] })),
        ("post_diff", json!({ "post_id": post_id })),
        ("post_edit", json!({ "post_id": post_id, "revision_id": revision_id, "title": "Eel" })),
        ("post_get", json!({ "post_id": "fish" })),
        ("post_propose", json!({ "title": "Cod", "body": "A cod.\n", "tags": ["Newer"] })),
        ("posts_list", json!({})),
        ("proposal_get", json!({ "proposal_id": proposal.json["id"] })),
        ("proposals_list", json!({})),
        ("revisions_list", json!({ "post_id": post_id })),
        ("search", json!({ "query": "fish" })),
        ("site_get", json!({ "detail": "full" })),
        ("tags_list", json!({})),
        ("whoami", json!({})),
    ];
    model.then(vec![Step::Calls("", wanted.to_vec()), Step::Says("Done.")]);
    let id = of_mode(&editor, "draft").await;
    let made = ask_in(&editor, &id, "Try everything").await;
    let offered = model.asked()[0].body["tools"].as_array().unwrap().clone();
    let offered: Vec<_> = offered.iter().map(|tool| tool["function"]["name"].clone()).collect();
    assert_eq!(offered, wanted.clone().map(|(name, _)| json!(name)));
    let failed: Vec<_> =
        calls(&made).into_iter().filter(|call| call["status"] != "completed").collect();
    assert_eq!(failed, Vec::<Value>::new());
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
    assert_eq!(editor.get("/v1/posts/fish", 200).await.text("/title"), "Fish");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_in_any_script_is_read_in_parts_and_nothing_is_cut_off() {
    let (app, model) = with_own_tools(Vec::new()).await;
    let editor = app.user(Role::Editor).await;
    let body = json!({ "title": "Long", "body": "\u{8a9e}".repeat(30_000) });
    editor.post("/v1/manage/posts", body, 201).await;
    let id = of_mode(&editor, "read").await;
    let (mut read, mut offset) = (0, Some(0));
    while let Some(from) = offset {
        let arguments = json!({ "post_id": "long", "offset": from });
        model.now(vec![call("post_get", arguments), Step::Says("Read.")]);
        let made = ask_in(&editor, &id, "Read on").await;
        let output = calls(&made)[0]["output"].as_str().unwrap().to_owned();
        assert!(!output.contains("truncated") && output.len() <= 28 * 1024, "{}", output.len());
        let (head, part) = output.split_once("\n\n").unwrap();
        read += part.matches('\u{8a9e}').count();
        offset = serde_json::from_str::<Value>(head).unwrap()["next_offset"].as_u64();
    }
    assert_eq!(read, 30_000);
}
