//! What readers see, where, and from when to when: each rule by itself, at every place at once.

mod live;
mod names;
mod pages;

use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::publish;
use crate::harness::{Answer, App, Client};

/// Every place where a live post is shown.
const EVERYWHERE: [&str; 12] = [
    "its page",
    "its file",
    "the list",
    "its tag",
    "its author",
    "featured",
    "its language",
    "JSON Feed",
    "Atom",
    "llms.txt",
    "the sitemap",
    "search",
];

const DAY: i64 = 24 * 3600;

/// A publication with an editor, and an author who only reads.
struct Stage {
    app: App,
    clock: Arc<ManualClock>,
    editor: Client,
    /// The editor's slug as an author.
    author: String,
    /// An app of somebody who may not work on the editor's posts.
    other: Client,
}

impl Stage {
    async fn new() -> Self {
        let (app, clock) = App::unlimited_with_clock().await;
        let editor = app.user(Role::Editor).await;
        let author = editor.get("/v1/users/me", 200).await.text("/slug");
        let other = app.agent(&app.user(Role::Author).await).await;
        Self { app, clock, editor, author, other }
    }

    /// A draft that would be shown everywhere.
    async fn draft(&self) -> Answer {
        let new = json!({
            "title": "Zebra", "slug": "zebra", "body": "Stripes.", "tags": ["Animals"],
            "featured": true, "language": "en",
        });
        self.editor.post("/v1/manage/posts", new, 201).await
    }

    async fn live(&self) -> Answer {
        publish(&self.editor, &self.draft().await).await
    }

    /// Where a post with this title and slug is shown.
    async fn shown(&self, title: &str, slug: &str) -> Vec<&'static str> {
        let year = self.app.byline.context.clock.now().to_string()[..4].to_owned();
        let paths = [
            format!("/v1/posts/{slug}"),
            format!("/posts/{slug}.md"),
            "/v1/posts".to_owned(),
            "/v1/posts?tag=animals".to_owned(),
            format!("/v1/posts?author={}", self.author),
            "/v1/posts?featured=true".to_owned(),
            "/v1/posts?language=en".to_owned(),
            "/feed.json".to_owned(),
            "/feed.xml".to_owned(),
            "/llms.txt".to_owned(),
            format!("/sitemaps/{year}.xml"),
        ];
        let mut shown = Vec::new();
        for (place, path) in EVERYWHERE.into_iter().zip(&paths) {
            let answer = self.app.anonymous().try_send(Method::GET, path, &[], None).await.unwrap();
            let address = format!("/posts/{slug}<");
            let words = if place == "the sitemap" { address.as_str() } else { title };
            if answer.status == 200 && answer.body.contains(words) {
                shown.push(place);
            }
        }
        let params = json!({ "name": "search", "arguments": { "query": title } });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let found = self.other.post("/mcp", call, 200).await;
        if found.text("/result/content/0/text").contains(&format!("/posts/{slug}\"")) {
            shown.push("search");
        }
        shown
    }

    async fn zebra(&self) -> Vec<&'static str> {
        self.shown("Zebra", "zebra").await
    }

    async fn edit(&self, post: &Answer, change: Value) -> Answer {
        let seen = [("if-match", post.header("etag"))];
        self.editor.send(Method::PATCH, &path(post, ""), &seen, Some(change), 200).await
    }

    async fn trash(&self, post: &Answer) {
        let seen = [("if-match", post.header("etag"))];
        self.editor.send(Method::DELETE, &path(post, ""), &seen, None, 204).await;
    }

    /// Schedules what a post has for a minute later.
    async fn schedule(&self, post: &Answer) -> Answer {
        let at = self.app.byline.context.clock.now().plus_seconds(60);
        let body = json!({ "revision_id": post.json["revision_id"], "publish_at": at });
        self.editor.post(&path(post, "/schedule"), body, 200).await
    }

    /// What happens by itself in a minute.
    async fn a_minute_later(&self) {
        self.clock.advance(60);
        self.app.byline.run_due_schedules().await;
    }

    /// Waits until a worker has brought a change to a public page.
    async fn until(&self, path: &str, words: &str) {
        let reader = self.app.anonymous();
        self.app
            .eventually(|| async {
                let answer = reader.try_send(Method::GET, path, &[], None).await.unwrap();
                answer.body.contains(words)
            })
            .await;
    }
}

fn path(post: &Answer, rest: &str) -> String {
    format!("/v1/manage/posts/{}{rest}", post.text("/id"))
}

fn all_but(left_out: &[&str]) -> Vec<&'static str> {
    EVERYWHERE.into_iter().filter(|place| !left_out.contains(place)).collect()
}

const NOWHERE: [&str; 0] = [];
