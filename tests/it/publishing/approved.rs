//! A text that is approved and not live: where it is shown, and that nobody decides on it again.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{api_key, edit, path, publish};
use crate::desk::visitor::{Visitor, find, text_of};
use crate::harness::{Answer, App, Client, draft};

async fn propose(agent: &Client, post: &Answer, body: &str, status: u16) -> Answer {
    let change = json!({ "body": body, "base_revision_id": post.text("/revision_id") });
    agent.post(&path(post, "/proposals"), change, status).await
}

/// Calls a tool and returns its structured result, or what it says.
async fn call(agent: &Client, tool: &str, arguments: Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let result = agent.post("/mcp", request, 200).await.json["result"].clone();
    match result.get("structuredContent") {
        Some(structured) => structured.clone(),
        None => result["content"][0]["text"].clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_text_waits_to_be_published_and_says_so_everywhere() {
    let app = App::unlimited().await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let (mut desk, editor) = Visitor::with_role(&app, Role::Editor).await;
    let agent = api_key(&app, &author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let proposal = propose(&agent, &post, "Better.", 201).await;
    assert_eq!(post.json["approval"], Value::Null);
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;

    let shown = author.get(&path(&post, ""), 200).await;
    let name = editor.get("/v1/users/me", 200).await.text("/name");
    let approval = &shown.json["approval"];
    assert_eq!(*approval, approved.json["approval"]);
    assert_eq!(approval["revision_id"], approved.json["revision_id"]);
    assert_eq!(
        (&approval["proposal_id"], &approval["by_name"]),
        (&proposal.json["id"], &json!(name))
    );
    let listed = editor.get("/v1/manage/posts", 200).await;
    assert_eq!(listed.json["items"][0]["approval"], *approval);

    let status = call(&agent, "drafts_status", json!({})).await;
    let waits = &status["approved_not_live"][0];
    assert_eq!(
        (&waits["revision_id"], &waits["approved_by"]),
        (&approval["revision_id"], &json!(name))
    );
    let read = call(&agent, "proposal_get", json!({ "proposal_id": proposal.text("/id") })).await;
    assert!(read.as_str().unwrap().contains("Approved, not live yet."), "{read}");

    // Those who may publish are led to where they do, its writer to the text.
    let id = post.text("/id");
    let go_live =
        format!("href=\"/desk/posts/{id}/go-live?revision={}\"", approved.text("/revision_id"));
    for filter in ["", "?show=approved", "?show=decided"] {
        let page = desk.get(&format!("/desk{filter}"), 200).await;
        let words = text_of(&page);
        assert!(words.contains("not live yet") && words.contains(&name), "{filter}: {words}");
        assert!(page.body.contains(&go_live), "{filter}: {}", page.body);
        let page = writer.get(&format!("/desk{filter}"), 200).await;
        assert!(text_of(&page).contains("not live yet"), "{filter}: {}", page.body);
        assert!(!page.body.contains("/go-live"), "{filter}: {}", page.body);
    }
    let closed = desk.get(&format!("/desk/proposals/{}", proposal.text("/id")), 200).await;
    assert!(text_of(&closed).contains("It is not live yet."), "{}", closed.body);
    assert!(closed.body.contains(&go_live), "{}", closed.body);

    // Once it is live, it waits no longer.
    let live = publish(&editor, &approved, 200).await;
    assert_eq!(live.json["approval"], *approval);
    let status = call(&agent, "drafts_status", json!({})).await;
    assert_eq!(status["approved_not_live"], json!([]));
    for visitor in [&mut desk, &mut writer] {
        let words = text_of(&visitor.get("/desk?show=approved", 200).await);
        assert!(words.contains("Nothing waits to be published"), "{words}");
    }
    let read = call(&agent, "proposal_get", json!({ "proposal_id": proposal.text("/id") })).await;
    assert!(read.as_str().unwrap().contains("\"live\":true"), "{read}");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_shown_as_long_as_it_counts() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let agent = api_key(&app, &author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    // An author's word is no leave to publish.
    let proposal = propose(&agent, &post, "One.", 201).await;
    let by_author = author.approve(&proposal.text("/id"), json!({}), 200).await;
    assert_eq!(by_author.json["approval"], Value::Null);
    let proposal = propose(&agent, &by_author, "Two.", 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    let revision = approved.json["revision_id"].clone();
    // A newer draft takes nothing away; a person who publishes it does.
    let newer = edit(&author, &approved, json!({ "body": "Three." }), 200).await;
    assert_eq!(newer.json["approval"]["revision_id"], revision);
    let live = publish(&editor, &newer, 200).await;
    assert_eq!(live.json["approval"], Value::Null);
    // Taking the post down ends it, too.
    let proposal = propose(&agent, &live, "Four.", 201).await;
    editor.approve(&proposal.text("/id"), json!({}), 200).await;
    let down = editor.post(&path(&post, "/unpublish"), json!({}), 200).await;
    assert_eq!(down.json["approval"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_approved_is_not_proposed_again() {
    let app = App::unlimited().await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let place = format!("/desk/posts/{}", post.text("/id"));
    let before = writer.get(&place, 200).await;
    let proposal = propose(&agent, &post, "Better.", 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;

    // The same change, from the text that it was made of.
    let refused = propose(&agent, &post, "Better.", 422).await;
    let fault = &refused.json["errors"][0];
    assert_eq!(fault["code"], "already_approved", "{}", refused.body);
    assert!(fault["message"].as_str().unwrap().contains("waits to be published"), "{fault}");
    propose(&agent, &post, "Better still.", 201).await;

    // Its writer is not asked to hand it in; a page from before is told.
    let page = writer.get(&place, 200).await;
    assert!(find(&page, "Hand in for review").is_none(), "{}", page.body);
    let words = text_of(&page);
    assert!(words.contains("This text is approved, not live yet."), "{words}");
    assert!(words.contains("You need not hand it in again."), "{words}");
    let mut sent = crate::desk::visitor::form(&before, "Hand in for review");
    sent.set("revision_id", &approved.text("/revision_id"));
    sent.set("body", "Better.");
    let told = writer.submit(&sent).await;
    assert_eq!(told.status, 422, "{}", told.body);
    assert!(text_of(&told).contains("Exactly this text was approved on"), "{}", told.body);
    // Another text is another matter.
    let saved = writer.press(&page, "Save", &[("body", "Better, and longer.")]).await;
    assert!(
        text_of(&saved).contains("An earlier text is approved, not live yet."),
        "{}",
        saved.body
    );
    writer.press(&saved, "Hand in for review", &[]).await;
    let waiting = editor.get("/v1/manage/proposals", 200).await;
    assert_eq!(waiting.json["items"].as_array().unwrap().len(), 2, "{}", waiting.body);
}

/// A proposal has the slug of its tag's name until it is approved; then it has the slug of the tag.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_tags_by_name_are_not_proposed_again() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let agent = api_key(&app, &author).await;
    let tag = json!({ "name": "Field notes", "slug": "notes" });
    editor.post("/v1/manage/tags", tag, 201).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let change = json!({ "base_revision_id": post.text("/revision_id"), "tags": ["Field notes"] });
    let proposal = agent.post(&path(&post, "/proposals"), change.clone(), 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    assert_eq!(approved.json["tags"][0]["slug"], "notes");
    let refused = agent.post(&path(&post, "/proposals"), change, 422).await;
    assert_eq!(refused.json["errors"][0]["code"], "already_approved", "{}", refused.body);
}
