//! Search: which posts are found, and in which order.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{agent, ask, modern, names_a_step, pair, publish};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn posts_with_every_word_are_found_and_those_with_it_in_the_title_first() {
    let app = App::start().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    for (title, tags, excerpt) in [
        ("Fish", json!([]), "An animal."),
        ("Birds", json!(["Fishing"]), "An animal."),
        ("Cats", json!([]), "They eat fish."),
        ("Dogs", json!([]), "They do not."),
    ] {
        let new = json!({ "title": title, "tags": tags, "excerpt": excerpt, "body": "Fish." });
        editor.post("/v1/manage/posts", new, 201).await;
    }
    for (query, titles) in [
        ("fish", json!(["Fish", "Birds", "Cats"])),
        ("fish eat", json!(["Cats"])),
        ("birds FISHING", json!(["Birds"])),
        ("fish whales", json!([])),
        ("they", json!(["Dogs", "Cats"])),
    ] {
        let found = ask(&agent, "search", json!({ "query": query })).await;
        let found = found["results"].as_array().unwrap().iter();
        let found: Vec<&Value> = found.map(|result| &result["title"]).collect();
        assert_eq!(json!(found), titles, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_readers_agent_finds_only_published_posts() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Public fish"), 201).await;
    editor.post("/v1/manage/posts", draft("Secret fish"), 201).await;
    publish(&editor, &post).await;
    let reader = app.user(Role::Reader).await;
    let reader = agent(&app, &reader, &["profile"]).await;
    let found = ask(&reader, "search", json!({ "query": "fish" })).await;
    assert_eq!(found["results"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["results"][0]["id"], "public-fish");
    let text = ask(&reader, "fetch", json!({ "id": "public-fish" })).await;
    assert_eq!(text["text"], "About *Public fish*.\n");
    let refused = json!({ "name": "fetch", "arguments": { "id": "secret-fish" } });
    let refused = modern(&reader, "tools/call", refused, 200).await;
    names_a_step(&refused.text("/result/content/0/text"));
}
