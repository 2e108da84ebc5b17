//! The AI SDK, unchanged: as `useChat` uses it in a browser (`tests/outside/chat/chat.mjs`), and as a server that takes
//! the agent for a model of OpenAI (`responses.mjs`).

use super::{holds_three_turns_twice, node, run_with_key, three_turns_twice};
use crate::conversations::agent::{Step, with_model};

#[tokio::test(flavor = "multi_thread")]
async fn the_ai_sdk_chats_with_the_agent_unchanged() {
    let Some(client) = node("chat/chat.mjs", &["ai"]) else { return };
    let mut steps = three_turns_twice();
    steps.truncate(5);
    steps.push(Step::Status(400));
    let (app, model) = with_model(steps).await;
    let said = run_with_key(client, &app, &["conversations", "posts:read"]).await;
    assert!(said.ends_with("chatted in three turns\n"), "{said}");
    assert_eq!(model.asked().len(), 6);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ai_sdk_takes_the_agent_for_a_model_of_openai() {
    let Some(client) = node("chat/responses.mjs", &["ai", "@ai-sdk/openai"]) else { return };
    holds_three_turns_twice(client).await;
}
