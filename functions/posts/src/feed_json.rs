//! `GET /feed.json`: the newest posts as a JSON Feed (version 1.1, <https://jsonfeed.org/version/1.1>).

use byline_shared::http::{Request, Response, document};
use byline_shared::prelude::*;
use serde_json::{Value, json};

use crate::absolute;
use crate::feed::{self, Feed};

/// Serves the JSON feed.
pub struct JsonFeed;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<JsonFeed>(module_path!());

impl RawEndpoint for JsonFeed {
    const NAME: &'static str = "feed-json";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/feed.json";
    const SUMMARY: &'static str = "Get the JSON Feed";
    const DESCRIPTION: &'static str = "The 20 newest posts (JSON Feed 1.1), with the same contents as the Atom feed. Addresses \
         in `content_html` are absolute.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, Query])];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "application/feed+json";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        // The format has no base for relative addresses, as Atom has.
        let feed = feed::load(cx, |html, page| absolute::addresses(&html, page)).await?;
        let feed = json_feed(feed, &cx.config.public_url);
        Ok(document("application/feed+json", feed.to_string()))
    }
}

fn json_feed(feed: Feed, public_url: &str) -> Value {
    let site = feed.site;
    let mut value = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": site.url,
        "feed_url": format!("{public_url}/feed.json"),
        "language": site.language,
        "items": feed.entries.into_iter().map(item).collect::<Vec<_>>(),
    });
    if !site.description.as_str().is_empty() {
        value["description"] = site.description.as_str().into();
    }
    value
}

fn item(entry: feed::FeedEntry) -> Value {
    let post = entry.post;
    let mut item = json!({
        "id": post.id,
        "url": entry.address,
        "title": post.title,
        "date_published": post.published_at,
        "date_modified": post.updated_at,
        "authors": [{ "name": post.author.name }],
        "tags": post.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
    });
    if !post.excerpt.as_str().is_empty() {
        item["summary"] = post.excerpt.as_str().into();
    }
    if let Some(cover) = &post.cover {
        item["image"] = cover.url.as_str().into();
    }
    if let Some(language) = &post.language {
        item["language"] = language.as_str().into();
    }
    match entry.html {
        Some(html) => item["content_html"] = html.into(),
        // An item has one of the two contents.
        None => item["content_text"] = post.excerpt.as_str().into(),
    }
    item
}
