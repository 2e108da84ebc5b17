//! The slug of a draft follows its title, until readers have it or somebody chooses one.

use byline_shared::model::Role;
use serde_json::json;

use super::review::{page_of, publish};
use super::scene::Scene;
use super::visitor::{Visitor, form, text_of};
use crate::harness::{Answer, draft};

impl Scene {
    /// Saves with these fields, and answers with the page.
    async fn save(&mut self, fields: &[(&str, &str)]) -> Answer {
        let page = self.editor.get(&self.place, 200).await;
        let saved = self.editor.press(&page, "Save", fields).await;
        assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
        saved
    }

    async fn slug(&self) -> String {
        self.client.get(&format!("/v1/manage/posts/{}", self.id), 200).await.text("/slug")
    }

    async fn publish(&self) {
        let path = format!("/v1/manage/posts/{}", self.id);
        let revision = self.client.get(&path, 200).await.text("/revision_id");
        let body = json!({ "revision_id": revision });
        self.client.post(&format!("{path}/publish"), body, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slug_follows_the_title_until_the_post_is_live() {
    let mut scene = Scene::new("Untitled").await;
    let page = scene.editor.get(&scene.place, 200).await;
    assert!(
        text_of(&page).contains("It follows the title until the post is live"),
        "{}",
        page.body
    );
    let saved = scene.save(&[("title", "What the tide leaves")]).await;
    assert_eq!(form(&saved, "Save").value("slug"), "what-the-tide-leaves");
    // A title without letters for a slug leaves the one before.
    scene.save(&[("title", "…")]).await;
    assert_eq!(scene.slug().await, "what-the-tide-leaves");
    scene.save(&[("title", "What the tide leaves"), ("body", "More.")]).await;
    scene.save(&[("title", "What the tide takes")]).await;
    assert_eq!(scene.slug().await, "what-the-tide-takes");
    // The one that it had is free.
    let other = scene.client.post("/v1/manage/posts", draft("What the tide leaves"), 201).await;
    assert_eq!(other.text("/slug"), "what-the-tide-leaves");
    // Where another post has it, it gets a number.
    scene.save(&[("title", "What the tide leaves")]).await;
    assert_eq!(scene.slug().await, "what-the-tide-leaves-2");
    let saved = scene.save(&[("title", "What the tide leaves!")]).await;
    assert_eq!(form(&saved, "Save").value("slug"), "what-the-tide-leaves-2", "it is the same slug");

    scene.publish().await;
    let saved = scene.save(&[("title", "Another title")]).await;
    assert_eq!(scene.slug().await, "what-the-tide-leaves-2", "readers have it");
    assert!(!text_of(&saved).contains("It follows the title"), "{}", saved.body);
    let unpublish = format!("/v1/manage/posts/{}/unpublish", scene.id);
    scene.client.post(&unpublish, json!({}), 200).await;
    scene.save(&[("title", "One more title")]).await;
    assert_eq!(scene.slug().await, "what-the-tide-leaves-2", "readers had it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_somebody_chose_stays() {
    let mut scene = Scene::new("Tides").await;
    scene.save(&[("title", "Low tides"), ("slug", "tides-of-march")]).await;
    assert_eq!(scene.slug().await, "tides-of-march");
    let saved = scene.save(&[("title", "High tides")]).await;
    assert_eq!(scene.slug().await, "tides-of-march");
    assert!(!text_of(&saved).contains("It follows the title"), "{}", saved.body);
    // A change over the API says what it changes.
    let mut scene = Scene::new("Tides").await;
    let path = format!("/v1/manage/posts/{}", scene.id);
    let change = Some(json!({ "title": "Low tides" }));
    scene.client.send(http::Method::PATCH, &path, &[("if-match", "\"v1\"")], change, 200).await;
    assert_eq!(scene.slug().await, "tides");
    // What is scheduled has its address.
    let mut scheduled = Scene::new("Winter").await;
    let path = format!("/v1/manage/posts/{}", scheduled.id);
    let revision = scheduled.client.get(&path, 200).await.text("/revision_id");
    let plan = json!({ "revision_id": revision, "publish_at": "2029-01-01T09:00:00Z" });
    scheduled.client.post(&format!("{path}/schedule"), plan, 200).await;
    scheduled.save(&[("title", "Summer")]).await;
    assert_eq!(scheduled.slug().await, "winter");
    assert!(scene.app.byline.observer.violations().is_empty());
    scene.save(&[("body", "The end.")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_with_a_new_title_is_no_conflict() {
    let mut scene = Scene::new("Untitled").await;
    let page = scene.editor.get(&scene.place, 200).await;
    let mut sent = form(&page, "Save");
    sent.set("title", "Low tides");
    let (first, second) = (scene.editor.submit(&sent).await, scene.editor.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    assert_eq!(scene.slug().await, "low-tides");
    // A script gets the slug, and goes on with it.
    let json = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let again = scene.editor.submit_with(&sent, &json).await;
    assert_eq!(
        (again.status, again.text("/slug")),
        (200, "low-tides".to_owned()),
        "{}",
        again.body
    );
    sent.set("revision_id", &again.text("/revision_id"));
    sent.set("slug", &again.text("/slug"));
    sent.set("title", "High tides");
    let saved = scene.editor.submit_with(&sent, &json).await;
    assert_eq!(
        (saved.status, saved.text("/slug")),
        (200, "high-tides".to_owned()),
        "{}",
        saved.body
    );
    // What else was changed in the older form is still a conflict.
    sent.set("body", "From an older text.");
    let conflict = scene.editor.submit(&sent).await;
    assert_eq!(conflict.status, 409, "{}", conflict.body);
    assert_eq!(form(&conflict, "Save").value("slug"), "high-tides");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slug_follows_a_title_that_is_corrected_while_approving() {
    let scene = Scene::new("Better title").await;
    let (mut writer, author) = Visitor::with_role(&scene.app, Role::Author).await;
    let (mut editor, client) = (scene.editor, scene.client);
    let post = author.post("/v1/manage/posts", draft("New title"), 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let page = writer.get(&format!("/desk/posts/{}", post.text("/id")), 200).await;
    writer.press(&page, "Hand in for review", &[]).await;
    let waiting = client.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let page = editor.get(&page_of(&waiting), 200).await;
    assert!(text_of(&page).contains("The address follows it."), "{}", page.body);
    let own = [("title", "Better title")];
    let done = editor.press(&page, "Approve with edits", &own).await;
    assert!(text_of(&done).contains("Approved."), "{}", done.body);
    let approved = client.get(&path, 200).await;
    // Another post has the slug, so it gets a number, as in the editor.
    assert_eq!(approved.text("/title"), "Better title");
    assert_eq!(approved.text("/slug"), "better-title-2");

    // A new post that an agent proposes has a slug from its title, too.
    let agent = scene.app.agent(&client).await;
    let new = agent.post("/v1/manage/proposals", draft("Low tides"), 201).await;
    let page = editor.get(&page_of(&new.text("/id")), 200).await;
    let own = [("title", "High tides")];
    editor.press(&page, "Approve with edits", &own).await;
    let path = format!("/v1/manage/posts/{}", new.text("/post_id"));
    assert_eq!(client.get(&path, 200).await.text("/slug"), "high-tides");

    // A slug that somebody chose stays.
    let mut chosen = draft("Winter");
    chosen["slug"] = json!("cold");
    let chosen = agent.post("/v1/manage/proposals", chosen, 201).await;
    let page = editor.get(&page_of(&chosen.text("/id")), 200).await;
    assert!(!text_of(&page).contains("The address follows it."), "{}", page.body);
    editor.press(&page, "Approve with edits", &[("title", "Summer")]).await;
    let path = format!("/v1/manage/posts/{}", chosen.text("/post_id"));
    assert_eq!(client.get(&path, 200).await.text("/slug"), "cold");

    // Readers have the slug of a live post.
    let seen = client.get(&format!("/v1/manage/posts/{}", new.text("/post_id")), 200).await;
    publish(&client, &seen).await;
    let change = json!({ "base_revision_id": seen.json["revision_id"], "body": "More." });
    let path = format!("/v1/manage/posts/{}", new.text("/post_id"));
    let change = agent.post(&format!("{path}/proposals"), change, 201).await;
    let page = editor.get(&page_of(&change.text("/id")), 200).await;
    editor.press(&page, "Approve with edits", &[("title", "Spring tides")]).await;
    let post = client.get(&path, 200).await;
    assert_eq!(
        (post.text("/title"), post.text("/slug")),
        ("Spring tides".to_owned(), "high-tides".to_owned())
    );
    assert!(scene.app.byline.observer.violations().is_empty());
}
