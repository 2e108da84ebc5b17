//! Byline as others see it: the official conformance suite, the official Python client, a browser.
//! What they are run with stands in `tests/outside/`; what they leave, in `target/outside/`.

mod agent_guide;
mod ai_sdk;
mod authorization;
mod browser;
pub(crate) mod conformance;
mod desk;
mod desk_agent;
mod desk_saves;
mod desk_world;
mod exits;
mod fixture;
mod openai;
mod passkeys;
mod python;
mod relay;
mod remote;
mod use_chat;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use byline_shared::model::Role;
use serde_json::json;

use crate::conversations::agent::{Step, with_model};
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

/// The folder that npm installed these packages into; `None` if one of them is not there.
fn has_packages(packages: &[&str]) -> Option<PathBuf> {
    let modules = node_modules(packages[0]).unwrap_or_default();
    let is_there = |package: &&str| {
        tools::full_tier_has("test", &["-d", &modules.join(package).to_string_lossy()])
    };
    packages.iter().all(is_there).then_some(modules)
}

/// A script for Node.js beside the packages that npm installed; `None` if one of them is not there. A package is found
/// from the folder of the script alone.
fn node(script: &str, packages: &[&str]) -> Option<Command> {
    let modules = has_packages(packages)?;
    let folder = results(script);
    let copy = folder.join("script.mjs");
    std::fs::copy(file(script), &copy).unwrap();
    std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();
    let mut node = Command::new("node");
    node.arg(copy);
    Some(node)
}

/// Whether there is a browser that a script can drive.
fn has_browser() -> bool {
    tools::full_tier_has("python3", &["-c", "import playwright.sync_api"])
        && tools::full_tier_has("chromium", &["--version"])
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

/// What the model says in a conversation of three turns with calls of tools, which a client holds whole, and then
/// another one streamed.
fn three_turns_twice() -> Vec<Step> {
    let twice = || json!({ "text": "twice" });
    let turns = vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "once" }))]),
        Step::Says("Done right away."),
        Step::Calls("", vec![("echo", twice()), ("fail", twice())]),
        Step::Says("Second answer."),
        Step::Says("Third answer."),
    ];
    [turns.clone(), turns].concat()
}

/// Runs a client that holds [`three_turns_twice`] in two conversations.
async fn holds_three_turns_twice(client: Command) {
    let (app, model) = with_model(three_turns_twice()).await;
    let said = run_with_key(client, &app, &["conversations", "posts:read"]).await;
    assert!(said.ends_with("held three turns, whole and streamed\n"), "{said}");
    assert_eq!(model.asked().len(), 10);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

/// Runs a command to its end, and hands over what it said, on stdout and stderr, and whether it
/// was content.
pub(crate) async fn run(mut command: Command) -> (bool, String) {
    command.stdin(Stdio::null()).env("NO_COLOR", "1");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}
