//! Turns of the agent: whatever fails on the way, a tool runs once, and the conversation goes on.

use byline_shared::model::Role;
use serde_json::json;

use super::{MAX_CALLS, with_every_fault};
use crate::conversations::PATH;
use crate::conversations::agent::{RESPONSES, Step, with_model_and};
use crate::harness::{Answer, App};

/// A Byline with an agent that follows a script.
struct On {
    app: App,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_runs_a_tool_twice_or_ends_a_conversation() {
    let (app, model, clock) = with_model_and(Vec::new(), &[]).await;
    let world = On { app };
    let author = world.app.user(Role::Author).await;
    // The clock moves on, and a key outlives it.
    let scopes = ["conversations", "posts:read", "posts:write"];
    let body = json!({ "name": "Key", "scopes": scopes });
    let key = author.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let key = world.app.with_token(&key);

    with_every_fault!(
        world,
        "responses-create",
        |id| {
            let made = key.post(PATH, json!({ "metadata": { "mode": "draft" } }), 200).await;
            let id = made.text("/id");
            let create = ("draft_create", json!({ "text": format!("Of {id}") }));
            model.now(vec![Step::Calls("I write.", vec![create]), Step::Says("Done.")]);
            id
        },
        {
            let (key, body) = (key.clone(), json!({ "input": "Write", "conversation": id }));
            async move { key.try_post(RESPONSES, body).await }
        },
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            // A turn that could not be ended is over with its lease.
            clock.advance(31);
            let posts = key.get("/v1/manage/posts?limit=100", 200).await;
            let title = format!("Of {id}");
            let posts = posts.json["items"].as_array().unwrap();
            let count = posts.iter().filter(|post| post["title"] == title.as_str()).count();
            let is_done = answer.json["status"] == "completed";
            assert!(count <= 1 && (!is_done || count == 1), "{what}: {count} drafts");
            model.now(vec![Step::Says("Here again.")]);
            let body = json!({ "input": "And now?", "conversation": id });
            let next = key.post(RESPONSES, body, 200).await;
            assert_eq!(next.text("/status"), "completed", "{what}: {}", next.body);
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
}
