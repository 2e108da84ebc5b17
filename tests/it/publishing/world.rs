//! A Byline with its people and agents, and the model that it is held to.

use std::fmt::Write as _;
use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::model::{Role, Time};
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

use super::model::{Account, Model, No, Picture, Post, Tags, Who};
use super::{etag, new_api_key};
use crate::harness::{Answer, App, Client};
use crate::media::published;

/// How many pictures the posts share.
pub(super) const PICTURES: usize = 3;

/// How long an access token is used, in seconds; it lasts for ten minutes.
const TOKEN: i64 = 500;

/// A person, or what works in their name.
pub(super) struct Actor {
    pub(super) name: &'static str,
    user: usize,
    pub(super) client: Client,
    /// What works for them over MCP.
    pub(super) agent: Client,
    /// The address to sign in with again; agents have a key.
    email: Option<String>,
}

pub(super) struct World {
    pub(super) app: App,
    clock: Arc<ManualClock>,
    /// The time, in seconds.
    pub(super) now: i64,
    signed_in: i64,
    pub(super) actors: Vec<Actor>,
    /// The account ids and author slugs of the users, by their number.
    pub(super) users: Vec<(String, String)>,
    pub(super) model: Model,
    pub(super) rng: Rng,
    /// For changes of rights, so that all else comes as it would without them.
    pub(super) rights: Rng,
    /// The id of the editor's key, until it is revoked.
    pub(super) key: Option<String>,
    pub(super) count: u64,
    /// How many changes of tags were to be carried to their posts.
    pub(super) carried: u64,
    /// How many mails there were before anything was written.
    pub(super) mails: usize,
    /// Who is to know of which proposal: the user, its id, and whether it was decided.
    pub(super) told: Vec<(usize, String, bool)>,
    /// How many proposals were made and decided.
    pub(super) news: u64,
    pub(super) trace: Trace,
}

/// What happened; printed where the test fails.
pub(super) struct Trace {
    seed: u64,
    pub(super) steps: String,
}

impl Drop for Trace {
    #[expect(clippy::print_stderr, reason = "a failure shows how it came about")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("BYLINE_TEST_SEED={}\n{}", self.seed, self.steps);
        }
    }
}

impl World {
    pub(super) async fn new(seed: u64) -> Self {
        let (app, clock) = App::unlimited_with_clock().await;
        let now = app.byline.context.clock.now().as_seconds();
        let mut actors = Vec::new();
        let (mut users, mut accounts) = (Vec::new(), Vec::new());
        let people = [
            ("admin", Role::Admin, 10),
            ("editor", Role::Editor, 30),
            ("one", Role::Author, 20),
            ("two", Role::Author, 15),
        ];
        for (user, (name, role, _)) in people.into_iter().enumerate() {
            let email = format!("{name}@example.com");
            if role != Role::Admin {
                app.sign_up(&email, name).await;
            }
            let client = app.sign_in(&email).await;
            let me = client.get("/v1/users/me", 200).await;
            if role == Role::Author || role == Role::Editor {
                let path = format!("/v1/users/{}", me.text("/id"));
                app.admin().await.patch(&path, json!({ "role": role }), 200).await;
            }
            users.push((me.text("/id"), me.text("/slug")));
            accounts.push(Account { role, disabled: false });
            let agent = app.agent(&client).await;
            actors.push(Actor { name, user, client, agent, email: Some(email) });
        }
        let mut pictures = Vec::new();
        for _ in 0..PICTURES {
            let picture = published(&actors[1].client).await;
            let (id, url) = (picture.text("/id"), picture.text("/url"));
            pictures.push(Picture { id, url, alt: String::new(), by_publisher: false });
        }
        let key = new_api_key(&actors[1].client).await;
        let client = app.with_token(&key.text("/key"));
        let agent = client.clone();
        actors.push(Actor { name: "key", user: 1, client, agent, email: None });
        super::story_trail::until_sent(&app).await;
        let mails = app.byline.mailbox.mails().len();
        Self {
            app,
            clock,
            now,
            signed_in: now,
            actors,
            users,
            model: Model { accounts, pictures, ..Model::default() },
            rng: Rng::with_seed(seed),
            rights: Rng::with_seed(!seed),
            key: Some(key.text("/id")),
            count: 0,
            carried: 0,
            mails,
            told: Vec::new(),
            news: 0,
            trace: Trace { seed, steps: String::new() },
        }
    }

