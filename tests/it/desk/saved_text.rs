//! What the pages say of a text is true of the text that was saved last, and what cannot be changed has no fields.

use byline_shared::model::Role;
use http::Method;
use scraper::{Html, Selector};
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, draft};

/// The parts of the editor that its script replaces after a save.
fn fresh(page: &Answer) -> Vec<String> {
    let selector = Selector::parse("[data-fresh]").unwrap();
    let html = Html::parse_document(&page.body);
    html.select(&selector).map(|part| part.text().collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_editor_says_of_a_text_is_renewed_after_each_save() {
    let app = App::unlimited().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let place = format!("/desk/posts/{id}");
    let page = author.get(&place, 200).await;
    let parts = fresh(&page);
    assert!(parts.concat().contains("Ready? Hand it in for review"), "{parts:?}");
    let count = parts.len();
    author.press(&page, "Hand in for review", &[]).await;
    let page = author.get(&place, 200).await;
    let parts = fresh(&page);
    assert!(parts.concat().contains("You handed this in for review"), "{parts:?}");
    assert_eq!(parts.len(), count, "they are replaced by their number");

    let editor = app.user(Role::Editor).await;
    let proposal = editor.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    editor.approve(&proposal, json!({}), 200).await;
    let page = author.get(&place, 200).await;
    let parts = fresh(&page);
    assert!(parts.concat().contains("This text is approved, not live yet."), "{parts:?}");
    assert!(!parts.concat().contains("Hand it in"), "{parts:?}");
    assert_eq!(parts.len(), count);

    // The script sends the form, and takes these parts of the page as it is then.
    let mut sent = form(&page, "Save");
    sent.set("body", "Another text.");
    let json = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    assert_eq!(author.submit_with(&sent, &json).await.status, 200);
    let parts = fresh(&author.get(&place, 200).await);
    for said in ["An earlier text is approved, not live yet.", "Ready? Hand it in for review"] {
        assert!(parts.concat().contains(said), "{said}: {parts:?}");
    }
    assert!(!parts.concat().contains("You need not hand it in again"), "{parts:?}");
    assert_eq!(parts.len(), count);
    // A page that says what did not work has as many.
    sent.set("body", "From an older text.");
    let conflict = author.submit(&sent).await;
    assert_eq!((conflict.status, fresh(&conflict).len()), (409, count), "{}", conflict.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_in_the_trash_can_be_read_and_not_typed_into() {
    let app = App::unlimited().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let post = client.post("/v1/manage/posts", draft("Tides"), 201).await;
    let place = format!("/desk/posts/{}", post.text("/id"));
    let older_tab = editor.get(&place, 200).await;
    let seen = [("if-match", post.header("etag"))];
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    client.send(Method::DELETE, &path, &seen, None, 204).await;

    let page = editor.get(&place, 200).await;
    assert!(text_of(&page).contains("Restore it first"), "{}", page.body);
    assert!(page.body.contains("About *Tides*."), "{}", page.body);
    assert!(find(&page, "Save").is_none() && find(&page, "Preview").is_none(), "{}", page.body);
    let html = Html::parse_document(&page.body);
    let selector = |text: &str| Selector::parse(text).unwrap();
    let count = |text: &str| html.select(&selector(text)).count();
    assert_eq!(count("main textarea[readonly]"), 2, "{}", page.body);
    let closed = count("main fieldset[disabled] textarea");
    assert_eq!(count("main textarea"), 2 + closed, "{}", page.body);
    assert!(
        closed > 0
            && count("main input[type=text]:not([readonly])")
                == count("main fieldset[disabled] input[type=text]")
    );

    // What an older tab sends is not saved and not lost.
    let refused = editor.press(&older_tab, "Save", &[("body", "Written meanwhile.")]).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(text_of(&refused).contains("Restore it first"), "{}", refused.body);
    assert_eq!(form(&refused, "Save").value("body"), "Written meanwhile.");

    let restored = editor.press(&page, "Restore", &[]).await;
    let saved = editor.press(&restored, "Save", &[("body", "Written meanwhile.")]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_change_is_no_change() {
    let app = App::unlimited().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let plain = json!({ "title": "Tides", "body": "About *tides*.\n" });
    let post = client.post("/v1/manage/posts", plain, 201).await;
    let place = format!("/desk/posts/{}/go-live?revision=", post.text("/id"));
    let plain = format!("{place}{}", post.text("/revision_id"));
    let rows = |page: &Answer| -> Vec<String> {
        let selector = Selector::parse("section[aria-labelledby=changes] th[scope=row]").unwrap();
        let html = Html::parse_document(&page.body);
        html.select(&selector).map(|row| row.text().collect()).collect()
    };
    let page = editor.get(&plain, 200).await;
    let shown = rows(&page);
    assert!(shown.iter().any(|row| row == "Title"), "{shown:?}");
    assert!(!shown.iter().any(|row| row == "Tags" || row == "Cover"), "{shown:?}");
    let published = editor.press(&page, "Publish", &[]).await;
    // The address is that of a frontend, which may not run.
    let words = text_of(&published);
    assert!(words.contains("See it on the website"), "{words}");
    assert!(
        words.contains("your own frontend") && words.contains("http://localhost:3000/"),
        "{words}"
    );
    assert!(
        published.body.contains(&format!("href=\"{plain}&amp;view=result#text\"")),
        "{}",
        published.body
    );
    editor.get(&format!("{plain}&view=result"), 200).await;
    let live = editor.get(&plain, 200).await;
    assert!(text_of(&live).contains("Nothing."), "{}", live.body);
    assert!(rows(&live).is_empty(), "{}", live.body);

    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let seen = client.get(&path, 200).await.header("etag").to_owned();
    let change = Some(json!({ "tags": ["Sea"] }));
    let tagged = client.send(Method::PATCH, &path, &[("if-match", &seen)], change, 200).await;
    let page = editor.get(&format!("{place}{}", tagged.text("/revision_id")), 200).await;
    assert_eq!(rows(&page), ["Tags"], "{}", page.body);
    let table = "<th scope=\"row\">Tags</th><td>none</td><td><ins>";
    assert!(page.body.contains(table), "new tags stand under Then: {}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_sent_back_says_so_where_it_waits() {
    let app = App::unlimited().await;
    let (mut writer, client) = Visitor::with_role(&app, Role::Author).await;
    let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let place = format!("/desk/posts/{id}");
    let page = writer.get(&place, 200).await;
    writer.press(&page, "Hand in for review", &[]).await;
    let waits = text_of(&writer.get("/desk?show=not-live", 200).await);
    assert!(!waits.contains("sent back"), "{waits}");
    let editor = app.user(Role::Editor).await;
    let proposal = editor.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let reason = json!({ "reason": "Name the source." });
    editor.post(&format!("/v1/manage/proposals/{proposal}/reject"), reason, 200).await;
    let waits = text_of(&writer.get("/desk?show=not-live", 200).await);
    assert!(waits.contains("sent back") && waits.contains("by Test editor"), "{waits}");
    // Handed in again, it is judged again.
    let page = writer.get(&place, 200).await;
    writer.press(&page, "Hand in for review", &[("body", "By A. Source.")]).await;
    let waits = text_of(&writer.get("/desk?show=not-live", 200).await);
    assert!(waits.contains("Tides") && !waits.contains("sent back"), "{waits}");
}
