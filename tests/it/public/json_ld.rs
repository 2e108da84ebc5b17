//! Structured data of a post for search engines.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{published, revalidates};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn a_post_comes_with_structured_data_if_it_is_asked_for() {
    let app = App::start().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let site = json!({ "title": "Coast & Co", "url": "https://coast.example", "language": "de", "post_path": "/p/{slug}" });
    admin.patch("/v1/admin/settings", site, 200).await;
    let links = json!([
        { "label": "Home", "url": "https://ada.example/" }, { "label": "Else", "url": "https://else.example/@ada" },
    ]);
    let me = editor.patch("/v1/users/me", json!({ "profile": { "links": links } }), 200).await;
    let title = "</script><script>alert(1)</script> & more";
    let new = json!({
        "title": title, "slug": "tides", "body": "Text.\n", "excerpt": "Of tides.", "tags": ["Tides", "<b>"],
    });
    published(&editor, new).await;
    let reader = app.anonymous();
    let plain = reader.get("/v1/posts/tides", 200).await;
    assert!(plain.json.get("json_ld").is_none());
    let read = reader.get("/v1/posts/tides?include=json_ld", 200).await;
    assert!(read.json.get("included").is_none() && read.json.get("adjacent").is_none());
    let script = read.text("/json_ld");
    // As it stands in a page.
    let page = format!("<script type=\"application/ld+json\">{script}</script>");
    let page = scraper::Html::parse_document(&page);
    let scripts: Vec<String> = page
        .select(&scraper::Selector::parse("script").unwrap())
        .map(|script| script.text().collect())
        .collect();
    let [script] = scripts.as_slice() else { panic!("{scripts:?}") };
    let data: Value = serde_json::from_str(script).unwrap();
    let expected = json!({
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": title,
        "author": [{
            "@type": "Person",
            "name": me.text("/name"),
            "url": "https://ada.example/",
            "sameAs": ["https://ada.example/", "https://else.example/@ada"],
        }],
        "datePublished": plain.text("/published_at"),
        "dateModified": plain.text("/updated_at"),
        "inLanguage": "de",
        "url": "https://coast.example/p/tides",
        "mainEntityOfPage": { "@type": "WebPage", "@id": "https://coast.example/p/tides" },
        "publisher": {
            "@type": "Organization", "name": "Coast & Co", "url": "https://coast.example",
        },
        "description": "Of tides.",
        "keywords": ["Tides", "<b>"],
    });
    assert_eq!(data, expected);
    revalidates(&reader, "/v1/posts/tides?include=json_ld").await;
    let all = reader.get("/v1/posts/tides?include=author,json_ld,adjacent", 200).await;
    assert_eq!(all.text("/json_ld"), read.text("/json_ld"));
    assert_eq!(all.json["included"]["authors"].as_array().unwrap().len(), 1);
    reader.get("/v1/posts/tides?include=jsonld", 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_from_elsewhere_names_the_page_of_the_original() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let original = "https://first.example/tides";
    let new = json!({
        "title": "Tides", "body": "Text.\n", "canonical_url": original, "language": "pt-BR",
    });
    published(&editor, new).await;
    let before = app.byline.observer.actions("posts-read");
    let read = app.anonymous().get("/v1/posts/tides?include=json_ld", 200).await;
    let data: Value = serde_json::from_str(&read.text("/json_ld")).unwrap();
    assert_eq!(data["mainEntityOfPage"]["@id"], original);
    assert_ne!(data["url"], original);
    assert_eq!(data["inLanguage"], "pt-BR");
    assert!(data["author"][0].get("url").is_none());
    let after = app.byline.observer.actions("posts-read");
    let calls = |action: &str| {
        after.get(action).copied().unwrap_or_default()
            - before.get(action).copied().unwrap_or_default()
    };
    assert_eq!((calls("GetItem"), calls("BatchGetItem"), calls("Query")), (2, 1, 0));
}
