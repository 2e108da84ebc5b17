//! `GET /sitemap.xml` and what it leads to, read by a strict parser of XML and held to the schemas
//! of the protocol: sitemaps.org/schemas/sitemap/0.9/{siteindex,sitemap}.xsd.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use byline_shared::model::Time;
use roxmltree::{Document, Node};
use serde_json::json;

use super::{at, page, revalidates, seed};
use crate::harness::{App, tier};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The entries of a document: where it is, and when it changed.
type Entries = Vec<(String, Option<String>)>;

/// Holds a document to the schema of its root (`siteindex.xsd` or `sitemap.xsd`).
fn entries(text: &str, root: &str, element: &str) -> Entries {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    assert!(document.root_element().has_tag_name((NAMESPACE, root)), "{text}");
    assert!(text.len() < 50 * 1024 * 1024, "the protocol's limit");
    assert_eq!(document.root_element().attributes().len(), 0);
    let all = elements(document.root_element());
    assert!((1..=50_000).contains(&all.len()), "the schema asks for one, and the protocol for few");
    all.into_iter().map(|entry| entry_of(entry, element)).collect()
}

fn entry_of(entry: Node<'_, '_>, element: &str) -> (String, Option<String>) {
    assert!(entry.has_tag_name((NAMESPACE, element)));
    // A sequence: first `loc`, then perhaps `lastmod`.
    let parts = elements(entry);
    let (first, last) = (parts[0], parts.get(1));
    assert!(first.has_tag_name((NAMESPACE, "loc")));
    assert!(last.is_none_or(|last| last.has_tag_name((NAMESPACE, "lastmod"))));
    assert!(parts.len() <= 2);
    let address = first.text().unwrap().to_owned();
    assert!((12..=2048).contains(&address.chars().count()), "tLoc: {address}");
    assert!(address.starts_with("http") && address.is_ascii(), "{address}");
    address.parse::<http::Uri>().unwrap();
    let changed = last.map(|last| last.text().unwrap().to_owned());
    if let Some(changed) = &changed {
        // tLastmod: xsd:date or xsd:dateTime.
        at(changed);
    }
    (address, changed)
}

fn elements<'a>(of: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    let texts = of.children().filter(|node| node.is_text() && of.has_children());
    let blank = texts.filter_map(|node| node.text()).all(|text| text.trim().is_empty());
    assert!(blank || of.children().all(|node| node.is_text()), "no text between elements");
    of.children().filter(Node::is_element).collect()
}

async fn read(app: &App, path: &str, root: &str, element: &str) -> Entries {
    let answer = app.anonymous().get(path, 200).await;
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    entries(&answer.body, root, element)
}

/// The addresses in the index.
async fn index(app: &App) -> Vec<String> {
    let entries = read(app, "/sitemap.xml", "sitemapindex", "sitemap").await;
    entries.into_iter().map(|(address, _)| address).collect()
}

