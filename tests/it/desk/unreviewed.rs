//! Whose words in a review nobody has approved: each writer once, however often they saved.

use byline_shared::model::Role;
use http::Method;
use scraper::{Html, Selector};
use serde_json::json;

use super::visitor::Visitor;
use crate::harness::{Answer, App, Client, draft};

async fn saves(client: &Client, path: &str, times: usize) -> Answer {
    let mut post = client.get(path, 200).await;
    for number in 0..times {
        let seen = post.header("etag").to_owned();
        let change =
            Some(json!({ "body": format!("Text {number} of {}.\n", post.json["version"]) }));
        post = client.send(Method::PATCH, path, &[("if-match", &seen)], change, 200).await;
    }
    post
}

/// The lines about words that nobody has approved.
fn lines(page: &Answer) -> Vec<String> {
    let selector = |text: &str| Selector::parse(text).unwrap();
    let html = Html::parse_document(&page.body);
    let notes = selector(".findings");
    let mut parts = html.select(&notes);
    let about = parts.find(|part| part.text().any(|text| text.contains("not approved yet")));
    let about = about.unwrap_or_else(|| panic!("{}", page.body));
    about.select(&selector("li")).map(|line| line.text().collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_who_saved_often_is_named_once() {
    let app = App::unlimited().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let author = app.user(Role::Author).await;
    let name = author.get("/v1/users/me", 200).await.text("/name");
    let agent = app.agent(&author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    saves(&author, &path, 20).await;
    saves(&agent, &path, 3).await;
    saves(&author, &path, 19).await;
    let last = saves(&agent, &path, 1).await;

    let revision = last.text("/revision_id");
    let review = client.get(&format!("{path}/review?revision_id={revision}"), 200).await;
    let unreviewed = review.json["unreviewed"].as_array().unwrap();
    assert_eq!(unreviewed.len(), 44, "the API names every revision");
    let id = post.text("/id");
    let page = editor.get(&format!("/desk/posts/{id}/go-live?revision={revision}"), 200).await;
    let told = lines(&page);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("Agent (API key of") && told[0].contains(": 4 saves, the first"));
    assert!(told[1].contains(&name) && told[1].contains(": 40 saves, the first"), "{told:?}");

    // Handed in, the review of the proposal says the same.
    let (mut writer, own) = Visitor::with_role(&app, Role::Author).await;
    let post = own.post("/v1/manage/posts", draft("Sand"), 201).await.text("/id");
    saves(&own, &format!("/v1/manage/posts/{post}"), 4).await;
    let page = writer.get(&format!("/desk/posts/{post}"), 200).await;
    writer.press(&page, "Hand in for review", &[]).await;
    let proposal = client.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let told = lines(&editor.get(&format!("/desk/proposals/{proposal}"), 200).await);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(": 5 saves, the first"), "{told:?}");
}
