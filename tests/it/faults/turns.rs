//! Turns of the agent: whatever fails on the way, a tool runs once, and the conversation goes on.

use std::io::Write;
use std::sync::{Arc, Mutex};

use byline_shared::model::Role;
use byline_shared::store::usage::{Taken, month};
use serde_json::json;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use super::{MAX_CALLS, with_every_fault};
use crate::conversations::PATH;
use crate::conversations::agent::{RESPONSES, Step, with_model_and};
use crate::harness::{Answer, App};

/// A Byline with an agent that follows a script.
struct On {
    app: App,
}

/// Everything that Byline logs while tests run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> Self {
        let log = Self::default();
        let shown = log.clone();
        let lines = tracing_subscriber::fmt::layer().json().with_writer(move || shown.clone());
        let ours = ["byline_local", "byline_shared", "byline_tools", "byline_conversations"];
        let ours = ours.map(|name| (name, tracing_subscriber::filter::LevelFilter::TRACE));
        tracing_subscriber::registry()
            .with(lines.with_filter(Targets::new().with_targets(ours)))
            .init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_runs_a_tool_twice_or_ends_a_conversation_or_tells_the_log_what_was_said() {
    let log = Log::start();
    let (app, model, clock) = with_model_and(Vec::new(), &[]).await;
    let world = On { app };
    let author = world.app.user(Role::Author).await;
    let me = author.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    // The clock moves on, and a key outlives it.
    let scopes = ["conversations", "posts:read", "posts:write"];
    let body = json!({ "name": "Key", "scopes": scopes });
    let key = author.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let key = world.app.with_token(&key);
    let cx = &world.app.byline.context;
    let taken = || async {
        let (own, _) = cx.store.usages().of(&me, &month(cx.clock.now())).await.unwrap();
        own
    };
    let left = |taken: Taken| taken.taken - i64::try_from(taken.input + taken.output).unwrap();

    with_every_fault!(
        world,
        "responses-create",
        |case| {
            let made = key.post(PATH, json!({ "metadata": { "mode": "draft" } }), 200).await;
            let id = made.text("/id");
            let create = ("draft_create", json!({ "text": format!("Nightingale of {id}") }));
            model.now(vec![
                Step::Calls("I write a nightingale.", vec![create]),
                Step::Says("A nightingale."),
            ]);
            (id, left(taken().await))
        },
        {
            let (key, id) = (key.clone(), case.0.clone());
            let body = json!({ "input": "Write a nightingale", "conversation": id });
            async move { key.try_post(RESPONSES, body).await }
        },
        async |answer: Answer, what: String| {
            let (id, left_before) = &case;
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let is_done = answer.json["status"] == "completed";
            // A turn that could not be ended is over with its lease.
            clock.advance(31);
            let posts = key.get("/v1/manage/posts?limit=100", 200).await;
            let title = format!("Nightingale of {id}");
            let posts = posts.json["items"].as_array().unwrap();
            let count = posts.iter().filter(|post| post["title"] == title.as_str()).count();
            assert!(count <= 1 && (!is_done || count == 1), "{what}: {count} drafts");
            model.now(vec![Step::Says("Here again.")]);
            let body = json!({ "input": "And now?", "conversation": id });
            let next = key.post(RESPONSES, body, 200).await;
            assert_eq!(next.text("/status"), "completed", "{what}: {}", next.body);
            // Nothing is reserved any more, whatever could not be settled before.
            let left_now = left(taken().await);
            assert_eq!(left_now, *left_before, "{what}: {left_now} instead of {left_before}");
            // No call is left that seems to run, and the model was told of each.
            let items = key.get(&format!("{PATH}/{id}/items?limit=100"), 200).await;
            assert!(!items.body.contains("\"calling\""), "{what}: {}", items.body);
            let messages = model.messages();
            let calls = messages.iter().filter_map(|message| message["tool_calls"].as_array());
            let outputs = messages.iter().filter(|message| message["role"] == "tool").count();
            assert_eq!(calls.map(Vec::len).sum::<usize>(), outputs, "{what}: {messages:?}");
        }
    );
    assert_eq!(world.app.byline.observer.violations(), Vec::<String>::new());
    // Two that the log would tell of: the model refuses with what it was asked, and a tool fails.
    let fails = ("fail", json!({ "text": "a nightingale" }));
    model.now(vec![Step::Calls("", vec![fails]), Step::Status(400)]);
    let failed = key.post(RESPONSES, json!({ "input": "Write a nightingale" }), 200).await;
    assert_eq!(failed.text("/status"), "failed");
    let log = log.text();
    assert!(
        log.contains("a turn ended") && log.contains("the model did not answer"),
        "the log is a full one"
    );
    let line = log.lines().find(|line| line.to_lowercase().contains("nightingale"));
    assert_eq!(line, None);
}
