//! The list of posts, and how a new one begins.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn a_title_begins_a_post_and_a_doubled_form_makes_one() {
    let app = App::start().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let page = editor.get("/desk/posts", 200).await;
    assert!(text_of(&page).contains("No posts yet"), "{}", page.body);
    let mut sent = form(&page, "New post");
    sent.set("title", "What the tide leaves");
    let (first, second) = (editor.submit(&sent).await, editor.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    assert_eq!(first.header("location"), second.header("location"));
    let opened = editor.follow(first).await;
    assert_eq!(form(&opened, "Save").value("title"), "What the tide leaves");
    let posts = client.get("/v1/manage/posts", 200).await;
    assert_eq!(posts.json["items"].as_array().unwrap().len(), 1, "{}", posts.body);
    assert_eq!(posts.text("/items/0/slug"), "what-the-tide-leaves");

    // The page that is opened anew makes another one.
    let page = editor.get("/desk/posts", 200).await;
    editor.press(&page, "New post", &[("title", "What the tide leaves")]).await;
    let posts = client.get("/v1/manage/posts", 200).await;
    assert_eq!(posts.json["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_chooses_the_id_of_a_post() {
    let app = App::start().await;
    let (mut one, client) = Visitor::with_role(&app, Role::Author).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    let page = one.get("/desk/posts", 200).await;
    let mut sent = form(&page, "New post");
    sent.set("title", "Mine");
    let once = sent.value("once").to_owned();
    let made = one.submit(&sent).await;
    let id = client.get("/v1/manage/posts", 200).await.text("/items/0/id");
    assert!(made.header("location").contains(&id) && !id.ends_with(&once), "{id}");
    // The same field in somebody else's form makes another post.
    let page = other.get("/desk/posts", 200).await;
    let theirs = other.press(&page, "New post", &[("title", "Theirs"), ("once", &once)]).await;
    assert!(theirs.status == 200 && !theirs.body.contains(&id), "{}", theirs.body);
    for wrong in ["", "x", "00000000000000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
        let page = other.get("/desk/posts", 200).await;
        let refused = other.press(&page, "New post", &[("title", "Kept"), ("once", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert_eq!(form(&refused, "New post").value("title"), "Kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_cannot_be_one_comes_back() {
    let app = App::start().await;
    let (mut editor, _) = Visitor::with_role(&app, Role::Editor).await;
    let page = editor.get("/desk/posts", 200).await;
    let long = "long ".repeat(50);
    for title in ["", long.as_str(), "hidden \u{202e} words"] {
        let refused = editor.press(&page, "New post", &[("title", title)]).await;
        assert_eq!(refused.status, 422, "{title}");
        assert_eq!(form(&refused, "New post").value("title"), title);
        assert!(refused.body.contains("href=\"#title\""), "{}", refused.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_has_filters_and_says_the_status_in_words() {
    let app = App::start().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let make = async |title: &str| client.post("/v1/manage/posts", draft(title), 201).await.json;
    let draft = make("A draft").await;
    let live = make("A live one").await;
    let changed = make("A changed one").await;
    let scheduled = make("A scheduled one").await;
    let path = |post: &Value, rest: &str| {
        format!("/v1/manage/posts/{}{rest}", post["id"].as_str().unwrap())
    };
    let revision = |post: &Value| json!({ "revision_id": post["revision_id"] });
    client.post(&path(&live, "/publish"), revision(&live), 200).await;
    let published = client.post(&path(&changed, "/publish"), revision(&changed), 200).await;
    let seen = published.header("etag").to_owned();
    let headers = [("if-match", seen.as_str())];
    let change = Some(json!({ "title": "A changed one" , "body": "Other words." }));
    client.send(http::Method::PATCH, &path(&changed, ""), &headers, change, 200).await;
    let mut later = revision(&scheduled);
    later["publish_at"] = "2029-01-01T09:00:00Z".into();
    client.post(&path(&scheduled, "/schedule"), later, 200).await;

    let all = editor.get("/desk/posts", 200).await;
    let text = text_of(&all);
    for words in
        ["draft", "live", "with changes that are not live", "scheduled goes live 1 January 2029"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    for (query, there, missing) in [
        ("status=draft", "A draft", "A live one"),
        ("status=published", "A changed one", "A draft"),
        ("status=scheduled", "A scheduled one", "A draft"),
        ("q=CHANGED", "A changed one", "A scheduled one"),
        ("status=draft&q=live", "No title has these words", "A draft"),
    ] {
        let text = text_of(&editor.get(&format!("/desk/posts?{query}"), 200).await);
        assert!(text.contains(there) && !text.contains(missing), "{query}: {text}");
    }

    // To the trash and back.
    let place = format!("/desk/posts/{}", draft["id"].as_str().unwrap());
    let older = editor.get(&place, 200).await;
    let list = editor.press(&older, "Move to the trash", &[]).await;
    assert!(text_of(&list).contains("Moved to the trash"), "{}", list.body);
    assert!(!list.body.contains("A draft"), "{}", list.body);
    let trash = editor.get("/desk/posts?status=trashed", 200).await;
    assert!(text_of(&trash).contains("in the trash"), "{}", trash.body);
    let refused = editor.press(&older, "Save", &[("title", "Another title")]).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(form(&refused, "Save").value("title"), "Another title");
    let back = editor.press(&trash, "Restore “A draft”", &[]).await;
    assert!(text_of(&back).contains("Restored from the trash"), "{}", back.body);
    assert_eq!(form(&back, "Save").value("title"), "A draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_go_on_with_their_filters() {
    let app = App::unlimited().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    for count in 0..25 {
        client.post("/v1/manage/posts", draft(&format!("Note {count:02}")), 201).await;
    }
    let first = editor.get("/desk/posts?q=note&sort=updated_at", 200).await;
    assert!(first.body.contains("Note 00") && !first.body.contains("Note 24"), "{}", first.body);
    let next = first.body.split("href=\"").find(|link| link.contains("cursor=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    assert!(next.contains("q=note") && next.contains("sort=updated_at"), "{next}");
    let second = editor.get(&next, 200).await;
    assert!(second.body.contains("Note 24") && !second.body.contains("Note 00"), "{}", second.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn authors_see_their_own_posts_alone() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    let (mut editor, _) = Visitor::with_role(&app, Role::Editor).await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let made = client.post("/v1/manage/posts", draft("Mine"), 201).await;
    let place = format!("/desk/posts/{}", made.text("/id"));
    assert!(author.get("/desk/posts", 200).await.body.contains("Mine"));
    assert!(editor.get("/desk/posts", 200).await.body.contains("Mine"));
    assert!(!other.get("/desk/posts", 200).await.body.contains("Mine"));
    reader.get("/desk/posts", 403).await;
    for page in ["", "/history"] {
        author.get(&format!("{place}{page}"), 200).await;
        editor.get(&format!("{place}{page}"), 200).await;
        other.get(&format!("{place}{page}"), 404).await;
        reader.get(&format!("{place}{page}"), 403).await;
    }
    // What only editors may do is no button of an author's, and no page either.
    let page = author.get(&place, 200).await;
    assert!(!page.body.contains("go-live") && find(&page, "Hand in for review").is_some());
    author.get(&format!("{place}/go-live"), 403).await;
    assert!(editor.get(&place, 200).await.body.contains("go-live"));
}
