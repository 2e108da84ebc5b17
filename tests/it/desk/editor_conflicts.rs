//! What is saved twice, by two, or by an older session.

use serde_json::json;

use super::scene::Scene;
use super::visitor::{Visitor, form, text_of};

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_at_once_lose_nothing() {
    let mut scene = Scene::new("Tides").await;
    scene.change(json!({ "body": "One.\n\nTwo.\n\nThree.\n" })).await;
    let page = scene.open().await;
    scene.change(json!({ "body": "One.\n\nTwo.\n\n3.\n", "excerpt": "Theirs." })).await;
    let sent = [("body", "1.\n\nTwo.\n\nThree.\n"), ("title", "My tides")];
    let conflict = scene.editor.press(&page, "Save", &sent).await;
    assert_eq!(conflict.status, 409);
    assert!(text_of(&conflict).contains("Somebody else saved this post"), "{}", conflict.body);
    let shown = form(&conflict, "Save");
    assert_eq!(shown.value("body"), "1.\n\nTwo.\n\n3.\n");
    assert_eq!((shown.value("title"), shown.value("excerpt")), ("My tides", "Theirs."));
    assert_eq!(scene.post().await["title"], "Tides", "nothing is saved before it was seen");
    let saved = scene.editor.press(&conflict, "Save", &[]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
    let post = scene.post().await;
    assert_eq!(
        (&post["body"], &post["excerpt"]),
        (&json!("1.\n\nTwo.\n\n3.\n"), &json!("Theirs."))
    );

    // Where both changed the same line, the form has its writer's, and the other stands beside it.
    let page = scene.open().await;
    scene.change(json!({ "body": "Theirs.\n", "title": "Their tides" })).await;
    let sent = [("body", "Mine.\n"), ("title", "Mine")];
    let conflict = scene.editor.press(&page, "Save", &sent).await;
    assert_eq!(conflict.status, 409);
    let shown = form(&conflict, "Save");
    assert_eq!((shown.value("body"), shown.value("title")), ("Mine.\n", "Mine"));
    let text = text_of(&conflict);
    assert!(text.contains("Theirs.") && text.contains("Their tides"), "{text}");
    let before = scene.revisions().await;
    scene.editor.press(&conflict, "Save", &[]).await;
    assert_eq!(scene.post().await["body"], "Mine.\n");
    assert_eq!(scene.revisions().await, before + 1, "both texts are in the history");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_in_between_is_no_conflict() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    let body = json!({ "revision_id": scene.post().await["revision_id"] });
    scene.client.post(&format!("/v1/manage/posts/{}/publish", scene.id), body, 200).await;
    let saved = scene.editor.press(&page, "Save", &[("body", "More.")]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
    assert!(text_of(&saved).contains("an earlier revision"), "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubled_save_makes_one_revision() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    let mut sent = form(&page, "Save");
    sent.set("body", "Once.");
    let (first, second) = (scene.editor.submit(&sent).await, scene.editor.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    assert_eq!(scene.revisions().await, 2);
    // The form that was sent, changed once more: it is the same writer's, and is told so.
    sent.set("body", "Twice.");
    let conflict = scene.editor.submit(&sent).await;
    assert_eq!(conflict.status, 409);
    assert!(text_of(&conflict).contains("in another tab"), "{}", conflict.body);
    assert_eq!(form(&conflict, "Save").value("body"), "Twice.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_an_older_session_comes_back_filled() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    let mut sent = form(&page, "Save");
    sent.set("body", "Written for hours.");
    sent.set("form_token", "of another session");
    let back = scene.editor.submit(&sent).await;
    assert_eq!(back.status, 409);
    assert_eq!(form(&back, "Save").value("body"), "Written for hours.");
    assert_eq!(scene.revisions().await, 1);
    let saved = scene.editor.press(&back, "Save", &[]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);

    // Signed out in the middle of writing: the text waits on the page for the sign-in.
    let mut stranger = Visitor::stranger(&scene.app);
    sent.set("body", "Written for longer.");
    let kept = stranger.submit(&sent).await;
    assert_eq!(kept.status, 403);
    let kept = form(&kept, "Continue");
    assert_eq!(
        (kept.action.as_str(), kept.value("body")),
        (scene.place.as_str(), "Written for longer.")
    );
    let back = scene.editor.submit(&kept).await;
    assert_eq!(back.status, 409);
    assert_eq!(form(&back, "Save").value("body"), "Written for longer.");

    // A button that carries no text empties no form.
    let mut trash = form(&scene.open().await, "Move to the trash");
    trash.set("form_token", "of another session");
    let back = scene.editor.submit(&trash).await;
    assert_eq!(form(&back, "Save").value("body"), "Written for hours.");
}
