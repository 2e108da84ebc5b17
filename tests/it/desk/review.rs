//! `/desk/proposals/{id}`: what a person reads is what they approve.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, Client, draft};

pub(super) async fn publish(client: &Client, post: &Answer) -> Answer {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    client.post(&path, json!({ "revision_id": post.text("/revision_id") }), 200).await
}

pub(super) async fn edit(client: &Client, post: &Answer, change: Value) -> Answer {
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let headers = [("if-match", post.header("etag"))];
    client.send(Method::PATCH, &path, &headers, Some(change), 200).await
}

/// A change of a post, proposed.
pub(super) async fn propose(client: &Client, post: &Answer, mut change: Value) -> String {
    change["base_revision_id"] = json!(post.text("/revision_id"));
    let path = format!("/v1/manage/posts/{}/proposals", post.text("/id"));
    client.post(&path, change, 201).await.text("/id")
}

/// An editor at the Desk, the same as a client, and an agent of theirs.
pub(super) async fn editor(app: &App) -> (Visitor, Client, Client) {
    let (visitor, client) = Visitor::with_role(app, Role::Editor).await;
    let agent = app.agent(&client).await;
    (visitor, client, agent)
}

pub(super) fn page_of(proposal: &str) -> String {
    format!("/desk/proposals/{proposal}")
}

