//! The editor tells who wrote what, what became of it, and what is live.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::scene::Scene;
use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn an_author_hands_in_and_an_editor_approves() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let place = format!("/desk/posts/{id}");
    let page = author.get(&place, 200).await;
    let mut sent = form(&page, "Hand in for review");
    sent.set("body", "Ready.");
    sent.set("note", "Please look at the end.");
    let (first, second) = (author.submit(&sent).await, author.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    let page = author.follow(first).await;
    assert!(text_of(&page).contains("handed in for review"), "{}", page.body);
    assert!(find(&page, "Hand in for review").is_none(), "it is handed in already");

    let editor = app.user(Role::Editor).await;
    let waiting = editor.get("/v1/manage/proposals", 200).await;
    assert_eq!(waiting.json["items"].as_array().unwrap().len(), 1, "{}", waiting.body);
    assert_eq!(waiting.text("/items/0/note"), "Please look at the end.");
    let proposal = waiting.text("/items/0/id");
    let read = editor.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
    assert_eq!(read.text("/review/body"), "Ready.");

    // The author goes on; what is approved is what the editor then reads.
    let page = author.press(&page, "Save", &[("body", "Ready now.")]).await;
    assert!(find(&page, "Hand in for review").is_none(), "it still waits: {}", page.body);
    assert!(text_of(&page).contains("shows what you saved last"), "{}", page.body);
    let review = text_of(&author.get(&format!("/desk/proposals/{proposal}"), 200).await);
    assert!(review.contains("You went on writing after this was handed in"), "{review}");
    assert!(!review.contains("Others changed"), "{review}");
    let (mut reviewer, _) = Visitor::with_role(&app, Role::Editor).await;
    let place_of_review = format!("/desk/proposals/{proposal}");
    let review = text_of(&reviewer.get(&place_of_review, 200).await);
    assert!(review.contains("The writer went on after this was handed in"), "{review}");
    assert!(review.contains("Ready now."), "{review}");
    // Somebody else's change is told as one.
    let change = Some(json!({ "excerpt": "By an editor." }));
    let path = format!("/v1/manage/posts/{id}");
    let seen = client.get(&path, 200).await.header("etag").to_owned();
    editor.send(Method::PATCH, &path, &[("if-match", &seen)], change, 200).await;
    let review = text_of(&reviewer.get(&place_of_review, 200).await);
    assert!(review.contains("Others changed the post since this was proposed"), "{review}");
    let stale = read.header("etag").to_owned();
    editor.approve_as_seen(&proposal, &stale, json!({ "publish": true }), 412).await;
    editor.approve(&proposal, json!({ "publish": true }), 200).await;
    let slug = client.get(&format!("/v1/manage/posts/{id}"), 200).await.text("/slug");
    let live = app.anonymous().get(&format!("/v1/posts/{slug}"), 200).await;
    assert!(live.text("/body_html").contains("Ready now."), "{}", live.body);
    let page = author.get(&place, 200).await;
    assert!(text_of(&page).contains("this text, since"), "{}", page.body);
    let refused = author.press(&page, "Hand in for review", &[]).await;
    assert_eq!(refused.status, 422, "what is live already is not handed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_who_wrote_what_is_not_live() {
    let mut scene = Scene::new("Tides").await;
    let agent = scene.app.agent(&scene.client).await;
    let path = format!("/v1/manage/posts/{}", scene.id);
    let change = Some(json!({ "body": "By an agent." }));
    agent.send(Method::PATCH, &path, &[("if-match", "\"v1\"")], change, 200).await;
    let page = scene.open().await;
    assert!(text_of(&page).contains("Agent (API key of"), "{}", page.body);
    assert!(text_of(&page).contains("Agents that wrote what is not live yet"), "{}", page.body);
    let saved = scene.editor.press(&page, "Save", &[("body", "By a person, too.")]).await;
    assert!(text_of(&saved).contains("Agents that wrote what is not live yet"), "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_it_was_sent_back_is_said_where_it_is_mended() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let place = format!("/desk/posts/{id}");
    let page = author.get(&place, 200).await;
    author.press(&page, "Hand in for review", &[("body", "All of it.\n\nAnd the end.\n")]).await;
    let editor = app.user(Role::Editor).await;
    let proposal = editor.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let reason = json!({ "reason": "Name the source." });
    editor.post(&format!("/v1/manage/proposals/{proposal}/reject"), reason, 200).await;
    let page = author.get(&place, 200).await;
    let words = text_of(&page);
    assert!(words.contains("was sent back by Test editor"), "{words}");
    assert!(words.contains("Name the source."), "{words}");
    // What was handed in can still be read.
    let read = author.get(&format!("/desk/proposals/{proposal}"), 200).await;
    let words = text_of(&read);
    for part in [
        "The text that was handed in, and judged",
        "All of it.",
        "And the end.",
        "Name the source.",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    // Handed in again, it waits again.
    let page = author.press(&page, "Hand in for review", &[("body", "All, by A. Source.\n")]).await;
    assert!(!text_of(&page).contains("was sent back"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn which_text_is_scheduled_is_said_where_a_newer_one_is_written() {
    let mut scene = Scene::new("Tides").await;
    let post = scene.post().await;
    let path = format!("/v1/manage/posts/{}/schedule", scene.id);
    let plan = json!({ "revision_id": post["revision_id"], "publish_at": "2029-01-01T09:00:00Z" });
    scene.client.post(&path, plan, 200).await;
    let page = scene.open().await;
    assert!(text_of(&page).contains("This text goes live"), "{}", page.body);
    let page = scene.editor.press(&page, "Save", &[("body", "A newer text.")]).await;
    let words = text_of(&page);
    assert!(words.contains("An older text goes live") && words.contains("not this one"), "{words}");
    let latest = scene.post().await["revision_id"].as_str().unwrap().to_owned();
    let link = format!("href=\"{}/go-live?revision={latest}\"", scene.place);
    assert!(page.body.matches(&link).count() >= 2, "{link}: {}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_live_is_linked() {
    let mut scene = Scene::new("Tides").await;
    let mut admin = Visitor::admin(&scene.app).await;
    let page = admin.get("/desk/settings", 200).await;
    let site = [("url", "https://notes.example"), ("post_path", "/writing/{slug}")];
    admin.press(&page, "Save settings", &site).await;
    let page = scene.open().await;
    assert!(!page.body.contains("https://notes.example"), "nothing is live");
    let revision = scene.post().await["revision_id"].as_str().unwrap().to_owned();
    let page = scene.editor.get(&format!("{}/go-live?revision={revision}", scene.place), 200).await;
    let page = scene.editor.press(&page, "Publish", &[]).await;
    let link = "<a class=\"button\" href=\"https://notes.example/writing/tides\"";
    assert!(page.body.contains(link), "{}", page.body);
    // A new address of the draft is not where readers are.
    let page = scene.editor.press(&page, "Save", &[("slug", "other-tides")]).await;
    assert!(page.body.contains("https://notes.example/writing/tides"), "{}", page.body);
    // Approved on the page of a proposal, too.
    let agent = scene.app.agent(&scene.client).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Kelp"), 201).await.text("/id");
    let page = scene.editor.get(&format!("/desk/proposals/{proposal}"), 200).await;
    assert!(text_of(&page).contains("/writing/kelp"), "it names the address to be: {}", page.body);
    let page = scene.editor.press(&page, "Approve and publish", &[]).await;
    let posts = scene.client.get("/v1/manage/posts?status=published", 200).await;
    let items = posts.json["items"].as_array().unwrap();
    let kelp = items.iter().find(|post| post["title"] == "Kelp").unwrap()["id"].clone();
    let link = format!("href=\"/desk/posts/{}\"", kelp.as_str().unwrap());
    assert!(page.body.contains(&link), "{}", page.body);
}
