//! The publication's settings, what readers see of them, and its addresses of before.

use byline_shared::model::{Role, WebUrl};
use byline_shared::store::redirects::{RedirectItem, RedirectTarget};
use http::Method;
use serde_json::{Value, json};

use super::{at, page, published, revalidates, seed};
use crate::harness::{App, draft};

const SETTINGS: &str = "/v1/admin/settings";

#[tokio::test(flavor = "multi_thread")]
async fn settings_change_from_the_state_that_was_seen() {
    let app = App::start().await;
    let admin = app.admin().await;
    let first = admin.get(SETTINGS, 200).await;
    assert_eq!(first.header("etag"), "\"v0\"");
    assert_eq!(first.json["updated_at"], Value::Null);
    let change = json!({
        "title": "The Daily", "description": "All of it.", "language": "PT-br",
        "url": "https://daily.example/news/", "post_path": "/read/{slug}/",
    });
    let send = |seen: &'static str, status: u16| {
        let (admin, body) = (admin.clone(), Some(change.clone()));
        async move { admin.send(Method::PATCH, SETTINGS, &[("if-match", seen)], body, status).await }
    };
    send("\"v1\"", 412).await.is_problem("precondition_failed");
    let changed = send("\"v0\"", 200).await;
    assert_eq!(changed.header("etag"), "\"v1\"");
    send("\"v0\"", 412).await.is_problem("precondition_failed");
    assert_eq!(admin.get(SETTINGS, 200).await.json, changed.json);
    // Without If-Match, whatever the state.
    let free = admin.patch(SETTINGS, json!({ "style_guide": "Short." }), 200).await;
    assert_eq!(free.header("etag"), "\"v2\"");
    assert_eq!(free.json["title"], "The Daily");
    let site = app.anonymous().get("/v1/site", 200).await;
    let expected = json!({
        "title": "The Daily", "description": "All of it.", "url": "https://daily.example/news",
        "language": "pt-BR", "post_path": "/read/{slug}/", "page_path": "/{slug}",
    });
    assert_eq!(site.json, expected, "and nothing of how agents are held");
    revalidates(&app.anonymous(), "/v1/site").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_from_one_state_one_is_made() {
    let app = App::start().await;
    let admin = app.admin().await;
    let mut changes = tokio::task::JoinSet::new();
    for number in 0..8 {
        let admin = admin.clone();
        changes.spawn(async move {
            let headers = [("if-match", "\"v0\""), ("content-type", "application/json")];
            let body = Some(json!({ "title": format!("By {number}") }).to_string());
            let answer = admin.try_send(Method::PATCH, SETTINGS, &headers, body).await.unwrap();
            (answer.status, answer.json["title"].clone())
        });
    }
    let outcomes = changes.join_all().await;
    let won: Vec<_> = outcomes.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|(status, _)| [200, 412].contains(status)), "{outcomes:?}");
    assert_eq!(admin.get(SETTINGS, 200).await.json["title"], won[0].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_addresses_cannot_be_made_of_are_refused() {
    let app = App::start().await;
    let admin = app.admin().await;
    for (name, value) in [
        ("url", "ftp://example.com"),
        ("url", "//example.com"),
        ("url", "https://"),
        ("url", "https://example.com/?page="),
        ("url", "https://example.com/#"),
        ("url", "https://exämple.com"),
        ("url", "https://example.com/a b"),
        ("url", "https://user@example.com"),
        ("url", "javascript:alert(1)//https://example.com"),
        ("url", "https://example.com\n"),
        ("url", "https://:::::"),
        ("url", "https://example.com:99999"),
        ("url", "https://[::/news"),
        ("url", "https://example.com/it's"),
        ("url", "https://example.com/\"><script>"),
        ("post_path", "/posts"),
        ("post_path", "posts/{slug}"),
        ("post_path", "/{slug}/{slug}"),
        ("post_path", "/{slug}?x"),
        ("post_path", "/a b/{slug}"),
        ("language", "english"),
        ("title", ""),
        ("title", " "),
        ("title", "a\u{202e}b"),
        ("title", "a\nb"),
        ("description", "a\u{0}b"),
        ("agent_publishing", "always"),
        ("colour", "red"),
    ] {
        let answer = admin.patch(SETTINGS, json!({ name: value }), 422).await;
        assert_eq!(answer.faults()[0].0, format!("/{name}"), "{value}: {}", answer.body);
    }
    assert_eq!(admin.get(SETTINGS, 200).await.json["version"], 0);
    let editor = app.user(Role::Editor).await;
    editor.get(SETTINGS, 403).await.is_problem("forbidden");
    editor.patch(SETTINGS, json!({ "title": "Mine" }), 403).await.is_problem("forbidden");
    app.anonymous().get(SETTINGS, 401).await.is_problem("unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_before_leads_to_where_it_is_now() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let reader = app.anonymous();
    let post = published(&editor, draft("Moved in")).await;
    let id = post.text("/id").parse().unwrap();
    let store = &app.byline.context.store;
    let to = RedirectTarget::Post(id);
    let path = "/2019/05/mögen sie/?p=1".to_owned();
    store.redirects().put(&RedirectItem { path, to: to.clone() }).await.unwrap();
    let to_url = RedirectTarget::Url(WebUrl::trusted("https://example.net/about"));
    store.redirects().put(&RedirectItem { path: "/about".to_owned(), to: to_url }).await.unwrap();
    let get = |path: &str, status: u16| {
        let path = format!("/v1/redirects?path={path}");
        let reader = reader.clone();
        async move { reader.get(&path, status).await }
    };
    let old = "/2019/05/m%C3%B6gen+sie/%3Fp%3D1";
    let found = get(old, 200).await;
    let site = reader.get("/v1/site", 200).await.text("/url");
    let location = format!("{site}/posts/moved-in");
    assert_eq!(found.json, json!({ "path": "/2019/05/mögen sie/?p=1", "location": location }));
    assert_eq!(get("/about", 200).await.text("/location"), "https://example.net/about");
    revalidates(&reader, "/v1/redirects?path=/about").await;
    assert_eq!(get("/about/", 200).await.text("/location"), "https://example.net/about");
    for path in ["about", "/ABOUT", "/", "/about%00"] {
        get(path, 404).await.is_problem("not_found");
    }
    // As many characters as there may be, in more bytes than a key has.
    get(&"%C3%BC".repeat(1024), 404).await.is_problem("not_found");
    get(&"%F0%9F%98%80".repeat(1024), 404).await.is_problem("not_found");
    // Where nothing is live, nothing leads to.
    let unpublish = format!("/v1/manage/posts/{}/unpublish", post.text("/id"));
    editor.post(&unpublish, json!({}), 200).await;
    get(old, 404).await.is_problem("not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_posts_follow_the_settings() {
    let app = App::start().await;
    let page = page("One", "2026-03-01T00:00:00Z");
    seed(&app, &page).await;
    let change = json!({ "url": "https://a.example/b&c", "post_path": "/read/{slug}/" });
    app.admin().await.patch(SETTINGS, change, 200).await;
    let reader = app.anonymous();
    let address = format!("https://a.example/b&c/read/{}/", page.summary.slug);
    let feed = reader.get("/feed.json", 200).await;
    assert_eq!(feed.text("/items/0/url"), address);
    let escaped = address.replace('&', "&amp;");
    for file in ["/feed.xml", "/sitemaps/2026.xml"] {
        let text = reader.get(file, 200).await.body;
        assert!(text.contains(&escaped) && !text.contains("b&c"), "{file}: {text}");
    }
    assert_eq!(feed.text("/items/0/date_published"), at("2026-03-01T00:00:00Z").to_string());
}
