//! Somebody loses the right to publish while they use it. What was answered first holds: nothing is approved,
//! scheduled or made live by a right that its account had lost before.

use std::pin::Pin;
use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::model::Role;
use byline_shared::publishing::run_scheduled;
use byline_shared::scheduler::ScheduledPost;
use http::Method;
use serde_json::{Value, json};

use super::{api_key, path};
use crate::harness::{Answer, App, Client, tier};

/// How a person brings something to readers, and how they lose the right to it.
const CASES: [(Way, Loss); 15] = [
    (Way::Approve, Loss::Demoted),
    (Way::Approve, Loss::Disabled),
    (Way::ApproveNew, Loss::Demoted),
    (Way::ApproveNew, Loss::Disabled),
    (Way::ApproveAndPublish, Loss::Demoted),
    (Way::ApproveAndPublish, Loss::Disabled),
    (Way::Publish, Loss::Demoted),
    (Way::Publish, Loss::Disabled),
    (Way::Publish, Loss::Setting),
    (Way::Schedule, Loss::Demoted),
    (Way::Schedule, Loss::Setting),
    (Way::ByAgent, Loss::Demoted),
    (Way::ByAgent, Loss::Disabled),
    (Way::Due, Loss::Demoted),
    (Way::Due, Loss::Setting),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Approve,
    ApproveNew,
    ApproveAndPublish,
    Publish,
    Schedule,
    /// An agent of another editor publishes what they approved.
    ByAgent,
    /// What they scheduled is due.
    Due,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Demoted,
    Disabled,
    /// An author, where the publication no longer lets authors publish.
    Setting,
}

/// A text that takes a while to render, so that there is time to lose the right.
fn text() -> String {
    "Some *words*, and [a link](https://example.com/) among them.\n\n".repeat(400)
}

struct Scene {
    app: App,
    clock: Arc<ManualClock>,
    admin: Client,
    /// An editor whose right nobody takes away.
    other: Client,
    person: Client,
    post: Answer,
}

type Acting<'a> = Pin<Box<dyn Future<Output = Option<Answer>> + Send + 'a>>;

/// A request that is ready to be sent.
fn sent(client: &Client, path: String, body: Value, seen: Option<String>) -> Acting<'static> {
    let client = client.clone();
    Box::pin(async move {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(seen.as_deref().map(|seen| ("if-match", seen)));
        let body = Some(body.to_string());
        Some(client.try_send(Method::POST, &path, &headers, body).await.unwrap())
    })
}

impl Scene {
    async fn new(app: App, clock: Arc<ManualClock>, loss: Loss) -> Self {
        let admin = app.admin().await;
        let settings = json!({ "author_publishing": loss == Loss::Setting });
        admin.patch("/v1/admin/settings", settings, 200).await;
        let other = app.user(Role::Editor).await;
        let role = if loss == Loss::Setting { Role::Author } else { Role::Editor };
        let person = app.user(role).await;
        let new = json!({ "title": "Post", "body": text() });
        let post = person.post("/v1/manage/posts", new, 201).await;
        Self { app, clock, admin, other, person, post }
    }

    /// Takes the right, and sees what there is once that was answered.
    async fn lose(&self, loss: Loss, post: &str) -> [Value; 4] {
        let id = self.person.get("/v1/users/me", 200).await.text("/id");
        let (path, change) = match loss {
            // An author may still take over what is proposed for a post of their own.
            Loss::Demoted => (format!("/v1/users/{id}"), json!({ "role": "reader" })),
            Loss::Disabled => (format!("/v1/users/{id}"), json!({ "disabled": true })),
            Loss::Setting => {
                ("/v1/admin/settings".to_owned(), json!({ "author_publishing": false }))
            }
        };
        self.admin.patch(&path, change, 200).await;
        self.state(post).await
    }

    /// The latest text, what is live, approved and scheduled of a post.
    async fn state(&self, post: &str) -> [Value; 4] {
        let path = format!("/v1/manage/posts/{post}");
        let head = self.other.try_send(Method::GET, &path, &[], None).await.unwrap();
        assert!([200, 404].contains(&head.status), "{}", head.body);
        ["revision_id", "live_revision_id", "approval", "schedule"]
            .map(|name| head.json[name].clone())
    }

