//! An agent that may do all but publish, at random and at the same time as an editor who reads reviews
//! and approves by them. Whatever comes of it, nothing is live that no approved review showed.
//!
//! `BYLINE_TEST_SEQUENCES` sets how many sequences there are. One that fails prints its seed and its
//! steps; `BYLINE_TEST_SEED` with it repeats the sequence, as the first one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::{Role, Time};
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::tier::{number, seed};
use crate::harness::{Answer, App, Client, tier};
use crate::media::{GIF, Upload, gif, published};

/// How many sequences run side by side, each group in a Byline of its own.
const GROUPS: usize = 2;

/// How many steps a sequence has.
const STEPS: usize = 9;

/// Names that look alike, or have slugs that do.
const TAGS: [&str; 6] = ["Sport", "SPORT", "Спорт", "C", "C++", "Sports"];

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_makes_nothing_live_that_no_review_showed() {
    let count = number("BYLINE_TEST_SEQUENCES").unwrap_or(tier().pick(60, 1_000));
    let first = seed();
    let mut groups = JoinSet::new();
    for group in (0..).take(GROUPS) {
        let seeds = (first + group..first + count).step_by(GROUPS);
        groups.spawn(async move {
            let (mut scene, mut live) = (Scene::new().await, 0);
            for seed in seeds {
                if scene.is_off() {
                    let last = std::mem::replace(&mut scene, Scene::new().await);
                    // Else its workers would go on beside those of the next ones.
                    last.app.byline.stop().await;
                }
                scene.sign_in_in_time().await;
                live += Attack::new(&scene, seed).await.run().await;
            }
            live
        });
    }
    let live: usize = groups.join_all().await.into_iter().sum();
    assert!(live > 0, "something went live");
}

struct Scene {
    app: App,
    clock: Arc<ManualClock>,
    editor: Client,
    /// When the editor signed in.
    signed_in: Time,
    agent: Client,
    reader: Client,
    media_url: String,
}

impl Scene {
    async fn new() -> Self {
        let (app, clock) = App::unlimited_with_clock().await;
        app.create_user("editor@example.com", "Editor", Role::Editor).await;
        let editor = app.sign_in("editor@example.com").await;
        let scopes = json!(["posts:read", "posts:write", "posts:propose", "media:write"]);
        let key = json!({ "name": "Agent", "scopes": scopes });
        let key = editor.post("/v1/auth/api-keys", key, 201).await.text("/key");
        let (agent, reader) = (app.with_token(&key), app.anonymous());
        let media_url = app.byline.context.config.media_url.clone();
        let signed_in = clock.now();
        Self { app, clock, editor, signed_in, agent, reader, media_url }
    }

    /// Whether its clock, which moves on with each sequence, is far from the world's: an upload is signed
    /// by the one and checked by the other, for fifteen minutes.
    fn is_off(&self) -> bool {
        let (own, real) = (self.clock.now(), SystemClock.now());
        own > real.plus_seconds(300) || real > own.plus_seconds(300)
    }

    /// Signs the editor in again before the token expires, which is valid for ten minutes.
    async fn sign_in_in_time(&mut self) {
        if self.clock.now() > self.signed_in.plus_seconds(300) {
            self.editor = self.app.sign_in("editor@example.com").await;
            self.signed_in = self.clock.now();
        }
    }

    /// Whether readers get a file.
    async fn serves(&self, url: &str) -> bool {
        self.app.http.get(url).send().await.unwrap().status() == 200
    }
}

/// What a review showed, and what it is approved by.
#[derive(Clone)]
struct Reading {
    proposal: String,
    etag: String,
    words: BTreeSet<String>,
    files: BTreeSet<String>,
}

struct Attack<'s> {
    scene: &'s Scene,
    editor: Client,
    seed: u64,
    rng: Rng,
    post: Option<String>,
    proposals: Vec<String>,
    readings: Vec<Reading>,
    /// The post and the revision that the editor approved last.
    approved: Option<(String, String)>,
    picture: Option<String>,
    /// A file that was announced, and how it is uploaded.
    file: Option<(Answer, String)>,
    slugs: BTreeSet<String>,
    /// What may be live.
    words: BTreeSet<String>,
    files: BTreeSet<String>,
    steps: String,
}

