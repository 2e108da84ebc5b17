//! The pages of preview links: where the Desk makes them, and what a stranger sees.

use std::collections::BTreeSet;

use byline_shared::model::Role;
use scraper::{Html, Selector};
use serde_json::json;

use crate::desk::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, draft};

/// The link that a page shows this once.
fn link(page: &Answer) -> String {
    let start = page.body.find("<code id=\"link\">").unwrap() + "<code id=\"link\">".len();
    let rest = &page.body[start..];
    rest[..rest.find('<').unwrap()].to_owned()
}

fn path(link: &str) -> String {
    link[link.find("/preview/").unwrap()..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_shared_seen_and_revoked() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let mut new = draft("Tides");
    new["body"] =
        json!("About *Tides*.\n\n![map](https://example.org/map.png)\n\n<script>a()</script>\n");
    let id = author.post("/v1/manage/posts", new, 201).await.text("/id");
    let editor = visitor.get(&format!("/desk/posts/{id}"), 200).await;
    assert!(text_of(&editor).contains("Share a preview"), "{}", editor.body);
    let share = format!("/desk/posts/{id}/share");
    let page = visitor.get(&share, 200).await;
    let mut sent = form(&page, "Make a link");
    sent.set("hours", "24");
    let made = visitor.submit(&sent).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let address = path(&link(&made));
    // Sent twice by mistake, or loaded again, it makes one link and shows it again; not for long.
    let again = visitor.submit(&sent).await;
    assert_eq!((again.status, path(&link(&again))), (200, address.clone()), "{}", again.body);
    clock.advance(6 * 60);
    let late = visitor.submit(&sent).await;
    assert_eq!(late.status, 409, "{}", late.body);
    let words = text_of(&late);
    assert!(words.contains("Nothing was changed") && words.contains("shown once"), "{words}");
    assert!(!words.contains("Somebody else") && !late.body.contains("id=\"link\""), "{words}");
    let list = visitor.get(&share, 200).await;
    assert_eq!(list.body.matches("Revoke").count(), 1, "{}", list.body);
    assert!(!list.body.contains(address.trim_start_matches("/preview/")), "{}", list.body);

    let mut stranger = Visitor::stranger(&app);
    let before = app.byline.renderings();
    let shown = stranger.get(&address, 200).await;
    assert_eq!(app.byline.renderings() - before, 1);
    let text = text_of(&shown);
    assert!(text.contains("This is a preview; it is not published."), "{text}");
    assert!(text.contains("This link works until"), "{text}");
    assert!(shown.body.contains("<h1>Tides</h1>"), "{}", shown.body);
    assert!(shown.body.contains("About <em>Tides</em>."), "{}", shown.body);
    // Nothing runs, nothing is loaded from elsewhere, nothing leads to the Desk.
    for lost in ["<script", "<img", "<form", "href=\"/desk\"", "Sign in"] {
        assert!(!shown.body.contains(lost), "{lost} in {}", shown.body);
    }
    let policy = shown.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    for part in ["form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("script-src"), "{policy}");
    assert_eq!(shown.header("referrer-policy"), "no-referrer");
    assert_eq!(shown.header("x-robots-tag"), "noindex");
    assert_eq!(shown.header("cache-control"), "private, no-store");
    assert!(shown.body.contains("<meta name=\"robots\" content=\"noindex\">"), "{}", shown.body);

    // Twice, as of two people at once.
    for _ in 0..2 {
        let revoked = visitor.press(&list, "Revoke", &[]).await;
        assert!(text_of(&revoked).contains("The link was revoked"), "{}", revoked.body);
    }
    let gone = stranger.get(&address, 404).await;
    assert!(text_of(&gone).contains("This preview link does not work"), "{}", gone.body);
    assert_eq!(gone.header("x-robots-tag"), "noindex");
    let unknown = stranger.get("/preview/nothing", 404).await;
    assert_eq!(text_of(&unknown), text_of(&gone));
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_can_show_one_text_for_good() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let id = post.text("/id");
    let page = visitor.get(&format!("/desk/posts/{id}/share"), 200).await;
    for (name, wrong) in [("hours", "0"), ("hours", "721"), ("hours", ""), ("shows", "rev_x")] {
        let refused = visitor.press(&page, "Make a link", &[(name, wrong)]).await;
        assert_eq!(refused.status, 422, "{name}={wrong}: {}", refused.body);
    }
    let revision = post.text("/revision_id");
    let made = visitor.press(&page, "Make a link", &[("shows", &revision)]).await;
    let address = path(&link(&made));
    let editor = visitor.get(&format!("/desk/posts/{id}"), 200).await;
    visitor.press(&editor, "Save", &[("body", "Later words.")]).await;
    let shown = Visitor::stranger(&app).get(&address, 200).await;
    assert!(shown.body.contains("About <em>Tides</em>."), "{}", shown.body);
    // Once readers see it, the page says so.
    let publish = json!({ "revision_id": revision });
    let client = app.user(Role::Editor).await;
    client.post(&format!("/v1/manage/posts/{id}/publish"), publish, 200).await;
    let shown = text_of(&Visitor::stranger(&app).get(&address, 200).await);
    assert!(shown.contains("a preview of a text that is published"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_for_those_who_edit_the_post_and_costs_seven_calls_at_most() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let id = author.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let share = format!("/desk/posts/{id}/share");
    other.get(&share, 404).await;
    reader.get(&share, 403).await;
    let links = format!("/v1/manage/posts/{id}/preview-links");
    author.post(&links, json!({}), 201).await;
    visitor.get(&share, 200).await;
    let before: u64 = app.byline.observer.actions("desk-post-share").values().sum();
    visitor.get(&share, 200).await;
    let calls = app.byline.observer.actions("desk-post-share").values().sum::<u64>() - before;
    assert!((1..=7).contains(&calls), "{calls} calls");
    // In the trash, no link is made.
    let path = format!("/v1/manage/posts/{id}");
    let seen = author.get(&path, 200).await.header("etag").to_owned();
    author.send(http::Method::DELETE, &path, &[("if-match", &seen)], None, 204).await;
    let page = visitor.get(&share, 200).await;
    assert!(find(&page, "Make a link").is_none(), "{}", page.body);
    assert!(text_of(&page).contains("The post is in the trash"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_a_text_are_apart_from_those_of_the_page() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let body = "## Main\n\n[up](#main), see[^a].\n\n> [!WARNING]\n> Hot.\n\n[^a]: There.\n";
    let post = author.post("/v1/manage/posts", json!({ "title": "Ids", "body": body }), 201).await;
    let path = format!("/v1/manage/posts/{}/preview-links", post.text("/id"));
    let link = author.post(&path, json!({}), 201).await;
    let shared =
        Visitor::stranger(&app).get(&format!("/preview/{}", link.text("/token")), 200).await;
    let saved = visitor.get(&format!("/desk/posts/{}?view=preview", post.text("/id")), 200).await;
    for shown in [shared, saved] {
        for part in
            ["<h2 id=\"text-main\">", "href=\"#text-main\"", "href=\"#text-fn-", "id=\"text-fn-"]
        {
            assert!(shown.body.contains(part), "{part} in {}", shown.body);
        }
        assert!(shown.body.contains("<div class=\"markdown-alert markdown-alert-warning\">"));
        let page = Html::parse_document(&shown.body);
        let named = Selector::parse("[id]").unwrap();
        let ids: Vec<&str> = page.select(&named).filter_map(|named| named.attr("id")).collect();
        let all: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(all.len(), ids.len(), "{ids:?}");
    }
}
