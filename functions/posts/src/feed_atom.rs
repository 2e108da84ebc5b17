//! `GET /feed.xml`: the newest posts as an Atom feed (RFC 4287).

use atom_syndication::{
    Category, Content, Entry, FixedDateTime, Generator, Link, Person, Text, TextType,
};
use byline_shared::http::{Request, Response, document};
use byline_shared::model::Time;
use byline_shared::permission::Table;
use byline_shared::prelude::*;

use crate::feed::{self, Feed};

/// Serves the Atom feed.
pub struct AtomFeed;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<AtomFeed>(module_path!());

impl RawEndpoint for AtomFeed {
    const NAME: &'static str = "feed-atom";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/feed.xml";
    const SUMMARY: &'static str = "Get the Atom feed";
    const DESCRIPTION: &'static str = "The 20 newest posts (RFC 4287). Posts have their whole HTML as long as the feed stays \
        below 5 MB; further ones have their excerpt. The id of an entry does not change when its \
        slug does.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Table::Content, &[BatchGetItem, GetItem, Query])];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "application/atom+xml";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let feed = atom(feed::load(cx, |html, _| html).await?, &cx.config.public_url);
        Ok(document("application/atom+xml; charset=utf-8", feed.to_string()))
    }
}

fn atom(feed: Feed, public_url: &str) -> atom_syndication::Feed {
    let link = |rel: &str, href: String| Link { rel: rel.to_owned(), href, ..Link::default() };
    let site = feed.site;
    let address = format!("{public_url}/feed.xml");
    let newest = feed.entries.iter().map(|entry| entry.post.updated_at).max();
    let description = site.description.as_str();
    atom_syndication::Feed {
        title: plain(site.title.as_str()),
        id: address.clone(),
        // Of an empty publication nothing has changed since the beginning of time.
        updated: time(newest.unwrap_or(Time::from_millis(0))),
        subtitle: (!description.is_empty()).then(|| plain(description)),
        links: vec![link("self", address), link("alternate", site.url.as_str().to_owned())],
        lang: Some(site.language.as_str().to_owned()),
        generator: Some(Generator { value: "Byline".to_owned(), ..Generator::default() }),
        entries: feed.entries.into_iter().map(entry).collect(),
        ..atom_syndication::Feed::default()
    }
}

fn entry(entry: feed::FeedEntry) -> Entry {
    let (post, address) = (entry.post, entry.address);
    let categories = post.tags.iter().map(|tag| Category {
        term: tag.slug.as_str().to_owned(),
        label: Some(tag.name.as_str().to_owned()),
        ..Category::default()
    });
    let excerpt = post.excerpt.as_str();
    // An entry without content must have a summary (RFC 4287 §4.1.1.1).
    let summary = (!excerpt.is_empty() || entry.html.is_none()).then(|| plain(excerpt));
    Entry {
        title: plain(post.title.as_str()),
        id: format!("urn:byline:{}", post.id),
        updated: time(post.updated_at),
        published: Some(time(post.published_at)),
        authors: vec![Person { name: post.author.name.as_str().to_owned(), ..Person::default() }],
        categories: categories.collect(),
        links: vec![Link { rel: "alternate".to_owned(), href: address.clone(), ..Link::default() }],
        summary,
        content: entry.html.map(|html| Content {
            value: Some(html),
            content_type: Some("html".to_owned()),
            // Addresses in the text, those of footnotes above all, are relative to its page.
            base: Some(address),
            lang: post.language.as_ref().map(|language| language.as_str().to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

fn plain(text: &str) -> Text {
    Text { value: text.to_owned(), r#type: TextType::Text, ..Text::default() }
}

fn time(time: Time) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&time.to_string()).unwrap_or_default()
}