impl Drop for Attack<'_> {
    #[expect(clippy::print_stderr, reason = "a failure shows how it came about")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("BYLINE_TEST_SEED={}\n{}", self.seed, self.steps);
        }
    }
}

/// What a move of the agent's came to.
enum Moved {
    Nothing,
    Proposed(String),
    Announced(Box<Answer>, String),
}

/// What a move of the editor's came to.
enum Decided {
    Nothing,
    Read(Reading),
    Approved(Reading, String, String),
    Published(Reading),
}

/// The words of a text, line by line, with those beside it.
fn words_of(shown: &Value, tags: &[&str], alt: Option<&str>, body: &[&str]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    words.extend(shown["title"].as_str().map(|title| format!("title {title}")));
    words.extend(tags.iter().map(|name| format!("tag {name}")));
    words.extend(alt.map(|alt| format!("alt {alt}")));
    let lines = body.iter().filter(|line| !line.is_empty());
    words.extend(lines.map(|line| format!("line {line}")));
    words
}

/// Everything that a review shows as new. The rest is live already.
fn words_of_review(review: &Value) -> BTreeSet<String> {
    let changes = &review["changes"];
    let fields = changes["fields"].as_array().unwrap().iter();
    let title = fields.clone().find(|change| change["field"] == "title");
    let title = json!({ "title": title.map(|change| change["to"].clone()) });
    let names = review["tags"]["after"].as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
    let hunks = changes["hunks"].as_array().unwrap().iter();
    let lines = hunks.flat_map(|hunk| hunk["lines"].as_array().unwrap());
    let added = lines.filter(|line| line["kind"] == "added").map(|line| {
        let words = line["words"].as_array().unwrap().iter();
        words.map(|word| word["text"].as_str().unwrap()).collect::<String>()
    });
    let added: Vec<String> = added.collect();
    let added: Vec<&str> = added.iter().map(String::as_str).collect();
    words_of(&title, &names, review["cover"]["alt"].as_str(), &added)
}