    fn at(&self, seconds: i64) -> Value {
        json!(self.app.byline.context.clock.now().plus_seconds(seconds))
    }

    /// A proposal with the tag of its review.
    async fn proposal(&self, way: Way) -> (Answer, String) {
        let agent = api_key(&self.app, &self.other).await;
        let title = "Proposed";
        let proposal = if way == Way::ApproveNew {
            let new = json!({ "title": title, "body": text() });
            agent.post("/v1/manage/proposals", new, 201).await
        } else {
            let base = self.post.text("/revision_id");
            let change = json!({ "base_revision_id": base, "title": title });
            agent.post(&path(&self.post, "/proposals"), change, 201).await
        };
        let read = format!("/v1/manage/proposals/{}", proposal.text("/id"));
        let seen = self.person.get(&read, 200).await.header("etag").to_owned();
        (proposal, seen)
    }

    /// The post that something is to happen to, and that, ready to be begun.
    async fn prepare(&self, way: Way) -> (String, Acting<'_>) {
        let (id, revision) = (self.post.text("/id"), self.post.text("/revision_id"));
        match way {
            Way::Approve | Way::ApproveNew | Way::ApproveAndPublish => {
                let (proposal, seen) = self.proposal(way).await;
                let path = format!("/v1/manage/proposals/{}/approve", proposal.text("/id"));
                let body = json!({ "publish": way == Way::ApproveAndPublish });
                (proposal.text("/post_id"), sent(&self.person, path, body, Some(seen)))
            }
            Way::Publish => {
                let body = json!({ "revision_id": revision });
                (id, sent(&self.person, path(&self.post, "/publish"), body, None))
            }
            Way::Schedule => {
                let body = json!({ "revision_id": revision, "publish_at": self.at(3600) });
                (id, sent(&self.person, path(&self.post, "/schedule"), body, None))
            }
            Way::ByAgent => {
                let (proposal, seen) = self.proposal(way).await;
                let proposal = proposal.text("/id");
                let approved = self.person.approve_as_seen(&proposal, &seen, json!({}), 200).await;
                let body = json!({ "revision_id": approved.text("/revision_id") });
                let agent = api_key(&self.app, &self.other).await;
                (id, sent(&agent, path(&self.post, "/publish"), body, None))
            }
            Way::Due => {
                let body = json!({ "revision_id": revision, "publish_at": self.at(5) });
                let made = self.person.post(&path(&self.post, "/schedule"), body, 200).await;
                let schedule_id = made.text("/schedule/id").parse().unwrap();
                let due = ScheduledPost { post_id: id.parse().unwrap(), schedule_id };
                self.clock.advance(5);
                let cx = &self.app.byline.context;
                let run = async move {
                    run_scheduled(cx, &due).await.unwrap();
                    None
                };
                (id, Box::pin(run))
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_reaches_readers_by_a_right_that_was_lost_before() {
    let (mut app, mut clock) = App::unlimited_with_clock().await;
    let (rounds, mut met) = (CASES.len() * tier().pick(2, 10), 0);
    for (round, (way, loss)) in CASES.into_iter().cycle().enumerate() {
        // Long enough for the race to be one.
        if round >= rounds && met > 0 {
            break;
        }
        assert!(round < 40 * CASES.len(), "nobody lost a right in time");
        let scene = Scene::new(app, clock, loss).await;
        let (post, act) = scene.prepare(way).await;
        let (answer, then) = tokio::join!(act, scene.lose(loss, &post));
        let [text, live, approval, schedule] = scene.state(&post).await;
        let what = format!("{way:?}, {loss:?} in round {round}");
        assert_eq!([&text, &live, &approval], [&then[0], &then[1], &then[2]], "{what}");
        // The worker ends the schedule of somebody without the right.
        assert!(schedule.is_null() || schedule == then[3], "{what}: {schedule}");
        if let Some(answer) = answer {
            let body = &answer.body;
            assert!([200, 401, 403, 404].contains(&answer.status), "{what}: {body}");
            met += usize::from(answer.status == 403 && body.contains("lost the right"));
        }
        Scene { app, clock, .. } = scene;
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
