//! `GET /feed.xml`, read by a feed reader's parser and by a strict one of XML, and held to what
//! RFC 4287 says an Atom feed must be.

use std::collections::HashSet;

use byline_shared::model::{Excerpt, Name, PublicPost, Role, Tag, TagName, Title};
use feed_rs::model::{Feed, FeedType};
use roxmltree::{Document, Node};
use serde_json::json;

use super::{at, language, page, publish, published, revalidates, seed, tag};
use crate::harness::{App, draft};

/// The namespace of Atom.
const ATOM: &str = "http://www.w3.org/2005/Atom";

/// Titles that try to be something else.
pub(super) const HOSTILE: [&str; 10] = [
    "Fish & Chips",
    "<script>alert(1)</script>",
    "]]>",
    "<![CDATA[x]]> &amp; &#60; &bogus;",
    "\"double\" 'single' `back`",
    "</title></entry></feed>",
    "שלום עולם — مرحبا",
    "👩‍👩‍👧‍👦 \u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "  outer   and inner  spaces  ",
    "<?xml version=\"1.0\"?><!-- -- -->",
];

/// Pages with hostile texts wherever a text can stand.
pub(super) async fn hostile_world(app: &App) -> Vec<PublicPost> {
    let mut pages = Vec::new();
    for (number, text) in HOSTILE.into_iter().enumerate() {
        let mut page = page(text, &format!("2026-03-{:02}T00:00:00Z", number + 1));
        let post = &mut page.summary;
        post.updated_at = at(&format!("2026-05-{:02}T00:00:00.5Z", number + 1));
        post.excerpt = Excerpt::trusted(text);
        post.author.name = Name::trusted(text);
        post.tags = vec![Tag { name: TagName::trusted(text), ..tag(&format!("tag-{number}")) }];
        post.language = language("he").filter(|_| number % 2 == 0);
        page.body_html = format!("<p title=\"]]>\">{}</p>\n", text.replace(['<', '&'], "*"));
        seed(app, &page).await;
        pages.push(page);
    }
    pages.reverse();
    pages
}

async fn feed(app: &App) -> (String, Feed) {
    let answer = app.anonymous().get("/feed.xml", 200).await;
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    let parsed = feed_rs::parser::parse(answer.body.as_bytes()).unwrap();
    assert_eq!(parsed.feed_type, FeedType::Atom);
    is_atom(&answer.body);
    (answer.body, parsed)
}

fn children<'a>(of: Node<'a, 'a>, name: &str) -> Vec<Node<'a, 'a>> {
    of.children().filter(|node| node.has_tag_name((ATOM, name))).collect()
}

fn text_of(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().to_owned()
}

/// RFC 4287, wherever it says MUST of what such a feed holds.
fn is_atom(text: &str) {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")), "§4.1.1");
    holds_what_it_must(feed);
    let entries = children(feed, "entry");
    let own = children(feed, "author");
    let mut ids = HashSet::from([text_of(children(feed, "id")[0])]);
    let selves =
        children(feed, "link").into_iter().filter(|it| it.attribute("rel") == Some("self"));
    assert_eq!(selves.count(), 1, "§4.1.1 asks for one");
    for entry in entries {
        holds_what_it_must(entry);
        let authors = children(entry, "author");
        assert!(!authors.is_empty() || !own.is_empty(), "§4.1.1: each entry has an author");
        for author in authors {
            assert_eq!(children(author, "name").len(), 1, "§3.2");
        }
        assert!(ids.insert(text_of(children(entry, "id")[0])), "§4.2.6: ids are unique");
        let (contents, summaries) = (children(entry, "content"), children(entry, "summary"));
        assert!(contents.len() <= 1 && summaries.len() <= 1, "§4.1.2");
        if contents.is_empty() {
            let links = children(entry, "link");
            let alternate = links.iter().any(|it| it.attribute("rel") == Some("alternate"));
            assert!(alternate, "§4.1.2: without content there is where to read it");
        }
        for content in contents {
            assert_eq!(content.attribute("type"), Some("html"), "§4.1.3.1");
            assert!(content.children().all(|node| node.is_text()), "§4.1.3.3: no child elements");
            assert_eq!(content.attribute("src"), None);
        }
        for category in children(entry, "category") {
            assert!(category.attribute("term").is_some_and(|term| !term.is_empty()), "§4.2.2.1");
        }
        assert!(children(entry, "published").len() <= 1, "§4.1.2");
    }
}