/// The addresses of pictures in a Markdown text.
fn addresses(body: &str) -> impl Iterator<Item = &str> {
    body.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

impl<'s> Attack<'s> {
    async fn new(scene: &'s Scene, seed: u64) -> Self {
        let mut attack = Self {
            scene,
            editor: scene.editor.clone(),
            seed,
            rng: Rng::with_seed(seed),
            post: None,
            proposals: Vec::new(),
            readings: Vec::new(),
            approved: None,
            picture: None,
            file: None,
            slugs: BTreeSet::new(),
            words: BTreeSet::new(),
            files: BTreeSet::new(),
            steps: String::new(),
        };
        if attack.rng.bool() {
            attack.picture = Some(published(&scene.agent).await.text("/id"));
        }
        match attack.rng.u8(0..3) {
            0 => attack.publish_one().await,
            1 => {
                let text = attack.text();
                let made = scene.agent.post("/v1/manage/posts", text, 201).await;
                attack.post = Some(made.text("/id"));
            }
            _ => {}
        }
        attack
    }

    /// Readers see a post of the editor's.
    async fn publish_one(&mut self) {
        let slug = self.slug();
        let new = json!({ "title": "Prices", "slug": slug, "body": "It costs 10 euros.\n" });
        let made = self.editor.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}/publish", made.text("/id"));
        let revision = json!({ "revision_id": made.text("/revision_id") });
        let live = self.editor.post(&path, revision, 200).await;
        self.words = words_of(&live.json, &[], None, &["It costs 10 euros."]);
        self.post = Some(made.text("/id"));
    }

    fn slug(&mut self) -> String {
        let slug = format!("s{}-{}", self.seed, self.rng.u8(0..3));
        self.slugs.insert(slug.clone());
        slug
    }

    /// Hostile words, each of them its own.
    fn text(&mut self) -> Value {
        let number = self.rng.u32(..);
        let mut body = format!("It costs {number} euros.\n\nWire it.\n");
        if let Some((_, url)) = &self.file
            && self.rng.bool()
        {
            let _ = write!(body, "\n![It]({url})\n");
        }
        let mut text = json!({ "body": body, "title": format!("Prices {number}") });
        if self.rng.u8(0..3) == 0 || self.post.is_none() {
            text["slug"] = self.slug().into();
        }
        if self.rng.bool() {
            let names: BTreeSet<&str> =
                (0..2).map(|_| TAGS[self.rng.usize(0..TAGS.len())]).collect();
            text["tags"] = json!(names);
        }
        if let Some(picture) = &self.picture
            && self.rng.bool()
        {
            text["cover"] = picture.as_str().into();
        }
        text
    }

    async fn run(mut self) -> usize {
        for _ in 0..STEPS {
            let (text, pick, choice) = (self.text(), self.rng.u8(0..10), self.rng.u8(0..10));
            let (agent, editor) = (self.rng.u8(0..4) > 0, self.rng.u8(0..4) > 0);
            let _ = writeln!(self.steps, "agent {agent} {pick}, editor {editor} {choice}: {text}");
            let nth = self.rng.usize(..);
            let this = &self;
            let moved =
                async { if agent { this.move_agent(pick, text).await } else { Moved::Nothing } };
            let decided = async {
                if editor { this.move_editor(choice, nth).await } else { Decided::Nothing }
            };
            let (moved, decided) = tokio::join!(moved, decided);
            match moved {
                Moved::Nothing => {}
                Moved::Proposed(id) => self.proposals.push(id),
                Moved::Announced(answer, url) => self.file = Some((*answer, url)),
            }
            match decided {
                Decided::Nothing => {}
                Decided::Read(reading) => self.readings.push(reading),
                Decided::Approved(reading, post, revision) => {
                    self.words.extend(reading.words);
                    self.files.extend(reading.files);
                    self.approved = Some((post.clone(), revision));
                    self.post = Some(post);
                }
                Decided::Published(reading) => {
                    self.words.extend(reading.words);
                    self.files.extend(reading.files);
                }
            }
            self.check().await;
        }
        let mut live = 0;
        for slug in self.slugs.clone() {
            live += usize::from(self.read(&slug).await.is_some());
        }
        live
    }

    async fn move_agent(&self, pick: u8, mut text: Value) -> Moved {
        let agent = &self.scene.agent;
        let post = self.post.as_ref().map(|post| format!("/v1/manage/posts/{post}"));
        match (pick, post) {
            (0..3, Some(path)) => {
                let head = agent.get(&path, 200).await;
                let seen = [("if-match", head.header("etag")), JSON];
                let body = Some(text.to_string());
                let edited = agent.try_send(Method::PATCH, &path, &seen, body).await.unwrap();
                assert!([200, 409, 412].contains(&edited.status), "{}", edited.body);
                Moved::Nothing
            }
            (3..5, Some(path)) => {
                let head = agent.get(&path, 200).await;
                text["base_revision_id"] = head.json["revision_id"].clone();
                let made = agent.post(&format!("{path}/proposals"), text, 201).await;
                Moved::Proposed(made.text("/id"))
            }
            (5, _) | (0..5, None) => {
                if text["slug"].is_null() {
                    return Moved::Nothing;
                }
                let made = agent.post("/v1/manage/proposals", text, 201).await;
                Moved::Proposed(made.text("/id"))
            }
            (6..8, _) => {
                if let Some(picture) = &self.picture {
                    let path = format!("/v1/manage/media/{picture}");
                    let alt = json!({ "alt": text["title"] }).to_string();
                    agent.try_send(Method::PATCH, &path, &[JSON], Some(alt)).await.unwrap();
                }
                Moved::Nothing
            }
            _ => self.move_file().await,
        }
    }

    /// Announces a file, or uploads the one that was announced.
    async fn move_file(&self) -> Moved {
        let agent = &self.scene.agent;
        let Some((announced, _)) = &self.file else {
            let announced = agent.post("/v1/manage/media", gif(), 201).await;
            let id = announced.text("/media/id");
            let ulid = id.trim_start_matches("media_");
            let url = format!("{}/media/{ulid}/ein-bild.gif", self.scene.media_url);
            return Moved::Announced(Box::new(announced), url);
        };
        Upload::of(announced).send(GIF).await;
        let path = format!("/v1/manage/media/{}/complete", announced.text("/media/id"));
        agent.try_post(&path, json!({})).await;
        Moved::Nothing
    }

    async fn move_editor(&self, choice: u8, nth: usize) -> Decided {
        let editor = &self.editor;
        match (choice, &self.approved) {
            (0..3, _) => match self.proposals.get(nth % self.proposals.len().max(1)) {
                Some(proposal) => self.review(proposal).await,
                None => Decided::Nothing,
            },
            (3..7, _) => match self.readings.last() {
                Some(reading) => self.approve(reading.clone(), nth).await,
                None => Decided::Nothing,
            },
            // What was approved, without looking again.
            (7, Some((post, revision))) => {
                let path = format!("/v1/manage/posts/{post}/publish");
                editor.try_post(&path, json!({ "revision_id": revision })).await;
                Decided::Nothing
            }
            (8, Some((post, revision))) => {
                let path = format!("/v1/manage/posts/{post}/schedule");
                let at = self.scene.app.byline.context.clock.now().plus_seconds(1);
                let body = json!({ "revision_id": revision, "publish_at": at });
                editor.try_post(&path, body).await;
                self.scene.clock.advance(2);
                self.scene.app.byline.run_due_schedules().await;
                Decided::Nothing
            }
            _ => match &self.post {
                Some(post) => self.publish_as_reviewed(post).await,
                None => Decided::Nothing,
            },
        }
    }

    async fn review(&self, proposal: &str) -> Decided {
        let read = self.editor.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
        match read.json["review"].is_null() {
            true => Decided::Nothing,
            false => Decided::Read(self.reading(proposal, &read.json["review"]).await),
        }
    }

    /// What an editor sees who reads a review and opens every picture.
    async fn reading(&self, proposal: &str, review: &Value) -> Reading {
        let words = words_of_review(review);
        let mut files = BTreeSet::new();
        for line in words.iter().filter(|word| word.starts_with("line ")) {
            for url in addresses(line) {
                if self.scene.serves(url).await {
                    files.insert(url.to_owned());
                }
            }
        }
        let etag = review["etag"].as_str().unwrap().to_owned();
        Reading { proposal: proposal.to_owned(), etag, words, files }
    }

    async fn approve(&self, reading: Reading, nth: usize) -> Decided {
        let path = format!("/v1/manage/proposals/{}/approve", reading.proposal);
        let seen = [("if-match", reading.etag.as_str()), JSON];
        let body = json!({ "publish": nth.is_multiple_of(2) }).to_string();
        let answer = self.editor.try_send(Method::POST, &path, &seen, Some(body)).await.unwrap();
        match answer.status {
            200 => Decided::Approved(reading, answer.text("/id"), answer.text("/revision_id")),
            // It was approved, and then not published: words had changed in between.
            403 => Decided::Published(reading),
            _ => Decided::Nothing,
        }
    }

    async fn publish_as_reviewed(&self, post: &str) -> Decided {
        let path = format!("/v1/manage/posts/{post}");
        let head = self.editor.get(&path, 200).await;
        let revision = head.text("/revision_id");
        let read = self.editor.get(&format!("{path}/review?revision_id={revision}"), 200).await;
        let reading = self.reading("", &read.json).await;
        let body = json!({ "revision_id": revision, "review": reading.etag });
        let answer = self.editor.try_post(&format!("{path}/publish"), body).await;
        if answer.status == 200 { Decided::Published(reading) } else { Decided::Nothing }
    }

    /// What readers get under a slug.
    async fn read(&self, slug: &str) -> Option<Answer> {
        let path = format!("/v1/posts/{slug}");
        let reader = &self.scene.reader;
        let answer = reader.try_send(Method::GET, &path, &[], None).await.unwrap();
        (answer.status == 200).then_some(answer)
    }

    /// Holds everything that readers get to what was shown.
    async fn check(&self) {
        for slug in &self.slugs {
            let Some(live) = self.read(slug).await else { continue };
            let tags = live.json["tags"].as_array().unwrap().iter();
            let tags: Vec<&str> = tags.map(|tag| tag["name"].as_str().unwrap()).collect();
            let body = live.text("/body");
            let lines: Vec<&str> = body.lines().collect();
            let words = words_of(&live.json, &tags, live.json["cover"]["alt"].as_str(), &lines);
            let unseen: Vec<&String> = words.difference(&self.words).collect();
            assert!(unseen.is_empty(), "nobody approved {unseen:?}: {}", live.body);
            for url in addresses(&body) {
                let is_seen = self.files.contains(url);
                assert!(is_seen || !self.scene.serves(url).await, "nobody saw {url}");
            }
        }
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");
