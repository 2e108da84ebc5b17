//! Steps of a story: drafts and revisions.

use http::Method;
use serde_json::json;

use super::model::{Place, Post, Revision, Text, named, slug_of};
use super::world::World;
use crate::harness::Answer;

impl World {
    /// The text of a new post, and the slug that was asked for.
    pub(super) fn new_text(&mut self) -> (Text, Option<String>, Vec<String>) {
        let title = format!("Title {}", self.rng.u8(0..10));
        let given = if self.rng.bool() { Some(self.slug()) } else { None };
        let names = self.tag_names();
        let text = Text {
            slug: given.clone().unwrap_or_else(|| slug_of(&title)),
            title,
            tags: named(&names),
            featured: self.rng.bool(),
            language: self.rng.bool().then(|| "en".to_owned()),
            cover: self.cover(),
            body: self.body(),
        };
        (text, given, names)
    }

    pub(super) async fn create(&mut self, actor: usize) {
        let (mut text, given, names) = self.new_text();
        text.tags = self.model.ensure(&text.tags, &Vec::new());
        let slug = self.model.slug_for_new(&text.slug, given.is_some());
        let mut body = json!({
            "title": text.title,
            "body": text.body,
            "tags": names,
            "featured": text.featured,
        });
        if let Some(cover) = text.cover {
            body["cover"] = self.model.pictures[cover].id.as_str().into();
        }
        if let Some(given) = given {
            body["slug"] = given.into();
        }
        if let Some(language) = &text.language {
            body["language"] = language.as_str().into();
        }
        let expected = slug.clone().map(|_| 201);
        let request = (Method::POST, "/v1/manage/posts");
        let answer = self.call(actor, request, None, Some(body), expected).await;
        if let Ok(slug) = slug {
            let author = self.who(actor).user;
            self.begin(author, text, slug, &answer);
        }
    }

    /// The agent's draft over MCP.
    pub(super) async fn create_over_mcp(&mut self, actor: usize) {
        let (mut text, _, names) = self.new_text();
        (text.slug, text.featured, text.language) = (slug_of(&text.title), false, None);
        text.cover = None;
        text.tags = self.model.ensure(&text.tags, &Vec::new());
        let arguments = json!({ "title": text.title, "body": text.body, "tags": names });
        let params = json!({ "name": "post_create_draft", "arguments": arguments });
        let body = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
        let slug = self.model.slug_for_new(&text.slug, false).unwrap();
        let answer = self.call(actor, (Method::POST, "/mcp"), None, Some(body), Ok(200)).await;
        let made = &answer.json["result"]["structuredContent"];
        assert_eq!(answer.json["result"]["isError"], false, "{}", answer.body);
        let path = format!("/v1/manage/posts/{}", made["id"].as_str().unwrap());
        let answer = self.call(actor, (Method::GET, &path), None, None, Ok(200)).await;
        let author = self.who(actor).user;
        self.begin(author, text, slug, &answer);
    }

    /// A new post, as it is answered, under this slug or a random one.
    pub(super) fn begin(
        &mut self,
        author: usize,
        mut text: Text,
        slug: Option<String>,
        answer: &Answer,
    ) {
        let shown = answer.text("/slug");
        text.slug = slug.unwrap_or_else(|| {
            let letters = shown.strip_prefix(&format!("{}-", text.slug)).unwrap();
            assert_eq!(letters.len(), 6, "{shown}");
            shown
        });
        let id = answer.text("/id");
        self.model.slugs.insert(text.slug.clone(), (id.clone(), Place::Nothing));
        let tags = text.tags.clone();
        self.model.posts.push(Post {
            id,
            author,
            version: 1,
            carried: 0,
            revisions: vec![Revision { id: answer.text("/revision_id"), text }],
            tags,
            live: None,
            published_at: None,
            last_slug: None,
            approved: None,
            approval: None,
            schedule: None,
            schedule_failed: false,
            trashed: false,
            history: Vec::new(),
        });
        self.check(self.model.posts.len() - 1, &answer.json);
    }

    pub(super) async fn edit(&mut self, actor: usize, post: usize) {
        let who = self.who(actor);
        let seen = self.seen(post, false);
        let mut base = self.model.posts[post].head().text.clone();
        base.tags = self.model.posts[post].tags.clone();
        let (changes, mut text, named) = self.changed(&base);
        let mut expected = self.model.find_as_seen(who, post, seen).map(|_| ());
        if expected.is_ok() {
            if let Some(named) = named {
                text.tags = self.model.ensure(&named, &base.tags);
            }
            expected = self.model.slug_is_free(&text.slug, &self.model.posts[post].id);
        }
        let path = self.path(post, "");
        let request = (Method::PATCH, path.as_str());
        let answer = self.call(actor, request, seen, Some(changes), expected.map(|()| 200)).await;
        if expected.is_ok() {
            self.model.save(post, Revision { id: answer.text("/revision_id"), text });
            self.check(post, &answer.json);
        }
    }

    pub(super) async fn restore_revision(&mut self, actor: usize, post: usize) {
        let who = self.who(actor);
        let seen = self.seen(post, false);
        let revisions = &self.model.posts[post].revisions;
        let old = revisions[self.rng.usize(0..revisions.len())].clone();
        let mut text = old.text;
        text.slug = self.model.posts[post].head().text.slug.clone();
        let expected = self.model.find_as_seen(who, post, seen).map(|_| ());
        if expected.is_ok() {
            let had = self.model.posts[post].tags.clone();
            text.tags = self.model.ensure(&text.tags, &had);
        }
        let path = self.path(post, &format!("/revisions/{}/restore", old.id));
        let request = (Method::POST, path.as_str());
        let answer = self.call(actor, request, seen, None, expected.map(|()| 200)).await;
        if expected.is_ok() {
            self.model.save(post, Revision { id: answer.text("/revision_id"), text });
            self.check(post, &answer.json);
        }
    }

    pub(super) async fn duplicate(&mut self, actor: usize, post: usize) {
        let expected = self.model.find(self.who(actor), post).map(|_| 201);
        let path = self.path(post, "/duplicate");
        let mut text = self.model.posts[post].head().text.clone();
        text.slug = slug_of(&text.title);
        let mut slug = None;
        if expected.is_ok() {
            let tags = self.model.posts[post].tags.clone();
            text.tags = self.model.ensure(&tags, &tags);
            slug = self.model.slug_for_new(&text.slug, false).unwrap();
        }
        let answer = self.call(actor, (Method::POST, &path), None, None, expected).await;
        if expected.is_ok() {
            let author = self.who(actor).user;
            self.begin(author, text, slug, &answer);
        }
    }

    pub(super) fn path(&self, post: usize, rest: &str) -> String {
        format!("/v1/manage/posts/{}{rest}", self.model.posts[post].id)
    }
}
