//! What readers see: lists, pages, feeds, sitemaps and files.

mod ai;
mod atom;
mod excerpts;
mod files;
mod json_feed;
mod json_ld;
mod lists;
mod negotiation;
mod read;
mod refusals;
mod site;
mod sitemaps;
mod visible;

use std::sync::atomic::{AtomicU32, Ordering};

use byline_shared::examples;
use byline_shared::model::{
    Author, Language, Name, PostId, PublicPost, Revision, RevisionId, Slug, Tag, TagName, Time,
    Title,
};
use byline_shared::store::live::LivePlace;
use byline_shared::store::post_transaction::{LiveChange, PostTransaction};
use byline_shared::store::posts::PostItem;
use byline_shared::store::tags::{NewTag, TagItem};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client};

/// A time, from its text.
fn at(time: &str) -> Time {
    time.parse().unwrap()
}

/// A page as it goes live in [`seed`], with a slug of its own.
fn page(title: &str, published_at: &str) -> PublicPost {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut page = examples::public_post();
    let post = &mut page.summary;
    post.id = PostId::new(at(published_at));
    post.revision_id = RevisionId::new(at(published_at));
    post.slug = Slug::trusted(format!("post-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    post.title = Title::trusted(title);
    post.tags = Vec::new();
    post.language = None;
    (post.published_at, post.updated_at) = (at(published_at), at(published_at));
    page
}

fn tag(slug: &str) -> Tag {
    Tag { slug: Slug::trusted(slug), name: TagName::trusted(slug.to_uppercase()) }
}

fn author(slug: &str) -> Author {
    let id = examples::USER_ID.parse().unwrap();
    Author { id, name: Name::trusted(format!("The {slug}")), slug: Slug::trusted(slug) }
}

fn language(tag: &str) -> Option<Language> {
    Some(Language::trusted(tag))
}

/// Puts a page into the store as publishing does, at any time and by anybody.
async fn seed(app: &App, page: &PublicPost) {
    let store = &app.byline.context.store;
    let post = &page.summary;
    for Tag { slug, name } in &post.tags {
        let tag = TagItem::new(slug.clone(), name.clone(), post.published_at);
        let _is_new = store.tags().create(&[NewTag::new(tag)]).await.unwrap();
    }
    let mut summary = examples::post(true).summary;
    summary.id = post.id.clone();
    summary.fields.slug = post.slug.clone();
    summary.fields.title = post.title.clone();
    summary.author = post.author.clone();
    summary.revision_id = post.revision_id.clone();
    summary.live_revision_id = Some(post.revision_id.clone());
    (summary.published_at, summary.updated_at) = (Some(post.published_at), post.updated_at);
    let mut revision = examples::revision();
    revision.summary.id = post.revision_id.clone();
    revision.summary.post_id = post.id.clone();
    revision.summary.fields = summary.fields.clone();
    let revision = Revision { body: page.body.clone(), ..revision };
    let after = PostItem {
        summary,
        live: Some(LivePlace::new(page, Vec::new())),
        last_slug: Some(post.slug.clone()),
        approved: None,
        scheduled_by: None,
        scheduled_content: None,
        draft_media: Vec::new(),
        scheduled_media: Vec::new(),
        people: Default::default(),
    };
    let write = PostTransaction {
        revision: Some(&revision),
        live: LiveChange::with_same_cover(page),
        ..PostTransaction::new(None, &after)
    };
    store.posts().write(&write).await.unwrap();
}

/// Makes a post and publishes it, over HTTP.
async fn published(client: &Client, new: Value) -> Answer {
    let post = client.post("/v1/manage/posts", new, 201).await;
    publish(client, &post).await
}

async fn publish(client: &Client, post: &Answer) -> Answer {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    client.post(&path, json!({ "revision_id": post.text("/revision_id") }), 200).await
}

/// The slugs of a page of posts.
fn slugs(list: &Answer) -> Vec<String> {
    let items = list.json["items"].as_array().unwrap();
    items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

/// All entries of a list, page by page.
async fn all(reader: &Client, path: &str) -> Vec<Value> {
    let mut items: Vec<Value> = Vec::new();
    let mut next = path.to_owned();
    loop {
        let page = reader.get(&next, 200).await;
        items.extend(page.json["items"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page.json["next_cursor"].as_str() else { return items };
        let separator = if path.contains('?') { '&' } else { '?' };
        next = format!("{path}{separator}cursor={cursor}");
    }
}

/// The ETag answers 304 to those who have it, and 200 to those who have another.
async fn revalidates(reader: &Client, path: &str) {
    let first = reader.get(path, 200).await;
    let etag = first.header("etag").to_owned();
    let send = |etag: &str, status: u16| {
        let etag = etag.to_owned();
        async move {
            let seen = [("if-none-match", etag.as_str())];
            reader.send(http::Method::GET, path, &seen, None, status).await
        }
    };
    let same = send(&etag, 304).await;
    assert_eq!(same.body, "", "{path}");
    assert_eq!(same.header("etag"), etag, "{path}");
    assert_eq!(same.header("cache-control"), first.header("cache-control"), "{path}");
    assert_eq!(send("\"another\"", 200).await.body, first.body, "{path}");
}
