//! The official SDKs of OpenAI, unchanged. For Python: `tests/outside/client/conversations.py`, `responses.py` and
//! `streaming.py`; for Node.js: `responses.mjs`; for agents: `agents_sdk.py`.

use std::process::Command;

use serde_json::json;

use super::{file, holds_three_turns_twice, node, run_with_key};
use crate::conversations;
use crate::conversations::agent::{Step, with_model};
use crate::harness::tools;

#[tokio::test(flavor = "multi_thread")]
async fn openais_sdk_holds_a_conversation_unchanged() {
    if !tools::full_tier_has("python3", &["-c", "import openai"]) {
        return;
    }
    let app = conversations::app().await;
    let mut client = Command::new("python3");
    client.arg(file("client/conversations.py"));
    let said = run_with_key(client, &app, &["conversations"]).await;
    assert!(said.ends_with("held a conversation, and deleted it\n"), "{said}");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
    assert_eq!(conversations::stored(&app).await.len(), 1, "what is left is the number");
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_sdk_talks_with_the_agent_unchanged() {
    if !tools::full_tier_has("python3", &["-c", "import openai"]) {
        return;
    }
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "once" }))]),
        Step::Says("Done."),
        Step::Says("Second."),
        Step::Says("Third."),
        Step::Status(400),
    ])
    .await;
    let mut client = Command::new("python3");
    client.arg(file("client/responses.py"));
    let said = run_with_key(client, &app, &["conversations", "posts:read"]).await;
    assert!(said.ends_with("talked with the agent in three turns\n"), "{said}");
    assert_eq!(model.asked().len(), 5);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_sdk_reads_the_answers_of_the_agent_as_they_are_made() {
    if !tools::full_tier_has("python3", &["-c", "import openai"]) {
        return;
    }
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "once" }))]),
        Step::Says("Done right away."),
        Step::Says("Second answer."),
        Step::Says("Third answer."),
        Step::Status(400),
    ])
    .await;
    let mut client = Command::new("python3");
    client.arg(file("client/streaming.py"));
    let said = run_with_key(client, &app, &["conversations", "posts:read"]).await;
    assert!(said.ends_with("read four answers as they were made\n"), "{said}");
    assert_eq!(model.asked().len(), 5);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_sdk_for_node_holds_conversations_unchanged() {
    let Some(client) = node("client/responses.mjs", &["openai"]) else { return };
    holds_three_turns_twice(client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_agents_sdk_holds_conversations_unchanged() {
    if !tools::full_tier_has("python3", &["-c", "import agents"]) {
        return;
    }
    let mut client = Command::new("python3");
    client.arg(file("client/agents_sdk.py"));
    holds_three_turns_twice(client).await;
}
