//! The examples of `docs/AGENT.md`, run as they are written, but for the URL and the key.

use std::process::Command;

use super::{has_packages, results, run_with_key};
use crate::conversations::agent::{ScriptedModel, Step, with_model};
use crate::harness::App;
use crate::harness::events::root;
use crate::harness::tools;

/// The examples in a language, in their order.
fn examples(language: &str) -> Vec<String> {
    let guide = std::fs::read_to_string(root().join("docs/AGENT.md")).unwrap();
    let fence = format!("\n```{language}\n");
    let blocks = guide.split(&fence).skip(1);
    blocks.map(|block| block.split("\n```\n").next().unwrap().to_owned()).collect()
}

/// An agent that always says yes.
async fn yes() -> (App, ScriptedModel) {
    with_model(vec![Step::Always(Box::new(Step::Says("Yes.")))]).await
}

/// Runs an example with the address and the key that it is given.
async fn runs(
    mut command: Command,
    file: &str,
    [address, key]: [&str; 2],
    example: &str,
) -> String {
    let (app, _) = yes().await;
    let streaming = "\"https://abc123.lambda-url.eu-central-1.on.aws/v1\"";
    let example = example.replace("\"https://api.example.com/v1\"", address);
    let example = example.replace(streaming, address);
    let example = example.replace("'https://api.example.com/v1'", address);
    let example = example.replace("\"byline_key_…\"", key).replace("'byline_key_…'", key);
    assert!(example.contains(address) && example.contains(key), "{example}");
    let script = results(&format!("guide/{file}")).join(file);
    std::fs::write(&script, example).unwrap();
    if let Some(modules) = has_packages(&["openai"]).filter(|_| file.ends_with(".mjs")) {
        std::os::unix::fs::symlink(modules, script.with_file_name("node_modules")).unwrap();
    }
    command.arg(script);
    run_with_key(command, &app, &["conversations"]).await
}

const OF_PYTHON: [&str; 2] = ["__import__('sys').argv[1]", "__import__('sys').argv[2]"];

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_for_openais_sdk_run_as_written() {
    if !tools::full_tier_has("python3", &["-c", "import openai"]) {
        return;
    }
    // They build on each other.
    let examples: Vec<String> =
        examples("python").into_iter().filter(|example| !example.contains("asyncio")).collect();
    assert_eq!(examples.len(), 3);
    let said = runs(Command::new("python3"), "sdk.py", OF_PYTHON, &examples.join("\n")).await;
    assert_eq!(said, "user Which drafts wait for a review?\nYes.\nYes.");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_for_openais_agents_sdk_runs_as_written() {
    if !tools::full_tier_has("python3", &["-c", "import agents"]) {
        return;
    }
    let examples = examples("python");
    let example = examples.iter().find(|example| example.contains("asyncio")).unwrap();
    let said = runs(Command::new("python3"), "agents_sdk.py", OF_PYTHON, example).await;
    assert_eq!(said, "Yes.\nYes.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_for_openais_sdk_for_node_runs_as_written() {
    if has_packages(&["openai"]).is_none() {
        return;
    }
    let of_node = ["process.argv[2]", "process.argv[3]"];
    let said = runs(Command::new("node"), "sdk.mjs", of_node, &examples("js")[0]).await;
    assert_eq!(said, "Yes.\n");
}
