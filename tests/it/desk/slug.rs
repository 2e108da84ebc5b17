//! The slug of a draft follows its title, until readers have it or somebody chooses one.

use serde_json::json;

use super::scene::Scene;
use super::visitor::{form, text_of};
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
