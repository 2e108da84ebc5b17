//! What must be so whenever nothing is under way: every door shows what the model holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::all;
use super::model::{Place, Post};
use super::world::{World, tags, time_text};

impl World {
    /// Looks through every door.
    pub(super) async fn check_all(&self) {
        for post in 0..self.model.posts.len() {
            self.check_history(post).await;
        }
        let shown = self.all_posts().await;
        assert_eq!(shown.len(), self.model.posts.len());
        for (place, post) in self.model.posts.iter().enumerate() {
            self.check(place, &shown[&post.id]);
        }
        self.check_slugs().await;
        self.check_lists().await;
        self.check_tags().await;
        self.check_authors().await;
        self.check_feeds().await;
        self.check_audit_log().await;
        self.check_mails().await;
        assert_eq!(self.app.byline.observer.violations(), Vec::<String>::new());
    }

    /// All posts that can be worked on, and those in the trash, by id.
    pub(super) async fn all_posts(&self) -> BTreeMap<String, Value> {
        let editor = &self.actors[0].client;
        let mut shown = all(editor, "/v1/manage/posts").await;
        shown.extend(all(editor, "/v1/manage/posts?status=trashed").await);
        let count = shown.len();
        let id = |post: &Value| post["id"].as_str().unwrap().to_owned();
        let by_id: BTreeMap<String, Value> =
            shown.into_iter().map(|post| (id(&post), post)).collect();
        assert_eq!(by_id.len(), count, "each is listed once");
        by_id
    }

