//! Two people at one media item or tag: the later one sees both texts, and nothing is lost.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::visitor::{Visitor, form, text_of};
use crate::harness::App;
use crate::media::{self, GIF};

#[tokio::test(flavor = "multi_thread")]
async fn two_who_describe_a_picture_lose_nothing() {
    let app = App::unlimited().await;
    let (mut one, client) = Visitor::with_role(&app, Role::Editor).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Editor).await;
    let page = one.get("/desk/media", 200).await;
    let sent = one.submit_files(&form(&page, "Upload"), &[("Rope.gif", GIF)], &[]).await;
    let place = sent.header("location").split('?').next().unwrap().to_owned();
    let (first, second) = (one.get(&place, 200).await, other.get(&place, 200).await);
    one.press(&first, "Save", &[("alt", "A blue rope"), ("caption", "Found on Monday.")]).await;
    let stale = other.press(&second, "Save", &[("alt", "A rope on sand")]).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    let words = text_of(&stale);
    for part in ["Somebody else described this file", "A blue rope", "Found on Monday."] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(form(&stale, "Save").value("alt"), "A rope on sand");
    assert_eq!(client.get("/v1/manage/media", 200).await.text("/items/0/alt"), "A blue rope");
    // Having seen both, the later one decides.
    let both = [("alt", "A blue rope on sand"), ("caption", "Found on Monday.")];
    let saved = other.press(&stale, "Save", &both).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let media = client.get("/v1/manage/media", 200).await;
    assert_eq!(media.text("/items/0/alt"), "A blue rope on sand");

    // One deletes it while the other describes it: the words can still be copied.
    let page = one.get(&place, 200).await;
    let open = other.get(&place, 200).await;
    one.press(&page, "Delete file", &[("delete", "yes")]).await;
    let gone = other.press(&open, "Save", &[("alt", "Words that took an hour")]).await;
    assert_eq!(gone.status, 404);
    assert!(text_of(&gone).contains("Words that took an hour"), "{}", gone.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_cover_are_not_overwritten_unseen() {
    let app = App::unlimited().await;
    let (mut one, client) = Visitor::with_role(&app, Role::Editor).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Editor).await;
    let cover = media::published(&client).await.text("/id");
    let new = json!({ "title": "Rope", "body": "One.", "cover": cover });
    let place =
        format!("/desk/posts/{}", client.post("/v1/manage/posts", new, 201).await.text("/id"));
    let page = one.get(&place, 200).await;
    let item = format!("/desk/media/{cover}");
    let theirs = other.get(&item, 200).await;
    assert!(text_of(&theirs).contains("Used inRope"), "{}", theirs.body);
    other.press(&theirs, "Save", &[("alt", "A blue rope")]).await;
    let refused = one.press(&page, "Save", &[("cover_alt", "A rope on sand")]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        text_of(&refused).contains("It is now: \u{201c}A blue rope\u{201d}"),
        "{}",
        refused.body
    );
    assert_eq!(form(&refused, "Save").value("cover_alt"), "A rope on sand");
    let saved = one.press(&refused, "Save", &[]).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let path = format!("/v1/manage/media/{cover}");
    assert_eq!(client.get(&path, 200).await.text("/alt"), "A rope on sand");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_change_a_tag_lose_nothing() {
    let app = App::unlimited().await;
    let (mut one, client) = Visitor::with_role(&app, Role::Editor).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Editor).await;
    let page = one.get("/desk/tags", 200).await;
    let first = one.press(&page, "Create tag", &[("name", "Sea")]).await;
    let second = other.get("/desk/tags/sea", 200).await;
    one.press(&first, "Save", &[("description", "Salt water.")]).await;
    let stale = other.press(&second, "Save", &[("description", "All that is blue.")]).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    let words = text_of(&stale);
    assert!(
        words.contains("Somebody else changed this tag") && words.contains("Salt water."),
        "{words}"
    );
    assert_eq!(form(&stale, "Save").value("description"), "All that is blue.");
    let tag = client.get("/v1/manage/tags", 200).await;
    assert_eq!(
        (tag.text("/items/0/description"), &tag.json["items"][0]["version"]),
        ("Salt water.".into(), &json!(1))
    );
    let saved = other.press(&stale, "Save", &[("description", "Blue salt water.")]).await;
    assert_eq!(saved.status, 200, "{}", saved.body);

    // One gives it another address, or deletes it, while the other describes it.
    let page = one.get("/desk/tags/sea", 200).await;
    let open = other.get("/desk/tags/sea", 200).await;
    let moved = one.press(&page, "Save", &[("name", "Seas"), ("slug", "seas")]).await;
    let stale = other.press(&open, "Save", &[("description", "An hour of words.")]).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    let kept = form(&stale, "Save");
    assert_eq!(
        (kept.action.as_str(), kept.value("description")),
        ("/desk/tags/seas", "An hour of words.")
    );
    one.press(&moved, "Delete tag", &[("delete", "yes")]).await;
    let gone = other.press(&stale, "Save", &[("description", "An hour of words.")]).await;
    assert_eq!(gone.status, 409, "{}", gone.body);
    assert_eq!(form(&gone, "Create tag").value("description"), "An hour of words.");
}

#[tokio::test(flavor = "multi_thread")]
async fn if_match_holds_for_media_and_tags_where_it_is_sent() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let media = media::published(&editor).await;
    let path = format!("/v1/manage/media/{}", media.text("/id"));
    assert_eq!(editor.get(&path, 200).await.header("etag"), "\"v0\"");
    let tag = editor.post("/v1/manage/tags", json!({ "name": "Sea" }), 201).await;
    assert_eq!(tag.json["version"], 0);
    for (path, change) in [
        (path.as_str(), json!({ "alt": "A dot" })),
        ("/v1/manage/tags/sea", json!({ "description": "Salt water." })),
    ] {
        let send = async |seen: &str, status: u16| {
            let headers = [("if-match", seen)];
            editor.send(Method::PATCH, path, &headers, Some(change.clone()), status).await
        };
        let first = send("\"v0\"", 200).await;
        assert_eq!(first.json["version"], 1, "{path}");
        send("\"v0\"", 412).await.is_problem("precondition_failed");
        send("*", 422).await;
        // Without the header it is as it was.
        editor.send(Method::PATCH, path, &[], Some(change.clone()), 200).await;
    }
}
