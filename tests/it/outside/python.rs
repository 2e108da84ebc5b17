//! The official Python client, from nothing but the URL: `tests/outside/client/client.py`.

use std::process::Command;

use serde_json::json;
use shared::model::Role;

use super::{file, run};
use crate::harness::{App, PASSWORD, tools};

/// An editor's address, at a site that publishes what agents write.
pub(super) async fn editor(app: &App) -> String {
    let settings = json!({ "agent_publishing": "allowed" });
    app.admin().await.patch("/v1/admin/settings", settings, 200).await;
    let editor = app.user(Role::Editor).await;
    editor.get("/v1/users/me", 200).await.text("/email")
}

/// Runs the client, and holds it to the lines that it prints when all went well.
async fn walks(era: &str, lines: usize) {
    if !tools::there_is("python3", &["-c", "import mcp.client.streamable_http"]) {
        return;
    }
    let app = App::unlimited().await;
    let email = editor(&app).await;
    let url = format!("http://{}/mcp", app.byline.address);
    let mut client = Command::new("python3");
    client.arg(file("client/client.py")).args([&url, &email, PASSWORD, era]);
    let (went_well, said) = run(client).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), lines, "{said}");
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_2026_comes_in_with_the_url_alone() {
    walks("modern", 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_2025_comes_in_with_the_url_alone() {
    walks("legacy", 8).await;
}