    /// Every revision that was acknowledged is there, and what went live by an agent's hand had a
    /// person's word before.
    async fn check_history(&self, place: usize) {
        let (post, editor) = (&self.model.posts[place], &self.actors[0].client);
        let shown = editor.get(&self.path(place, ""), 200).await;
        self.check(place, &shown.json);
        let revisions = all(editor, &self.path(place, "/revisions")).await;
        let ids = |value: &[Value]| -> BTreeSet<String> {
            value.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        let expected: BTreeSet<String> = post.revisions.iter().map(|r| r.id.clone()).collect();
        assert_eq!(ids(&revisions), expected);
        let provenance = editor.get(&self.path(place, "/provenance"), 200).await;
        let publications = provenance.json["publications"].as_array().unwrap();
        let story = publications.iter().map(|publication| {
            let id = publication["revision_id"].as_str().unwrap();
            let scheduled = publication["scheduled"].as_bool().unwrap();
            let person = publication["by"]["kind"] == "person";
            (publication["action"] == "published").then_some((id, scheduled, person))
        });
        let mut told: Vec<_> = story.collect();
        let history = post.history.iter().map(|entry| {
            entry.map(|(revision, scheduled, person)| {
                (post.revisions[revision].id.as_str(), scheduled, person)
            })
        });
        let mut expected: Vec<_> = history.collect();
        // A hundred are told of; those of one second come in any order.
        let more = expected.len().saturating_sub(100);
        expected.drain(..more);
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{}", provenance.body);
        for publication in publications {
            if publication["action"] != "published" || publication["by"]["kind"] == "person" {
                continue;
            }
            let revision = revisions.iter().find(|r| r["id"] == publication["revision_id"]);
            let approval = &revision.unwrap()["approval"];
            let by = approval["by"].as_str().unwrap_or_else(|| panic!("{publication}"));
            let approver = self.model.approvers.get(revision.unwrap()["id"].as_str().unwrap());
            let approver = approver.map(|user| self.users[*user].0.as_str());
            assert_eq!(Some(by), approver, "not by somebody with the right: {approval}");
            assert!(approval["at"].as_str() <= publication["at"].as_str(), "{publication}");
        }
    }

    /// What stands under every slug that was ever used.
    async fn check_slugs(&self) {
        let reader = self.app.anonymous();
        for number in 1..25 {
            let slug = format!("place-{number}");
            if !self.model.slugs.contains_key(&slug) {
                reader.get(&format!("/v1/posts/{slug}"), 404).await;
            }
        }
        for (slug, (id, place)) in &self.model.slugs {
            let path = format!("/v1/posts/{slug}");
            match place {
                Place::Nothing => {
                    reader.get(&path, 404).await;
                }
                Place::LeadsTo(to) => {
                    let answer = reader.get(&path, 301).await;
                    assert_eq!(answer.header("location"), format!("/v1/posts/{to}"));
                }
                Place::Page => {
                    let answer = reader.get(&path, 200).await;
                    let post = self.model.posts.iter().find(|post| post.id == *id).unwrap();
                    assert_eq!(answer.text("/body"), self.live_text(post).body);
                    self.check_public(post, &answer.json);
                }
            }
        }
    }

    fn live_text<'a>(&self, post: &'a Post) -> &'a super::model::Text {
        &post.revisions[post.live.as_ref().unwrap().revision].text
    }

    fn check_public(&self, post: &Post, shown: &Value) {
        let (live, text) = (post.live.as_ref().unwrap(), self.live_text(post));
        let expected = json!({
            "id": post.id,
            "title": text.title,
            "slug": text.slug,
            "tags": tags(&live.tags),
            "language": text.language,
            "featured": text.featured,
            "revision_id": post.revisions[live.revision].id,
            "published_at": time_text(post.published_at.unwrap()),
            "updated_at": time_text(live.since),
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(shown[name], *value, "{name} in {shown}");
        }
        assert_eq!(shown["author"]["slug"], self.users[post.author].1.as_str());
        let cover = text.cover.map(|cover| self.model.pictures[cover].url.as_str());
        assert_eq!(shown["cover"]["url"].as_str(), cover, "{shown}");
        assert_eq!(shown["cover"]["alt"].as_str(), live.alt.as_deref(), "{shown}");
        self.check_words(shown);
    }

    /// Every word that is live was shown to the person who approved it, or published or written by
    /// one who may.
    fn check_words(&self, shown: &Value) {
        let text = |pointer: &str, kind: &str| {
            let text = shown.pointer(pointer).and_then(Value::as_str);
            text.map(|text| format!("{kind} {text}"))
        };
        let tags = shown["tags"].as_array().unwrap().iter();
        let tags = tags.map(|tag| format!("tag {}", tag["name"].as_str().unwrap()));
        let texts = [text("/title", "title"), text("/body", "body"), text("/cover/alt", "alt")];
        for word in texts.into_iter().flatten().chain(tags) {
            assert!(self.model.vouched.contains(&word), "nobody approved {word:?}: {shown}");
        }
    }

    async fn check_list(&self, query: &str, lets_through: impl Fn(&Post) -> bool) {
        let path = format!("/v1/posts?{query}");
        let items = all(&self.app.anonymous(), path.trim_end_matches('?')).await;
        let expected: Vec<&Post> =
            self.model.live().into_iter().filter(|post| lets_through(post)).collect();
        let ids = |ids: Vec<&str>| ids.join(" ");
        let shown = ids(items.iter().map(|item| item["id"].as_str().unwrap()).collect());
        assert_eq!(shown, ids(expected.iter().map(|post| post.id.as_str()).collect()), "{query}");
        for (post, shown) in expected.into_iter().zip(&items) {
            self.check_public(post, shown);
        }
    }

    async fn check_lists(&self) {
        self.check_list("", |_| true).await;
        self.check_list("featured=true", |post| self.live_text(post).featured).await;
        self.check_list("featured=false", |post| !self.live_text(post).featured).await;
        for language in ["en", "pt-BR"] {
            let is = |post: &Post| self.live_text(post).language.as_deref() == Some(language);
            self.check_list(&format!("language={language}"), is).await;
            let both = |post: &Post| is(post) && self.live_text(post).featured;
            self.check_list(&format!("featured=true&language={language}"), both).await;
        }
        for (user, (_, slug)) in self.users.iter().enumerate() {
            self.check_list(&format!("author={slug}"), |post| post.author == user).await;
        }
    }

    async fn check_tags(&self) {
        let reader = self.app.anonymous();
        let mut used = Vec::new();
        for (slug, tag) in &self.model.tags {
            let path = format!("/v1/tags/{slug}");
            if tag.gone {
                reader.get(&path, 404).await;
                self.check_list(&format!("tag={slug}"), |_| false).await;
                continue;
            }
            if let Some(to) = &tag.moved_to {
                let answer = reader.get(&path, 301).await;
                assert_eq!(answer.header("location"), format!("/v1/tags/{to}"));
                let answer = reader.get(&format!("/v1/posts?tag={slug}"), 301).await;
                assert!(answer.header("location").contains(&format!("tag={to}")));
                continue;
            }
            let carries = |post: &Post| {
                let live = post.live.iter().flat_map(|live| &live.tags);
                live.into_iter().any(|(carried, _)| carried == slug)
            };
            let count = self.model.posts.iter().filter(|post| carries(post)).count();
            if count == 0 {
                // A tag of drafts alone is not for readers.
                reader.get(&path, 404).await;
                self.check_list(&format!("tag={slug}"), |_| false).await;
                continue;
            }
            let shown = reader.get(&path, 200).await;
            assert_eq!(shown.json["post_count"], count, "{}", shown.body);
            assert_eq!(shown.text("/name"), tag.name);
            self.check_list(&format!("tag={slug}"), carries).await;
            used.push((slug.clone(), count));
        }
        let listed = all(&reader, "/v1/tags").await;
        assert_eq!(counts(&listed), used);
        let known = all(&self.actors[0].client, "/v1/manage/tags").await;
        let expected = self.model.tags.iter().filter(|(_, t)| !t.gone && t.moved_to.is_none());
        let known: Vec<String> = counts(&known).into_iter().map(|(slug, _)| slug).collect();
        assert_eq!(known, expected.map(|(slug, _)| slug.clone()).collect::<Vec<_>>());
    }

    async fn check_authors(&self) {
        let reader = self.app.anonymous();
        let mut used = Vec::new();
        for (user, (_, slug)) in self.users.iter().enumerate() {
            let live = self.model.live();
            let count = live.iter().filter(|post| post.author == user).count();
            let path = format!("/v1/authors/{slug}");
            if count == 0 {
                reader.get(&path, 404).await;
                continue;
            }
            assert_eq!(reader.get(&path, 200).await.json["post_count"], count);
            used.push((slug.clone(), count));
        }
        used.sort();
        assert_eq!(counts(&all(&reader, "/v1/authors").await), used);
    }

    async fn check_feeds(&self) {
        let reader = self.app.anonymous();
        let live = self.model.live();
        let newest: Vec<&str> = live.iter().take(20).map(|post| post.id.as_str()).collect();
        let feed = reader.get("/feed.json", 200).await;
        let items = feed.json["items"].as_array().unwrap();
        let shown: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(shown, newest);
        for (post, item) in live.iter().zip(items) {
            let text = self.live_text(post);
            let html = format!("<p>{}</p>\n", text.body.trim_end());
            assert_eq!(item["content_html"], html);
            assert_eq!(item["title"], text.title);
        }
        let feed = reader.get("/feed.xml", 200).await.body;
        let entries = feed.split("<id>urn:byline:").skip(1);
        let shown: Vec<&str> = entries.map(|rest| rest.split_once('<').unwrap().0).collect();
        assert_eq!(shown, newest);
    }
}

/// The slugs of a list with how many posts each has.
fn counts(items: &[Value]) -> Vec<(String, usize)> {
    let one = |item: &Value| {
        let count = item["post_count"].as_u64().unwrap();
        (item["slug"].as_str().unwrap().to_owned(), usize::try_from(count).unwrap())
    };
    items.iter().map(one).collect()
}
