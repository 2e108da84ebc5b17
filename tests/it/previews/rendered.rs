//! `format=html` of drafts, revisions and proposals.

use std::collections::BTreeSet;

use byline_shared::model::Role;
use http::Method;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::desk::visitor::{Visitor, text_of};
use crate::harness::{Answer, App};
use crate::mcp::{call, pair};

/// Markup of each kind that readers do not get.
const BODY: &str = "A *draft*.\n\n<b onclick=\"a()\">one</b> <b onclick=\"b()\">two</b> \
                    [x](javascript:c())\n\n<iframe src=\"https://example.com\"></iframe>\n\n\
                    <script>d()</script>\n\n<!-- note -->\n\n## A part\n";

/// What they are told to lose, by its kind, with its count.
fn told(answer: &Answer) -> Vec<(String, String, u64)> {
    let warnings = answer.json["warnings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |warning: &Value| {
        (text(&warning["code"]), text(&warning["what"]), warning["count"].as_u64().unwrap())
    };
    warnings.iter().map(entry).collect()
}

fn expected() -> Vec<(String, String, u64)> {
    let all = [
        ("removed_attribute", "<b onclick>", 2),
        ("removed_address", "javascript:", 1),
        ("removed_tag", "<iframe>", 1),
        ("removed_tag", "<script>", 1),
        ("removed_comment", "<!-- -->", 1),
    ];
    all.map(|(code, what, count)| (code.to_owned(), what.to_owned(), count)).to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_revisions_and_proposals_are_rendered_on_request() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let new = json!({ "title": "Draft", "body": BODY });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let draft = format!("/v1/manage/posts/{}", post.text("/id"));
    let proposed = json!({ "title": "New", "body": BODY });
    let proposal = author.post("/v1/manage/proposals", proposed, 201).await;
    for path in [
        draft.clone(),
        format!("{draft}/revisions/{}", post.text("/revision_id")),
        format!("/v1/manage/proposals/{}", proposal.text("/id")),
    ] {
        let plain = author.get(&path, 200).await;
        assert!(plain.json.get("body_html").is_none(), "{path}: {}", plain.body);
        assert!(plain.json.get("warnings").is_none(), "{path}: {}", plain.body);
        assert!(plain.json.get("toc").is_none(), "{path}: {}", plain.body);
        let before = app.byline.renderings();
        let rendered = author.get(&format!("{path}?format=html"), 200).await;
        assert_eq!(app.byline.renderings() - before, 1, "{path}");
        assert_eq!(told(&rendered), expected(), "{path}");
        let html = rendered.text("/body_html");
        assert!(html.contains("A <em>draft</em>.") && html.contains("<b>one</b>"), "{html}");
        for lost in ["onclick", "javascript:", "<iframe", "<script", "note"] {
            assert!(!html.contains(lost), "{lost} in {html}");
        }
        let toc = json!([{ "level": 2, "id": "a-part", "text": "A part" }]);
        assert_eq!(rendered.json["toc"], toc, "{path}");
        assert_eq!(rendered.json["body"], BODY, "the Markdown stays in the answer");
        let tag = |answer: &Answer| answer.headers.get("etag").cloned();
        assert_eq!(tag(&rendered), tag(&plain), "{path}");
        author.get(&format!("{path}?format=text"), 422).await;
    }
    let read = author.get(&format!("{draft}?format=html"), 200).await;
    let first = &read.json["warnings"][0];
    assert_eq!(first["message"], "The attribute onclick of <b> is removed (2 times).");
    assert_eq!(first["line"], 3);
    // Readers get what was shown.
    let html = read.text("/body_html");
    let publish = json!({ "revision_id": post.text("/revision_id") });
    let editor = app.user(Role::Editor).await;
    editor.post(&format!("{draft}/publish"), publish, 200).await;
    assert_eq!(app.anonymous().get("/v1/posts/draft", 200).await.text("/body_html"), html);
}

/// The ids of the HTML in an answer, and the places in it that its links lead to.
fn ids_and_places(answer: &Answer) -> (BTreeSet<String>, BTreeSet<String>) {
    let page = Html::parse_fragment(&answer.text("/body_html"));
    let all = |selector: &str, attribute: &str| {
        let selector = Selector::parse(selector).unwrap();
        let values = page.select(&selector).filter_map(|element| element.attr(attribute));
        values.map(|value| value.trim_start_matches('#').to_owned()).collect()
    };
    (all("[id]", "id"), all("a[href^='#']", "href"))
}