pub(super) async fn status_of(client: &Client, proposal: &str) -> String {
    client.get(&format!("/v1/manage/proposals/{proposal}"), 200).await.text("/status")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_draft_is_told_apart_from_the_rest_of_it() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Pears in October"), 201).await;
    let change = json!({ "title": "A warmer title", "tags": ["Fruit"] });
    let proposal = propose(&agent, &post, change).await;
    let both = "Pears in October \u{2192} A warmer title";
    let queue = text_of(&visitor.get("/desk", 200).await);
    assert!(queue.contains(both), "{queue}");
    let editing = text_of(&visitor.get(&format!("/desk/posts/{}", post.text("/id")), 200).await);
    assert!(editing.contains(both), "{editing}");
    let page = visitor.get(&page_of(&proposal), 200).await;
    let (_, part) = page.body.split_once("What this changes in the draft").unwrap();
    let part = part.split_once("</section>").unwrap().0;
    for says in ["Pears in October", "A warmer title", "<td>Fruit</td>"] {
        assert!(part.contains(says), "{says}: {part}");
    }
    assert!(!part.contains("class=\"diff\""), "the text stays: {part}");
    // Readers of a live post see the rest already.
    let live = publish(&editor, &post).await;
    let proposal = propose(&agent, &live, json!({ "title": "Another" })).await;
    let page = visitor.get(&page_of(&proposal), 200).await;
    assert!(!page.body.contains("What this changes in the draft"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_goes_live() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let new = json!({ "title": "Our prices", "body": "We charge *10* euros. Cal us.\n" });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let post = publish(&editor, &post).await;
    let change = json!({ "body": "We charge *999* euros. Call us.\n", "slug": "prices", "note": "Cheaper." });
    let proposal = propose(&agent, &post, change).await;

    let queue = visitor.get("/desk", 200).await;
    assert!(queue.body.contains(&format!("href=\"{}\"", page_of(&proposal))), "{}", queue.body);
    let page = visitor.get(&page_of(&proposal), 200).await;
    let words = text_of(&page);
    for part in [
        "Agent (API key of",
        "Cheaper.",
        "the latest text",
        "replaces what readers see now, at once",
        "The old one leads to the new one",
        "our-prices",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(page.body.contains("<ins class=\"added\">"), "{}", page.body);
    assert!(page.body.contains("href=\"#change-1\""), "{}", page.body);
    let text = visitor.get(&format!("{}?view=text", page_of(&proposal)), 200).await;
    assert!(text_of(&text).contains("We charge *999* euros."), "{}", text.body);
    let result = visitor.get(&format!("{}?view=result", page_of(&proposal)), 200).await;
    assert!(result.body.contains("We charge <em>999</em> euros."), "{}", result.body);

    let after = visitor.press(&page, "Approve and publish", &[]).await;
    assert_eq!(after.status, 200, "{}", after.body);
    assert!(text_of(&after).contains("Readers see it now"), "{}", after.body);
    let live = app.anonymous().get("/v1/posts/prices", 200).await;
    assert_eq!(live.text("/body"), "We charge *999* euros. Call us.\n");
    // It is told what became of it.
    let words = text_of(&visitor.get(&page_of(&proposal), 200).await);
    assert!(words.contains("approved by Test editor"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_review_approves_nothing_and_says_what_changed() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let body = "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n";
    let new = json!({ "title": "Numbers", "body": body });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let proposal = propose(&agent, &post, json!({ "body": body.replace("Five", "Six") })).await;
    let seen = visitor.get(&page_of(&proposal), 200).await;
    edit(&editor, &post, json!({ "body": body.replace("One", "First") })).await;

    let page = visitor.press(&seen, "Approve and publish", &[]).await;
    assert_eq!(page.status, 412, "{}", page.body);
    let words = text_of(&page);
    assert!(words.contains("What changed since you looked"), "{words}");
    assert!(words.contains("the text or a field"), "{words}");
    assert!(words.contains("Their changes are kept"), "{words}");
    assert_eq!(status_of(&editor, &proposal).await, "pending");
    app.anonymous().get("/v1/posts/numbers", 404).await;
    // The page shows it as it is now, and its form approves that.
    assert!(words.contains("First") && words.contains("Six"), "{words}");
    let after = visitor.press(&page, "Approve and publish", &[]).await;
    assert_eq!(after.status, 200, "{}", after.body);
    let live = app.anonymous().get("/v1/posts/numbers", 200).await;
    assert_eq!(live.text("/body"), body.replace("One", "First").replace("Five", "Six"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_approves_once() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Twice"), 201).await.text("/id");
    let page = visitor.get(&page_of(&proposal), 200).await;
    let form = form(&page, "Approve");
    assert_eq!(visitor.submit(&form).await.status, 303);
    let second = visitor.submit(&form).await;
    assert_eq!(second.status, 409, "{}", second.body);
    assert!(text_of(&second).contains("This was already approved"), "{}", second.body);
    assert!(find(&second, "Approve").is_none(), "{}", second.body);
    let posts = editor.get("/v1/manage/posts", 200).await;
    assert_eq!(posts.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(posts.text("/items/0/status"), "draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_reaches_who_proposed_it() {
    let app = App::start().await;
    let (mut visitor, _, agent) = editor(&app).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Too long"), 201).await.text("/id");
    let page = visitor.get(&page_of(&proposal), 200).await;
    let refused = visitor.press(&page, "Send back", &[("reason", "  ")]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(text_of(&refused).contains("Say why you send it back"), "{}", refused.body);
    assert_eq!(status_of(&agent, &proposal).await, "pending");
    let reason = "Say it shorter.\nAnd name the source.";
    let after = visitor.press(&refused, "Send back", &[("reason", reason)]).await;
    assert!(text_of(&after).contains("Sent back with your reason"), "{}", after.body);
    let read = agent.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
    assert_eq!(read.text("/status"), "rejected");
    assert_eq!(read.text("/decision/reason"), reason);
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_become_the_persons_own_text() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let new = json!({ "title": "Kelp", "body": "It is grean.\n\nVery.\n" });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await.text("/id");
    let page = visitor.get(&page_of(&proposal), 200).await;
    // The text comes back as it is.
    let same = visitor.press(&page, "Approve with edits", &[]).await;
    assert_eq!(same.status, 422, "{}", same.body);
    assert!(text_of(&same).contains("The text is the same as before"), "{}", same.body);
    let own = [("title", "Kelp and rope"), ("body", "It is green.\r\n\r\nVery.\r\n")];
    let after = visitor.press(&page, "Approve with edits and publish", &own).await;
    assert_eq!(after.status, 200, "{}", after.body);
    let live = app.anonymous().get("/v1/posts/kelp-and-rope", 200).await;
    assert_eq!(live.text("/title"), "Kelp and rope");
    assert_eq!(live.text("/body"), "It is green.\n\nVery.\n");
    let revisions = format!("/v1/manage/posts/{}/revisions", live.text("/id"));
    let revisions = editor.get(&revisions, 200).await;
    let kinds: Vec<&str> = revisions.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|revision| revision["created_by"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["person", "api_key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_scheduled_by_the_site_s_clocks() {
    let app = App::start().await;
    let zone = json!({ "time_zone": "Europe/Berlin" });
    app.admin().await.patch("/v1/admin/settings", zone, 200).await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Later"), 201).await.text("/id");
    let page = visitor.get(&page_of(&proposal), 200).await;
    let refused = visitor.press(&page, "Approve and schedule", &[("publish_at", "")]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(text_of(&refused).contains("Choose a date and a time"), "{}", refused.body);
    assert!(text_of(&refused).contains("Goes live at (Europe/Berlin)"), "{}", refused.body);
    let skipped = [("publish_at", "2029-03-25T02:30")];
    let refused = visitor.press(&page, "Approve and schedule", &skipped).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        text_of(&refused).contains("There is no such time in Europe/Berlin"),
        "{}",
        refused.body
    );
    assert_eq!(form(&refused, "Approve and schedule").value("publish_at"), skipped[0].1);
    let at = [("publish_at", "2029-12-24T09:00")];
    let after = visitor.press(&page, "Approve and schedule", &at).await;
    assert_eq!(after.status, 200, "{}", after.body);
    let posts = editor.get("/v1/manage/posts?status=scheduled", 200).await;
    assert_eq!(posts.text("/items/0/schedule/publish_at"), "2029-12-24T08:00:00.000Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_shows_both_sides_and_can_only_be_sent_back() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Both"), 201).await;
    let proposal = propose(&agent, &post, json!({ "body": "What the agent says.\n" })).await;
    let seen = visitor.get(&page_of(&proposal), 200).await;
    edit(&editor, &post, json!({ "body": "What the editor says.\n" })).await;
    let page = visitor.press(&seen, "Approve", &[]).await;
    assert_eq!(page.status, 409, "{}", page.body);
    let words = text_of(&page);
    for part in ["changed the same part", "What the agent says.", "What the editor says."] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(find(&page, "Approve").is_none(), "{}", page.body);
    let after = visitor.press(&page, "Send back", &[("reason", "Changed meanwhile.")]).await;
    assert_eq!(after.status, 200, "{}", after.body);
    assert_eq!(status_of(&editor, &proposal).await, "rejected");
}
