//! The AI SDK, unchanged, as `useChat` uses it in a browser: `tests/outside/chat/chat.mjs`.

use std::process::Command;

use serde_json::json;

use super::{file, node_modules, results, run_with_key};
use crate::conversations::agent::{Step, with_model};
use crate::harness::tools;

#[tokio::test(flavor = "multi_thread")]
async fn the_ai_sdk_chats_with_the_agent_unchanged() {
    let modules = node_modules("ai").unwrap_or_default();
    if !tools::there_is("test", &["-d", &modules.join("ai").to_string_lossy()]) {
        return;
    }
    let folder = results("chat");
    std::fs::copy(file("chat/chat.mjs"), folder.join("chat.mjs")).unwrap();
    std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "once" }))]),
        Step::Says("Done right away."),
        Step::Says("Second answer."),
        Step::Status(400),
    ])
    .await;
    let mut client = Command::new("node");
    client.arg(folder.join("chat.mjs"));
    let said = run_with_key(client, &app, &["conversations", "posts:read"]).await;
    assert!(said.ends_with("chatted in two turns\n"), "{said}");
    assert_eq!(model.asked().len(), 4);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