/// What feeds and entries have in common.
fn holds_what_it_must(node: Node<'_, '_>) {
    for name in ["id", "title", "updated"] {
        assert_eq!(children(node, name).len(), 1, "one {name} (§4.1.1, §4.1.2)");
    }
    let id = text_of(children(node, "id")[0]);
    assert!(id.parse::<http::Uri>().is_ok() || id.starts_with("urn:"), "§4.2.6: {id} is an IRI");
    for name in ["title", "subtitle", "summary"] {
        for text in children(node, name) {
            assert!([None, Some("text")].contains(&text.attribute("type")), "§3.1");
            assert!(text.children().all(|node| node.is_text()), "§3.1.1.1: no child elements");
        }
    }
    for name in ["updated", "published"] {
        for time in children(node, name) {
            let time = text_of(time);
            assert!(time.contains('T') && (time.ends_with('Z') || time.contains('+')), "§3.3");
            at(&time);
        }
    }
    let mut alternates = HashSet::new();
    for link in children(node, "link") {
        let href = link.attribute("href").expect("§4.2.7.1");
        assert!(href.starts_with("http"), "{href}");
        if link.attribute("rel") == Some("alternate") {
            let kind = (link.attribute("type"), link.attribute("hreflang"));
            assert!(alternates.insert(kind), "§4.1.1, §4.1.2: one alternate of a kind");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_publication_has_a_feed() {
    let app = App::start().await;
    let (_, feed) = feed(&app).await;
    assert!(feed.entries.is_empty());
    assert_eq!(feed.updated.unwrap().timestamp(), 0);
    assert_eq!(feed.language.as_deref(), Some("en"));
    revalidates(&app.anonymous(), "/feed.xml").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_texts() {
    let app = App::start().await;
    let pages = hostile_world(&app).await;
    let title = "A & B <i>]]></i>";
    let change =
        json!({ "title": title, "description": "\"x\" <b>&</b>\n]]>", "language": "pt-br" });
    app.admin().await.patch("/v1/admin/settings", change, 200).await;
    let (text, feed) = feed(&app).await;
    assert_eq!(feed.language.as_deref(), Some("pt-BR"));
    assert_eq!(feed.title.unwrap().content, title);
    assert_eq!(feed.description.unwrap().content, "\"x\" <b>&</b>\n]]>");
    assert_eq!(feed.updated.unwrap().to_rfc3339(), "2026-05-10T00:00:00.500+00:00");
    assert_eq!(feed.entries.len(), HOSTILE.len());
    // As XML has it: a feed reader's parser tidies white space.
    let document = Document::parse(&text).unwrap();
    for (entry, page) in children(document.root_element(), "entry").into_iter().zip(&pages) {
        let post = &page.summary;
        let one = |name: &str| text_of(children(entry, name)[0]);
        assert_eq!(one("title"), post.title.as_str());
        assert_eq!(one("summary"), post.excerpt.as_str());
        assert_eq!(one("content"), page.body_html);
        assert_eq!(one("id"), format!("urn:byline:{}", post.id));
        assert_eq!(
            (at(&one("published")), at(&one("updated"))),
            (post.published_at, post.updated_at)
        );
        let author = children(entry, "author")[0];
        assert_eq!(text_of(children(author, "name")[0]), post.author.name.as_str());
        let category = children(entry, "category")[0];
        let label = category.attribute("label").unwrap();
        assert_eq!(label, post.tags[0].name.as_str());
        assert_eq!(category.attribute("term"), Some(post.tags[0].slug.as_str()));
        let content = children(entry, "content")[0];
        let xml = "http://www.w3.org/XML/1998/namespace";
        let language = post.language.as_ref().map(|language| language.as_str());
        assert_eq!(content.attribute((xml, "lang")), language);
        // Where relative addresses in the text lead from.
        let address = children(entry, "link")[0].attribute("href").unwrap();
        assert!(address.ends_with(&format!("/posts/{}", post.slug)), "{address}");
        assert_eq!(content.attribute((xml, "base")), Some(address));
    }
    // And as a feed reader has it.
    for (entry, page) in feed.entries.iter().zip(&pages) {
        let title = entry.title.as_ref().unwrap().content.trim();
        assert_eq!(title, page.summary.title.as_str().trim());
        assert_eq!(entry.authors.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_keeps_its_id_and_rises_when_it_changes() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = published(&editor, draft("First")).await;
    published(&editor, draft("Second")).await;
    let (_, before) = feed(&app).await;
    assert_eq!(before.entries.len(), 2);
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let seen = [("if-match", post.header("etag"))];
    let body = Some(json!({ "slug": "moved", "title": "Again", "excerpt": "More." }));
    let edited = editor.send(http::Method::PATCH, &path, &seen, body, 200).await;
    publish(&editor, &edited).await;
    let (_, after) = feed(&app).await;
    let ids = |feed: &Feed| feed.entries.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after), "the same posts in the same order");
    let (was, is) = (&before.entries[1], &after.entries[1]);
    assert!(is.updated > was.updated && is.published == was.published);
    assert!(after.updated >= before.updated && after.updated == is.updated);
    assert_eq!(is.summary.as_ref().unwrap().content, "More.");
    assert_eq!(before.id, after.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_has_the_newest_twenty() {
    let app = App::start().await;
    let mut ids = Vec::new();
    for day in 1..=25 {
        let page = page("x", &format!("2026-03-{day:02}T00:00:00Z"));
        seed(&app, &page).await;
        ids.insert(0, format!("urn:byline:{}", page.summary.id));
    }
    let (_, feed) = feed(&app).await;
    let found: Vec<String> = feed.entries.into_iter().map(|entry| entry.id).collect();
    assert_eq!(found, ids[..20]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_does_not_fit_leads_to_its_page() {
    let app = App::start().await;
    // The largest that there is, in what takes the most room once it is escaped.
    for (number, unit) in ["\"", "<br>", "&amp;", "x"].into_iter().enumerate() {
        let mut page = page(unit, &format!("2026-03-{:02}T00:00:00Z", number + 1));
        page.summary.excerpt = Excerpt::trusted("");
        page.body_html = unit.repeat(2 * 1024 * 1024 / unit.len());
        page.summary.title = Title::trusted(format!("Of {unit}"));
        seed(&app, &page).await;
    }
    let (text, feed) = feed(&app).await;
    let json = app.anonymous().get("/feed.json", 200).await.body;
    // Lambda hands answers on as a text in JSON, of 6 MB at most.
    for answer in [&text, &json] {
        let handed_on = serde_json::to_string(answer).unwrap();
        assert!(handed_on.len() < 6_000_000, "{}", handed_on.len());
    }
    let whole: Vec<&str> = feed
        .entries
        .iter()
        .filter(|entry| entry.content.is_some())
        .map(|entry| entry.title.as_ref().unwrap().content.as_str())
        .collect();
    assert_eq!(whole, ["Of x"]);
    assert_eq!(feed.entries.len(), 4);
    for entry in feed.entries.iter().filter(|entry| entry.content.is_none()) {
        assert!(entry.summary.is_some(), "an entry without content has a summary, if an empty one");
    }
}
