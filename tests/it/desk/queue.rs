//! `/desk`: what waits, and what became of the visitor's own proposals.

use std::sync::Arc;

use byline_shared::model::Role;
use byline_shared::publishing;
use serde_json::json;

use super::review::{edit, publish};
use super::visitor::{Visitor, text_of};
use crate::harness::{App, draft};

/// The most calls that a page may make.
pub(super) const MOST_CALLS: u64 = 7;

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_publication_says_how_to_begin() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk", 200).await;
    let words = text_of(&page);
    for part in ["Three ways", "Write a post", "Connect an agent", "Import a site", "/mcp"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    for (link, target) in
        [("/desk/posts#title", "id=\"title\""), ("/desk/account/keys", "id=\"name\"")]
    {
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
        let place = link.split('#').next().unwrap();
        assert!(admin.get(place, 200).await.body.contains(target), "{link} leads to no {target}");
    }
    // No app on the web reaches this machine.
    assert!(words.contains("Apps on this machine reach this address"), "{words}");
    assert!(!words.contains("custom connector"), "{words}");
    for help in
        ["claude mcp add --transport http byline http", "cargo import ~/blog", "wordpress.xml"]
    {
        assert!(words.contains(help), "{help}: {words}");
    }
    assert!(!page.body.contains("href=\"/docs\""), "the API reference helps nobody here");
    let apps = text_of(&admin.get("/desk/account/apps", 200).await);
    assert!(apps.contains("claude mcp add --transport http byline http"), "{apps}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_begins_is_told_what_they_can_do() {
    let app = App::start_with(|options| {
        options.variable = Arc::new(|name| {
            (name == "BYLINE_PUBLIC_URL").then(|| "https://byline.example".to_owned())
        });
    })
    .await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let words = text_of(&author.get("/desk", 200).await);
    for part in ["Two ways", "Write a post", "custom connector", "https://byline.example/mcp"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    // Nobody imports a site without the machine that Byline is installed from.
    assert!(!words.contains("Import a site") && !words.contains("this machine"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_waits_is_listed_and_can_be_filtered() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let agent = app.agent(&editor).await;
    editor.post("/v1/manage/posts", draft("Only a draft"), 201).await;
    let live = editor.post("/v1/manage/posts", draft("Live and newer"), 201).await;
    let live = publish(&editor, &live).await;
    edit(&editor, &live, json!({ "body": "Newer.\n" })).await;
    let whole = editor.post("/v1/manage/posts", draft("Nothing to do"), 201).await;
    publish(&editor, &whole).await;
    let later = editor.post("/v1/manage/posts", draft("Goes live later"), 201).await;
    let schedule =
        json!({ "revision_id": later.text("/revision_id"), "publish_at": "2029-01-01T09:00:00Z" });
    let path = format!("/v1/manage/posts/{}/schedule", later.text("/id"));
    editor.post(&path, schedule, 200).await;
    let mut proposal = draft("Proposed by an agent");
    proposal["note"] = json!("Out of your notes.");
    let proposal = agent.post("/v1/manage/proposals", proposal, 201).await;

    let words = text_of(&visitor.get("/desk", 200).await);
    for title in ["Only a draft", "Live and newer", "Goes live later", "Proposed by an agent"] {
        assert!(words.contains(title), "{title}: {words}");
    }
    assert!(!words.contains("Nothing to do"), "{words}");
    assert!(words.contains("Out of your notes.") && words.contains("Agent (API key of"), "{words}");
    let newest = words.find("Proposed by an agent").unwrap();
    assert!(newest < words.find("Only a draft").unwrap(), "the newest comes first: {words}");

    let kinds = [
        ("proposals", "Proposed by an agent"),
        ("scheduled", "Goes live later"),
        ("not-live", "Only a draft"),
    ];
    for (filter, title) in kinds {
        let page = visitor.get(&format!("/desk?show={filter}"), 200).await;
        let words = text_of(&page);
        for (_, other) in kinds {
            assert_eq!(words.contains(other), other == title, "{filter}: {words}");
        }
        let current = format!("href=\"/desk?show={filter}\" aria-current=\"true\"");
        assert!(page.body.contains(&current), "{filter}: {}", page.body);
    }
    let words = text_of(&visitor.get("/desk?show=failed", 200).await);
    assert!(words.contains("No schedule has failed"), "{words}");
    let link = format!("href=\"/desk/proposals/{}\"", proposal.text("/id"));
    assert!(visitor.get("/desk", 200).await.body.contains(&link));
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_read_what_became_of_theirs() {
    let app = App::unlimited().await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let editor = app.user(Role::Editor).await;
    let mut made = Vec::new();
    for title in ["Taken as it is", "Too long", "Still waiting"] {
        made.push(author.post("/v1/manage/proposals", draft(title), 201).await.text("/id"));
    }
    editor.approve(&made[0], json!({}), 200).await;
    let path = format!("/v1/manage/proposals/{}/reject", made[1]);
    editor.post(&path, json!({ "reason": "Say it shorter." }), 200).await;
    let words = text_of(&writer.get("/desk?show=decided", 200).await);
    for part in ["Taken as it is", "approved", "Too long", "sent back", "Say it shorter."] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("Still waiting"), "{words}");
    let words = text_of(&writer.get("/desk", 200).await);
    assert!(words.contains("Still waiting") && !words.contains("Too long"), "{words}");
    // Another author has nothing to do with it.
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    for path in ["/desk", "/desk?show=decided"] {
        let words = text_of(&other.get(path, 200).await);
        assert!(!words.contains("Still waiting") && !words.contains("Too long"), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_sees_all_decisions_and_can_pick_their_own() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let (author, admin) = (app.user(Role::Author).await, app.admin().await);
    let mut made = Vec::new();
    for title in ["Approved by the editor", "Sent back by the admin"] {
        made.push(author.post("/v1/manage/proposals", draft(title), 201).await.text("/id"));
    }
    made.push(editor.post("/v1/manage/proposals", draft("Of the editor"), 201).await.text("/id"));
    editor.approve(&made[0], json!({}), 200).await;
    for id in &made[1..] {
        let path = format!("/v1/manage/proposals/{id}/reject");
        admin.post(&path, json!({ "reason": "Later." }), 200).await;
    }
    let page = visitor.get("/desk?show=decided", 200).await;
    let words = text_of(&page);
    for part in [
        "Approved by the editor",
        "by Test editor",
        "Sent back by the admin",
        "by Admin",
        "A new post, proposed by Test author",
        "Of the editor",
        "Later.",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(page.body.contains("href=\"/desk?show=mine\""), "{}", page.body);
    let words = text_of(&visitor.get("/desk?show=mine", 200).await);
    assert!(words.contains("Approved by the editor") && words.contains("Of the editor"), "{words}");
    assert!(!words.contains("Sent back by the admin"), "{words}");
    // What is decided does not wait.
    let words = text_of(&visitor.get("/desk?show=proposals", 200).await);
    assert!(!words.contains("Of the editor"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_handed_in_for_the_first_time_is_a_new_post() {
    let app = App::unlimited().await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let page = writer.get(&format!("/desk/posts/{}", post.text("/id")), 200).await;
    writer.press(&page, "Hand in for review", &[]).await;
    let words = text_of(&visitor.get("/desk", 200).await);
    assert!(words.contains("A new post") && !words.contains("A change"), "{words}");
    let id = editor.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let page = visitor.get(&format!("/desk/proposals/{id}"), 200).await;
    let words = text_of(&page);
    assert!(words.contains("A new post, proposed by") && !words.contains("A change"), "{words}");
    assert!(words.contains("the draft as it is"), "{words}");
    // What was approved says where to go on.
    let done = visitor.press(&page, "Approve", &[]).await;
    let words = text_of(&done);
    assert!(words.contains("See what changes for readers, and publish it"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_makes_few_calls() {
    let app = App::start().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    for number in 0..3 {
        editor.post("/v1/manage/posts", draft(&format!("Post {number}")), 201).await;
        editor.post("/v1/manage/proposals", draft(&format!("Proposal {number}")), 201).await;
    }
    visitor.get("/desk", 200).await;
    let count = || app.byline.observer.actions("desk-queue").values().sum::<u64>();
    let before = count();
    visitor.get("/desk", 200).await;
    let made = count() - before;
    assert!((1..=MOST_CALLS).contains(&made), "{made} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_looked_at_is_said() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let old = editor.post("/v1/manage/posts", draft("The oldest draft"), 201).await;
    for number in 0..publishing::POSTS {
        let post = editor.post("/v1/manage/posts", draft(&format!("Post {number}")), 201).await;
        publish(&editor, &post).await;
    }
    let words = text_of(&visitor.get("/desk", 200).await);
    assert!(!words.contains("The oldest draft"), "{words}");
    assert!(!words.contains("Nothing waits"), "a draft waits: {words}");
    assert!(words.contains("the 60 posts that were changed last"), "{words}");
    let words = text_of(&visitor.get("/desk?show=not-live", 200).await);
    assert!(!words.contains("Readers see everything"), "{words}");
    let drafts = visitor.get("/desk/posts?status=draft", 200).await;
    assert!(drafts.body.contains(&old.text("/id")), "{}", drafts.body);
}