    /// Moves the clock on, and runs the schedules that are due.
    pub(super) async fn advance(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.clock.advance(1);
            self.now += 1;
            let due = |post: &Post| post.schedule.as_ref().is_some_and(|a| a.at <= self.now);
            if self.model.posts.iter().any(due) {
                self.app.byline.run_due_schedules().await;
                for (post, made_by) in self.model.run_due_schedules(self.now) {
                    self.expect_ended(post, made_by);
                }
            }
        }
        if self.now > self.signed_in + TOKEN {
            self.signed_in = self.now;
            for user in 0..self.users.len() {
                self.sign_in(user).await;
            }
        }
    }

    /// Signs a person in, unless their account is disabled.
    pub(super) async fn sign_in(&mut self, user: usize) {
        let actor = &mut self.actors[user];
        if let (Some(email), false) = (&actor.email, self.model.accounts[user].disabled) {
            actor.client = self.app.sign_in(email).await;
        }
    }

    /// An actor: people and the agent about as often.
    pub(super) fn actor(&mut self) -> usize {
        [0, 1, 1, 1, 2, 2, 3, 4, 4, 4][self.rng.usize(0..10)]
    }

    pub(super) fn who(&self, actor: usize) -> Who {
        let Actor { user, email, .. } = &self.actors[actor];
        Who { user: *user, role: self.model.accounts[*user].role, person: email.is_some() }
    }

    /// A request whose outcome the model knows: success, or a refusal.
    pub(super) async fn call(
        &mut self,
        actor: usize,
        request: (Method, &str),
        seen: Option<u64>,
        body: Option<Value>,
        expected: Result<u16, No>,
    ) -> Answer {
        self.call_as_seen(actor, request, seen.map(etag), body, expected).await
    }

    /// As [`Self::call`], with this `If-Match`.
    pub(super) async fn call_as_seen(
        &mut self,
        actor: usize,
        request: (Method, &str),
        seen: Option<String>,
        body: Option<Value>,
        expected: Result<u16, No>,
    ) -> Answer {
        let ((method, path), actor) = (request, &self.actors[actor]);
        let name = actor.name;
        let _ = writeln!(
            self.trace.steps,
            "{} {name}: {method} {path} {} {} => {expected:?}",
            self.now,
            seen.as_deref().unwrap_or_default(),
            body.as_ref().unwrap_or(&Value::Null),
        );
        let mut headers = Vec::new();
        headers.extend(body.is_some().then_some(("content-type", "application/json")));
        headers.extend(seen.as_deref().map(|seen| ("if-match", seen)));
        let body = body.map(|body| body.to_string());
        let client = if path == "/mcp" { &actor.agent } else { &actor.client };
        let answer = client.try_send(method, path, &headers, body).await.unwrap();
        match expected {
            Ok(status) => assert_eq!(answer.status, status, "{name} {path}: {}", answer.body),
            Err((status, code)) => {
                assert_eq!(answer.status, status, "{name} {path}: {}", answer.body);
                assert_eq!(answer.text("/code"), code, "{name} {path}: {}", answer.body);
            }
        }
        answer
    }

    /// A post as the model has it, as an answer shows it.
    pub(super) fn check(&self, post: usize, shown: &Value) {
        let post = &self.model.posts[post];
        let head = post.head();
        let live = post.live.as_ref().map(|live| post.revisions[live.revision].id.as_str());
        let time = |seconds: Option<i64>| seconds.map(time);
        let expected = json!({
            "id": post.id,
            "title": head.text.title,
            "slug": head.text.slug,
            "tags": tags(&post.tags),
            "featured": head.text.featured,
            "language": head.text.language,
            "status": post.status(),
            "version": post.version,
            "revision_id": head.id,
            "live_revision_id": live,
            "published_at": time(post.published_at),
        });
        let shown_part: serde_json::Map<String, Value> = expected
            .as_object()
            .unwrap()
            .keys()
            .map(|name| (name.clone(), shown[name].clone()))
            .collect();
        assert_eq!(Value::Object(shown_part), expected, "{shown}");
        let schedule = post.schedule.as_ref();
        let made = schedule.map(|made| post.revisions[made.revision].id.as_str());
        assert_eq!(shown["schedule"]["revision_id"].as_str(), made, "{shown}");
        assert_eq!(!shown["schedule_failed"].is_null(), post.schedule_failed, "{shown}");
        let approved = post.approval.map(|revision| post.revisions[revision].id.as_str());
        assert_eq!(shown["approval"]["revision_id"].as_str(), approved, "{shown}");
        let at = schedule.map(|made| time_text(made.at));
        assert_eq!(shown["schedule"]["publish_at"].as_str(), at.as_deref(), "{shown}");
        assert_eq!(shown["author"]["id"], self.users[post.author].0, "{shown}");
        if let Some(body) = shown["body"].as_str() {
            assert_eq!(body, head.text.body);
        }
    }
}

pub(super) fn time_text(seconds: i64) -> String {
    Time::from_millis(seconds * 1000).to_string()
}

fn time(seconds: i64) -> Value {
    time_text(seconds).into()
}

pub(super) fn tags(tags: &Tags) -> Value {
    tags.iter().map(|(slug, name)| json!({ "slug": slug, "name": name })).collect()
}
