//! A conversation gets another title or mode, and is deleted.

use byline_shared::model::Role;
use serde_json::json;

use super::super::visitor::{Visitor, find, form, text_of};
use super::{AGENT, Scene, Step, message, page_of};
use crate::conversations::of;

#[tokio::test(flavor = "multi_thread")]
async fn title_and_mode_change_and_what_clients_keep_stays() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let page = scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let place = format!("/v1/conversations/{id}");
    let pairs = json!({ "metadata": { "of_client": "kept" } });
    scene.client.post(&place, pairs, 200).await;
    let saved =
        scene.author.press(&page, "Save", &[("title", "Greetings"), ("mode", "draft")]).await;
    let words = text_of(&saved);
    assert!(words.contains("Saved.") && words.contains("Read, propose and draft"), "{words}");
    let expected = json!({ "mode": "draft", "title": "Greetings", "of_client": "kept" });
    assert_eq!(scene.client.get(&place, 200).await.json["metadata"], expected);
    for (title, status) in [("a".repeat(201).as_str(), 422), ("a\u{202e}", 422)]
        .map(|(title, status)| (title.to_owned(), status))
    {
        let refused = scene.author.press(&saved, "Save", &[("title", &title)]).await;
        assert_eq!(refused.status, status);
        assert_eq!(form(&refused, "Save").value("title"), title);
        assert!(refused.body.contains("id=\"title-fault\""), "{}", refused.body);
    }
    // Without a title, the next message gives one.
    let saved = scene.author.press(&saved, "Save", &[("title", " ")]).await;
    assert!(text_of(&saved).contains("A conversation without a title"), "{}", saved.body);
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_a_message_gave_goes_with_it_though_the_mode_was_saved() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let page = scene.begin("My secret").await;
    let id = scene.ids().await.remove(0);
    scene.author.press(&page, "Save", &[("mode", "read")]).await;
    let place = format!("/v1/conversations/{id}");
    let items = scene.client.get(&format!("{place}/items?order=asc"), 200).await;
    scene.client.delete(&format!("{place}/items/{}", items.text("/first_id")), 200).await;
    let page = scene.author.get(&page_of(&id), 200).await;
    assert!(!page.body.contains("My secret"), "{}", page.body);
    assert!(text_of(&page).contains("Read only"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_deleted_once_it_is_confirmed() {
    let mut scene = Scene::new(vec![Step::Says("Yes."), Step::Says("And here.")]).await;
    let page = scene.begin("Hello").await;
    let id = scene.ids().await.remove(0);
    let refused = scene.author.submit(&form(&page, "Delete conversation")).await;
    assert_eq!(refused.status, 422);
    assert!(text_of(&refused).contains("Tick the box first."), "{}", refused.body);
    let mut delete = form(&page, "Delete conversation");
    delete.set("delete", "yes");
    for _ in 0..2 {
        let led = scene.author.submit(&delete).await;
        assert_eq!(led.status, 303, "{}", led.body);
        let list = scene.author.follow(led).await;
        let words = text_of(&list);
        assert!(
            words.contains("The conversation was deleted") && words.contains("There are none yet.")
        );
    }
    assert_eq!(of(&scene.app, &id).await, Vec::<String>::new());
    scene.author.get(&page_of(&id), 404).await;
    // What was written in another tab begins another one.
    let gone = scene.author.submit(&message(&page, "One more thing")).await;
    assert_eq!(gone.status, 409, "{}", gone.body);
    assert!(text_of(&gone).contains("This conversation was deleted"), "{}", gone.body);
    assert_eq!(form(&gone, "Send").value("message"), "One more thing");
    let page = scene.author.press(&gone, "Send", &[]).await;
    assert!(text_of(&page).contains("And here."), "{}", page.body);
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whose_role_is_less_now_is_sent_away_and_asks_nothing() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let page = scene.begin("Hello").await;
    let id = scene.client.get("/v1/users/me", 200).await.text("/id");
    let admin = scene.app.admin().await;
    admin.patch(&format!("/v1/users/{id}"), json!({ "role": "reader" }), 200).await;
    let refused = scene.author.submit(&message(&page, "More")).await;
    assert!([403, 409].contains(&refused.status), "{}", refused.body);
    assert!(find(&refused, "Send").is_none(), "{}", refused.body);
    assert_eq!(scene.model.asked().len(), 1);
    let (mut editor, _) = Visitor::with_role(&scene.app, Role::Editor).await;
    assert_eq!(form(&editor.get(AGENT, 200).await, "Send").value("mode"), "propose");
}
