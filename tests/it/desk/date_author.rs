//! The page for the date and the author of a post.

use byline_shared::model::Role;
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_changes_the_date_and_the_author_of_a_live_post() {
    let app = App::unlimited().await;
    let zone = json!({ "time_zone": "Europe/Berlin" });
    app.admin().await.patch("/v1/admin/settings", zone, 200).await;
    app.create_user("ada@example.com", "Ada Lovelace", Role::Author).await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let post = client.post("/v1/manage/posts", draft("Tides"), 201).await;
    let id = post.text("/id");
    let body = json!({ "revision_id": post.text("/revision_id") });
    let live = client.post(&format!("/v1/manage/posts/{id}/publish"), body, 200).await;
    let page = editor.get(&format!("/desk/posts/{id}"), 200).await;
    let place = format!("/desk/posts/{id}/date-and-author");
    assert!(page.body.contains(&place), "the editor leads there: {}", page.body);

    let page = editor.get(&place, 200).await;
    // Saved as it is, nothing changes: not even the seconds, which the field does not show.
    let done = editor.press(&page, "Save", &[]).await;
    assert!(text_of(&done).contains("Nothing had changed"), "{}", done.body);
    let same = client.get(&format!("/v1/manage/posts/{id}"), 200).await;
    assert_eq!(same.json["published_at"], live.json["published_at"]);

    let ada = app.sign_in("ada@example.com").await.get("/v1/users/me", 200).await.text("/id");
    for (date, fault) in
        [("2999-01-01T09:00", "in the future"), ("", "A post that is live has a date")]
    {
        let refused =
            editor.press(&page, "Save", &[("published_at", date), ("author_id", &ada)]).await;
        assert_eq!(refused.status, 422, "{date}");
        assert!(text_of(&refused).contains(fault), "{}", refused.body);
        assert!(refused.body.contains("href=\"#published_at\""), "{}", refused.body);
        assert_eq!(form(&refused, "Save").value("published_at"), date);
        assert_eq!(form(&refused, "Save").value("author_id"), ada);
    }
    let mut sent = form(&page, "Save");
    sent.set("published_at", "2019-05-04T12:00");
    sent.set("author_id", &ada);
    let (first, second) = (editor.submit(&sent).await, editor.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    let done = editor.follow(second).await;
    let text = text_of(&done);
    for words in ["Changed. Readers see it with the post.", "Ada Lovelace", "4 May 2019"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let read = app.anonymous().get("/v1/posts/tides", 200).await;
    assert_eq!(read.json["published_at"], "2019-05-04T10:00:00.000Z");
    assert_eq!(read.json["author"]["name"], "Ada Lovelace");

    // A form from before is refused, and shows what is there now.
    let mut stale = form(&page, "Save");
    stale.set("published_at", "2018-05-04T12:00");
    let refused = editor.submit(&stale).await;
    assert_eq!(refused.status, 412, "{}", refused.body);
    assert_eq!(form(&refused, "Save").value("published_at"), "2019-05-04T12:00");
    assert_eq!(form(&refused, "Save").value("author_id"), ada);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_needs_no_date_and_its_author_cannot_change_it() {
    let app = App::unlimited().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let post = client.post("/v1/manage/posts", draft("Tides"), 201).await;
    let id = post.text("/id");
    let place = format!("/desk/posts/{id}/date-and-author");
    let page = author.get(&format!("/desk/posts/{id}"), 200).await;
    assert!(!page.body.contains("date-and-author"), "{}", page.body);
    author.get(&place, 403).await;

    let (mut editor, _) = Visitor::with_role(&app, Role::Editor).await;
    let page = editor.get(&place, 200).await;
    assert_eq!(form(&page, "Save").value("published_at"), "");
    let done = editor.press(&page, "Save", &[("published_at", "2019-05-04T10:00")]).await;
    assert!(text_of(&done).contains("Its date"), "{}", done.body);
    let page = editor.get(&place, 200).await;
    assert_eq!(form(&page, "Save").value("published_at"), "2019-05-04T10:00");
    let go_live = format!("/desk/posts/{id}/go-live?revision={}", post.text("/revision_id"));
    assert!(text_of(&editor.get(&go_live, 200).await).contains("4 May 2019"));
    let done = editor.press(&page, "Save", &[("published_at", "")]).await;
    assert!(!text_of(&done).contains("Its date"), "{}", done.body);

    let version = client.get(&format!("/v1/manage/posts/{id}"), 200).await;
    let seen = [("if-match", version.header("etag"))];
    client.send(http::Method::DELETE, &format!("/v1/manage/posts/{id}"), &seen, None, 204).await;
    let page = editor.get(&place, 200).await;
    assert!(find(&page, "Save").is_none() && page.body.contains("in the trash"), "{}", page.body);
}