/// A sitemap that the index names, and its entries.
async fn sitemap(app: &App, file: &str) -> Entries {
    let path = format!("/sitemaps/{file}");
    let indexed = index(app).await;
    assert!(indexed.iter().any(|address| address.ends_with(&path)), "{path} in {indexed:?}");
    read(app, &path, "urlset", "url").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_site_has_a_sitemap_of_itself() {
    let app = App::start().await;
    assert_eq!(index(&app).await.len(), 1);
    let site = app.anonymous().get("/v1/site", 200).await.text("/url");
    assert_eq!(sitemap(&app, "site.xml").await, [(site, None)]);
    revalidates(&app.anonymous(), "/sitemap.xml").await;
    revalidates(&app.anonymous(), "/sitemaps/site.xml").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_year_has_its_posts() {
    let app = App::start().await;
    let mut expected: HashMap<&str, Vec<String>> = HashMap::new();
    // Either side of midnight, midnight itself, a year without posts, and the ends of the calendar.
    for time in [
        "0999-07-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00Z",
        "2023-12-31T23:59:59.999Z",
        "2024-01-01T00:00:00.000Z",
        "2024-01-01T00:00:00.001Z",
        "2024-02-29T12:00:00Z",
        "2026-12-31T23:59:59.999Z",
        "2027-01-01T00:00:00.000Z",
        "9999-06-01T00:00:00Z",
    ] {
        let mut page = page("x", time);
        page.summary.updated_at = at("2028-01-01T00:00:00Z");
        seed(&app, &page).await;
        expected.entry(&time[..4]).or_default().push(page.summary.slug.to_string());
    }
    let mut years: Vec<&str> = expected.keys().copied().collect();
    years.sort_unstable();
    let files: Vec<String> = index(&app).await;
    let names: Vec<&str> = files.iter().map(|file| file.rsplit_once('/').unwrap().1).collect();
    let mut wanted = vec!["site.xml".to_owned()];
    wanted.extend(years.iter().map(|year| format!("{year}.xml")));
    assert_eq!(names, wanted);
    let site = app.anonymous().get("/v1/site", 200).await.text("/url");
    for year in years {
        let found = sitemap(&app, &format!("{year}.xml")).await;
        let wanted: Entries = expected[year]
            .iter()
            .map(|slug| {
                let changed = "2028-01-01T00:00:00.000Z".to_owned();
                (format!("{site}/posts/{slug}"), Some(changed))
            })
            .collect();
        assert_eq!(found, wanted, "{year}");
    }
    revalidates(&app.anonymous(), "/sitemaps/2024.xml").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_sitemap_is_not_found() {
    let app = App::start().await;
    seed(&app, &page("x", "2024-06-01T00:00:00Z")).await;
    let reader = app.anonymous();
    for file in [
        "2023.xml",
        "2025.xml",
        "2024",
        "2024.XML",
        "2024.xml.gz",
        "02024.xml",
        "+024.xml",
        "-024.xml",
        "0000.xml",
        "10000.xml",
        "%202024.xml",
        "2024%20.xml",
        "2024.xml%00",
        "site",
        "Site.xml",
        "index.xml",
        ".xml",
        "xml",
        "..%2Fsitemap.xml",
        "%D9%A2%D9%A0%D9%A2%D9%A4.xml",
        "%FF%FE.xml",
    ] {
        reader.get(&format!("/sitemaps/{file}"), 404).await.is_problem("not_found");
    }
    // A name is a name, however it is written.
    reader.get("/sitemaps/20%324.xml", 200).await;
    for path in ["/sitemaps", "/sitemaps/"] {
        reader.get(path, 404).await.is_problem("not_found");
    }
    for path in ["/sitemaps/2024.xml/", "/sitemaps/20%32%34.xml%2F", "/sitemap.xml/"] {
        reader.get(path, 308).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_posts_are_all_there() {
    let posts = tier().pick(1_100, 2_500);
    let app = App::start().await;
    let (first, last) = ("2025-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z");
    let page = page("x", last);
    seed(&app, &page).await;
    // The entries of the public list are all that a sitemap is made of.
    let cx = &app.byline.context;
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let table = cx.config.content_table.clone();
    let found = client.query().table_name(&table).key_condition_expression("pk = :pk");
    let found = found.expression_attribute_values(":pk", AttributeValue::S("LIVE".to_owned()));
    let row = found.send().await.unwrap().items.unwrap().remove(0);
    let start = at(first).as_millis();
    for number in 0..posts {
        let time = Time::from_millis(start + i64::try_from(number).unwrap()).to_string();
        let mut row = row.clone();
        let mut set = |name: &str, text: String| {
            row.insert(name.to_owned(), AttributeValue::S(text));
        };
        set("sk", format!("{time}#post_{number}"));
        set("slug", format!("number-{number}"));
        set("published_at", time);
        client.put_item().table_name(&table).set_item(Some(row)).send().await.unwrap();
    }
    let entries = sitemap(&app, "2025.xml").await;
    let slug = |address: &str| address.rsplit_once('/').unwrap().1.to_owned();
    let slugs: Vec<String> = entries.iter().map(|(address, _)| slug(address)).collect();
    let expected: Vec<String> = (0..posts).map(|number| format!("number-{number}")).collect();
    assert_eq!(slugs, expected);
    assert_eq!(sitemap(&app, "2026.xml").await.len(), 1);
    // The longest addresses that settings can bring about.
    let url = format!("https://example.com/{}", "&".repeat(180));
    let post_path = format!("/{}/{{slug}}", "p".repeat(190));
    let change = json!({ "url": url, "post_path": post_path });
    app.admin().await.patch("/v1/admin/settings", change, 200).await;
    assert_eq!(sitemap(&app, "2025.xml").await.len(), posts);
}
