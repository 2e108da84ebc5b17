//! `GET /feed.json`, held to the rules of JSON Feed 1.1 (<https://jsonfeed.org/version/1.1>), and
//! what neither feed can hold.

use std::collections::HashSet;

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::atom::hostile_world;
use super::{at, publish, published, revalidates};
use crate::harness::{App, draft, turns_direction};

async fn feed(app: &App) -> Value {
    let answer = app.anonymous().get("/feed.json", 200).await;
    assert_eq!(answer.header("content-type"), "application/feed+json");
    is_json_feed(&answer.json);
    answer.json
}

/// What the specification asks for, and the type of all that it names.
fn is_json_feed(feed: &Value) {
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert!(feed["title"].is_string());
    let known =
        ["version", "title", "home_page_url", "feed_url", "description", "language", "items"];
    assert!(feed.as_object().unwrap().keys().all(|name| known.contains(&name.as_str())));
    for name in ["home_page_url", "feed_url"] {
        assert!(feed[name].as_str().unwrap().starts_with("http"), "{name}");
    }
    let mut ids = HashSet::new();
    for item in feed["items"].as_array().unwrap() {
        assert!(ids.insert(item["id"].as_str().unwrap().to_owned()), "ids are unique");
        assert!(item["url"].as_str().unwrap().starts_with("http"));
        let contents = [&item["content_html"], &item["content_text"]];
        assert!(contents.iter().any(|content| content.is_string()), "one of the two contents");
        assert!(contents.iter().all(|content| content.is_string() || content.is_null()));
        for name in ["date_published", "date_modified"] {
            at(item[name].as_str().unwrap());
        }
        for author in item["authors"].as_array().unwrap() {
            let has_one = ["name", "url", "avatar"].iter().any(|name| author[name].is_string());
            assert!(has_one, "an author has one of three");
        }
        assert!(item["tags"].as_array().unwrap().iter().all(Value::is_string));
        assert!(item.as_object().unwrap().values().all(|value| !value.is_null()), "{item}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_publication_has_a_feed() {
    let app = App::start().await;
    let feed = feed(&app).await;
    assert_eq!(feed["items"], json!([]));
    assert_eq!(feed["language"], "en");
    assert!(feed["feed_url"].as_str().unwrap().ends_with("/feed.json"));
    revalidates(&app.anonymous(), "/feed.json").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_texts() {
    let app = App::start().await;
    let pages = hostile_world(&app).await;
    let feed = feed(&app).await;
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), pages.len());
    for (item, page) in items.iter().zip(&pages) {
        let post = &page.summary;
        assert_eq!(item["id"], post.id.as_str());
        assert_eq!(item["title"], post.title.as_str());
        assert_eq!(item["summary"], post.excerpt.as_str());
        assert_eq!(item["content_html"], page.body_html.as_str());
        assert_eq!(item["authors"], json!([{ "name": post.author.name }]));
        assert_eq!(item["tags"], json!([post.tags[0].name]));
        assert_eq!(item["date_published"], json!(post.published_at));
        assert_eq!(item["date_modified"], json!(post.updated_at));
        assert_eq!(item.get("language").is_some(), post.language.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_in_texts_are_absolute() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let body = "[a](/about) [b](https://other.example/x?a=1&b=2) ![c](c.png)[^n]\n\n[^n]: There.\n";
    let post = published(&editor, json!({ "title": "Links", "body": body, "slug": "links" })).await;
    let feed = feed(&app).await;
    let item = &feed["items"][0];
    let (html, page) = (item["content_html"].as_str().unwrap(), item["url"].as_str().unwrap());
    let site = page.strip_suffix("/posts/links").unwrap();
    let ulid = post.text("/id").trim_start_matches("post_").to_lowercase();
    for address in [
        format!("href=\"{site}/about\""),
        "href=\"https://other.example/x?a=1&amp;b=2\"".to_owned(),
        format!("src=\"{site}/posts/c.png\""),
        format!("href=\"{page}#fn-{ulid}-n\""),
    ] {
        assert!(html.contains(&address), "{address} in {html}");
    }
    let read = app.anonymous().get("/v1/posts/links", 200).await.text("/body_html");
    assert!(read.contains("href=\"/about\""), "elsewhere the text stays as it is: {read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_feed_cannot_hold_is_refused_where_it_is_sent() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    // Control characters, what XML cannot hold, line ends, and what turns the direction of text.
    let never = [
        "\u{0}", "\u{1}", "\u{8}", "\u{b}", "\u{c}", "\u{e}", "\u{1f}", "\u{7f}", "\u{fffe}",
        "\u{ffff}", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}", "\u{2066}",
        "\u{2067}", "\u{2068}", "\u{2069}", "\u{80}", "\u{85}", "\u{9f}",
    ];
    let not_in_lines = ["\n", "\r", "\t", "\u{2028}", "\u{2029}"];
    let faults = |name: &'static str, char: &'static str| {
        let mut new = draft("Fine");
        let text = format!("a{char}b");
        new[name] = if name == "tags" { json!([text]) } else { text.into() };
        let editor = editor.clone();
        async move { editor.post("/v1/manage/posts", new, 422).await.faults() }
    };
    for char in never {
        for name in ["title", "body", "excerpt", "tags", "meta_title", "meta_description"] {
            let pointer = if name == "tags" { "/tags/0".to_owned() } else { format!("/{name}") };
            let expected = [(pointer, "invalid_format".to_owned())];
            assert_eq!(faults(name, char).await, expected, "{name} with {char:?}");
        }
    }
    for char in not_in_lines {
        for name in ["title", "tags", "meta_title"] {
            assert_eq!(faults(name, char).await[0].1, "invalid_format", "{name} with {char:?}");
        }
    }
    // What right-to-left and joined scripts do need.
    let fine =
        "\u{200e}שלום\u{200f} a\u{200d}b\u{200c}c \u{61c}\u{feff}x\u{2060}\u{fffd}\u{10ffff}";
    let new = json!({ "title": fine, "body": fine, "excerpt": fine, "slug": "fine" });
    published(&editor, new).await;
    assert_eq!(feed(&app).await["items"][0]["title"], fine);
    app.anonymous().get("/feed.xml", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_entities_would_bring_into_a_feed_is_not_there() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let codes = [0, 1, 8, 11, 12, 31, 127, 128, 0x202e, 0x2066, 0xd800, 0xfffe, 0xffff, 0x11_0000];
    let mut body = String::new();
    for code in codes {
        body += &format!("&#{code}; &#x{code:x}; <i title='&#{code};'>x&#{code};</i>\n\n");
    }
    let post = editor.post("/v1/manage/posts", json!({ "title": "E", "body": body }), 201).await;
    publish(&editor, &post).await;
    let text = app.anonymous().get("/feed.xml", 200).await.body;
    roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let html = feed(&app).await["items"][0]["content_html"].as_str().unwrap().to_owned();
    let bad = |c: char| (c.is_control() && c != '\n') || turns_direction(c);
    assert!(!html.contains(bad), "{html:?}");
    assert!(!html.contains(['\u{fffe}', '\u{ffff}']), "{html:?}");
    assert!(html.contains('\u{fffd}'), "something stands where it was: {html:?}");
}
