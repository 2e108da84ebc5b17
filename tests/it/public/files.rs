//! `GET /llms.txt` and `GET /posts/<slug>.md`: posts as files, for readers that are models.

use byline_shared::model::Role;
use serde_json::json;

use super::atom::HOSTILE;
use super::{page, publish, published, revalidates, seed};
use crate::harness::App;

const MARKDOWN: &str = "text/markdown; charset=utf-8";

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_a_file_with_its_markdown_as_it_was_written() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let body = "\n\n  # Own *heading*\r\n\ttab\n<script>x</script> &amp; [a]: b  \nno end";
    let new = json!({ "title": "C# & <b>", "slug": "one", "body": body });
    let post = published(&editor, new).await;
    let reader = app.anonymous();
    let file = reader.get("/posts/one.md", 200).await;
    assert_eq!(file.header("content-type"), MARKDOWN);
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    let text = file.body.strip_prefix("# C\\# \\& \\<b\\>\n\n").unwrap();
    assert_eq!(text, body.replace('\r', ""), "all but the line ends, which are line feeds");
    revalidates(&reader, "/posts/one.md").await;

    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let seen = [("if-match", post.header("etag"))];
    let body = Some(json!({ "slug": "two" }));
    let edited = editor.send(http::Method::PATCH, &path, &seen, body, 200).await;
    reader.get("/posts/two.md", 404).await.is_problem("not_found");
    publish(&editor, &edited).await;
    let moved = reader.get("/posts/one.md", 301).await;
    assert_eq!(moved.header("location"), "/posts/two.md");
    assert_eq!((moved.body.as_str(), moved.header("cache-control")), ("", "no-store"));
    reader.get(moved.header("location"), 200).await;

    editor.post(&format!("{path}/unpublish"), json!({}), 200).await;
    reader.get("/posts/two.md", 404).await.is_problem("not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_not_found() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    published(&editor, json!({ "title": "One", "body": "x" })).await;
    editor.post("/v1/manage/posts", json!({ "title": "Draft", "body": "x" }), 201).await;
    let reader = app.anonymous();
    let (long, longer) = ("x".repeat(101), "x".repeat(6000));
    for file in [
        "draft.md",
        "none.md",
        "one",
        "one.MD",
        "one.html",
        "one.md.md",
        ".md",
        "md",
        "One.md",
        "one%00.md",
        "one.md%00",
        "%2E%2E%2Fone.md",
        "one%2F.md",
        "%FF.md",
        "%E2%80%AE.md",
        "one%0A.md",
        "one%0D%0ALocation:x.md",
        "one%23.md",
        &format!("{long}.md"),
        &longer,
    ] {
        reader.get(&format!("/posts/{file}"), 404).await.is_problem("not_found");
    }
    reader.get("/posts/one.md", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn llms_txt_lists_the_newest_hundred() {
    let app = App::start().await;
    let reader = app.anonymous();
    let empty = reader.get("/llms.txt", 200).await;
    assert_eq!(empty.header("content-type"), MARKDOWN);
    assert!(empty.body.contains("\n## Posts\n"), "{}", empty.body);
    for number in 0..105 {
        let mut page = page(HOSTILE[number % HOSTILE.len()], "2026-03-01T00:00:00Z");
        page.summary.published_at = page.summary.published_at.plus_seconds(number as i64);
        page.summary.excerpt = byline_shared::model::Excerpt::trusted("Two\nlines](x)");
        seed(&app, &page).await;
    }
    let change = json!({ "title": "A [b](c)", "description": "One\n\n# Two" });
    app.admin().await.patch("/v1/admin/settings", change, 200).await;
    let text = reader.get("/llms.txt", 200).await.body;
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("# A \\[b\\](c)"));
    assert_eq!(lines.nth(1), Some("> One \\# Two"));
    let links: Vec<&str> = text.lines().filter(|line| line.starts_with("- [")).collect();
    assert_eq!(links.len(), 101, "a hundred posts, and the reference");
    // Each is one link to a file that is there, whatever the title holds.
    let html = byline_shared::publishing::to_html(&text).unwrap();
    let page = scraper::Html::parse_fragment(&html);
    let selector = scraper::Selector::parse("li").unwrap();
    let list: Vec<_> = page.select(&selector).collect();
    assert_eq!(list.len(), 101);
    for (place, item) in list.iter().take(100).enumerate() {
        let links = scraper::Selector::parse("a").unwrap();
        let links: Vec<_> = item.select(&links).collect();
        assert_eq!(links.len(), 1, "{}", item.html());
        let title = HOSTILE[(104 - place) % HOSTILE.len()];
        let words: Vec<&str> = title.split_whitespace().collect();
        assert_eq!(links[0].text().collect::<String>(), words.join(" "));
        let (_, path) = links[0].value().attr("href").unwrap().split_once("/posts/").unwrap();
        if place % 25 == 0 {
            reader.get(&format!("/posts/{path}"), 200).await;
        }
    }
    revalidates(&reader, "/llms.txt").await;
}
