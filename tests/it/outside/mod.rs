//! Byline as others see it: the official conformance suite, the official Python client, a browser.
//! What they are run with stands in `tests/outside/`; what they leave, in `target/outside/`.

mod ai_sdk;
mod authorization;
mod browser;
pub(crate) mod conformance;
mod desk;
mod desk_saves;
mod fixture;
mod openai;
mod passkeys;
mod python;
mod relay;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use byline_shared::model::Role;
use serde_json::json;

use crate::harness::cargo::target;
use crate::harness::events::root;
use crate::harness::{App, tools};

/// Where a test leaves its results: a folder of its own, empty.
pub(crate) fn results(name: &str) -> PathBuf {
    let folder = target().join("outside").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file of `tests/outside/`.
pub(crate) fn file(path: &str) -> PathBuf {
    root().join("tests").join("outside").join(path)
}

/// The folder that npm installed a package into.
pub(crate) fn node_modules(package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut bins = std::env::split_paths(&path);
    bins.find_map(|bin| bin.parent().map(PathBuf::from).filter(|all| all.join(package).exists()))
}

/// Whether there is a browser that a script can drive.
fn has_browser() -> bool {
    tools::there_is("python3", &["-c", "import playwright.sync_api"])
        && tools::there_is("chromium", &["--version"])
}

/// Runs a client with the address of the API and an author's key with these scopes. It has to be content.
/// Returns what it said.
async fn run_with_key(mut client: Command, app: &App, scopes: &[&str]) -> String {
    let author = app.user(Role::Author).await;
    let body = json!({ "name": "SDK", "scopes": scopes });
    let key = author.post("/v1/auth/api-keys", body, 201).await.text("/key");
    client.args([format!("http://{}/v1", app.byline.address), key]);
    let (is_content, said) = run(client).await;
    assert!(is_content, "{said}");
    said
}

/// Runs a command to its end, and hands over what it said, on stdout and stderr, and whether it
/// was content.
pub(crate) async fn run(mut command: Command) -> (bool, String) {
    command.stdin(Stdio::null()).env("NO_COLOR", "1");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}