#[tokio::test(flavor = "multi_thread")]
async fn footnotes_of_two_posts_have_no_id_in_common_and_keep_theirs() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let mut all = BTreeSet::new();
    for title in ["One", "Two"] {
        let new = json!({ "title": title, "body": "See[^1] and[^1].\n\n[^1]: There.\n" });
        let post = editor.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}", post.text("/id"));
        let drafted = ids_and_places(&editor.get(&format!("{path}?format=html"), 200).await);
        let link = editor.post(&format!("{path}/preview-links"), json!({}), 201).await;
        let preview = format!("/v1/previews/{}", link.text("/token"));
        let previewed = ids_and_places(&app.anonymous().get(&preview, 200).await);
        let revision = json!({ "revision_id": post.text("/revision_id") });
        editor.post(&format!("{path}/publish"), revision, 200).await;
        let live = app.anonymous().get(&format!("/v1/posts/{}", title.to_lowercase()), 200).await;
        let live = ids_and_places(&live);
        assert_eq!((&drafted, &previewed), (&live, &live));
        // A footnote and two references to it, each of which a link leads to.
        assert_eq!(live.0, live.1);
        assert_eq!(live.0.len(), 3, "{live:?}");
        // Another slug changes none.
        let seen = editor.get(&path, 200).await.header("etag").to_owned();
        let slug = json!({ "slug": format!("moved-{title}").to_lowercase() });
        let moved =
            editor.send(Method::PATCH, &path, &[("if-match", &seen)], Some(slug), 200).await;
        let revision = json!({ "revision_id": moved.text("/revision_id") });
        editor.post(&format!("{path}/publish"), revision, 200).await;
        let moved = format!("/v1/posts/{}", moved.text("/slug"));
        assert_eq!(ids_and_places(&app.anonymous().get(&moved, 200).await), live);
        let count = all.len();
        all.extend(live.0);
        assert_eq!(all.len(), count + 3, "{all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_such_markup_has_no_warnings() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let body = "- [x] done\n\nSee[^a] [b](/c).\n\n[^a]: There.\n\n```rust\nlet a = 1;\n```\n";
    let post = author.post("/v1/manage/posts", json!({ "title": "Plain", "body": body }), 201);
    let path = format!("/v1/manage/posts/{}?format=html", post.await.text("/id"));
    assert_eq!(author.get(&path, 200).await.json["warnings"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_rendered_is_read_without_its_html() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let body = format!("{}deep", "> ".repeat(200));
    let post = author.post("/v1/manage/posts", json!({ "title": "Deep", "body": body }), 201);
    let path = format!("/v1/manage/posts/{}", post.await.text("/id"));
    author.get(&path, 200).await;
    let refused = author.get(&format!("{path}?format=html"), 422).await;
    assert_eq!(refused.faults(), [("/format".to_owned(), "too_complex".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_and_mcp_tell_the_same_warnings() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let new = json!({ "title": "Draft", "body": BODY });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}?format=html", post.text("/id"));
    let warnings = author.get(&path, 200).await.json["warnings"].clone();
    let messages: Vec<&str> = warnings
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages.len(), 5);
    let editor = visitor.get(&format!("/desk/posts/{}?view=preview", post.text("/id")), 200).await;
    let page = visitor.get(&format!("/desk/posts/{}", post.text("/id")), 200).await;
    let framed = visitor.press(&page, "Preview", &[]).await;
    for message in &messages {
        for shown in [&editor, &framed] {
            assert!(text_of(shown).contains(message), "{message} in {}", shown.body);
        }
    }
    let (_, agent) = pair(&app, Role::Editor).await;
    let read = call(&agent, "post_get", json!({ "post_id": post.text("/id") })).await;
    let head: Value = serde_json::from_str(&read.text("/result/content/0/text")).unwrap();
    assert_eq!(head["warnings"], json!(messages));
    let made = json!({ "title": "By an agent", "body": BODY });
    let made = call(&agent, "post_create_draft", made).await;
    assert_eq!(made.json["result"]["structuredContent"]["warnings"], json!(messages));
    let saved = &made.json["result"]["structuredContent"];
    let edit = json!({ "post_id": saved["id"], "revision_id": saved["revision_id"], "body": "x" });
    let edited = call(&agent, "post_edit", edit).await;
    assert!(edited.json["result"]["structuredContent"].get("warnings").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn renderings_of_one_account_are_limited() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let new = json!({ "title": "Draft", "body": "x" });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let rendered = format!("{path}?format=html");
    let mut refused = None;
    for _ in 0..200 {
        let answer = author.try_send(Method::GET, &rendered, &[], None).await.unwrap();
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    refused.expect("somebody is stopped").header("retry-after");
    author.get(&path, 200).await;
}
