//! The official conformance suite against `/mcp`, in both eras of the protocol: the product as it
//! is, and the suite's fixture behind the same endpoint. What may fail stands, with its reason, in
//! `tests/outside/conformance/`; a check that fails beyond that fails the test, and so does one that
//! stands there and passes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{file, fixture, relay, results, run};
use crate::harness::{App, tools};

/// What the suite found, read from the files that it wrote.
#[derive(Default)]
pub(super) struct Findings {
    /// By scenario: the statuses of its checks.
    scenarios: BTreeMap<String, Vec<String>>,
}

impl Findings {
    /// Reads every `checks.json` under a folder whose folders are named
    /// `server-<scenario>-<time>`.
    pub(super) fn read(folder: &Path) -> Self {
        let mut findings = Self::default();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(path.join("checks.json")) else { continue };
            let name = path.file_name().unwrap().to_str().unwrap();
            // The time is 2026-01-02T03-04-05-678Z.
            let name = name[..name.len() - 25].to_owned();
            let checks: Vec<Value> = serde_json::from_str(&text).unwrap();
            let status = |check: &Value| check["status"].as_str().unwrap().to_owned();
            findings.scenarios.insert(name, checks.iter().map(status).collect());
        }
        findings
    }

    fn checks(&self, status: &str) -> usize {
        self.scenarios.values().flatten().filter(|found| *found == status).count()
    }

    pub(super) fn green(&self) -> usize {
        let is_green = |checks: &&Vec<String>| {
            let is_bad = |status: &String| status == "FAILURE" || status == "WARNING";
            checks.iter().any(|status| status == "SUCCESS") && !checks.iter().any(is_bad)
        };
        self.scenarios.values().filter(is_green).count()
    }

    pub(super) fn run(&self) -> usize {
        self.scenarios.len()
    }

    /// Writes the counts beside the results, and says them.
    pub(super) fn report(&self, results: &Path, title: &str) {
        let summary = format!(
            "{title}: {} of {} scenarios green; checks: {} passed, {} failed, {} warned, {} skipped",
            self.green(),
            self.run(),
            self.checks("SUCCESS"),
            self.checks("FAILURE"),
            self.checks("WARNING"),
            self.checks("SKIPPED"),
        );
        eprintln!("{summary}");
        std::fs::write(results.join("summary.txt"), format!("{summary}\n")).unwrap();
    }
}

/// Runs the suite for one revision, and holds it to its baseline and to the number of scenarios
/// that are green.
async fn conforms(app: App, name: &str, revision: &str, green: usize, of: usize) {
    let key = json!({ "name": "Conformance", "scopes": ["profile", "posts:read", "posts:write"] });
    let token = app.user(Role::Editor).await.post("/v1/auth/api-keys", key, 201).await.text("/key");
    let address = relay::start(app.byline.address, &token).await;
    let results = results(&format!("conformance/{name}-{revision}"));
    let mut suite = Command::new("conformance");
    suite
        .args(["server", "--url", &format!("http://{address}/mcp"), "--requirements", revision])
        .arg("--expected-failures")
        .arg(file(&format!("conformance/{name}-{revision}.yaml")))
        .arg("--output-dir")
        .arg(&results);
    let (is_content, said) = run(suite).await;
    let findings = Findings::read(&results);
    findings.report(&results, &format!("{name}, {revision}"));
    assert!(is_content, "{said}");
    assert_eq!((findings.green(), findings.run()), (green, of), "{said}");
    assert!(app.byline.observer.violations().is_empty());
}

fn there_is_a_suite() -> bool {
    tools::full_tier_has("conformance", &["--version"])
}

/// Byline with the suite's fixture behind the product's endpoint.
pub(crate) async fn with_fixture() -> App {
    App::start_with(|options| {
        options.variable =
            Arc::new(|name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned()));
        options.operations.retain(|operation| operation.path != fixture::OPERATION.path);
        options.operations.push(fixture::OPERATION);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_product_conforms_to_the_revision_of_2025() {
    if there_is_a_suite() {
        conforms(App::unlimited().await, "product", "2025-11-25", 6, 33).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_product_conforms_to_the_revision_of_2026() {
    if there_is_a_suite() {
        conforms(App::unlimited().await, "product", "2026-07-28", 10, 50).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_with_the_suite_s_fixture_conforms_to_the_revision_of_2025() {
    if there_is_a_suite() {
        conforms(with_fixture().await, "fixture", "2025-11-25", 26, 33).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_with_the_suite_s_fixture_conforms_to_the_revision_of_2026() {
    if there_is_a_suite() {
        conforms(with_fixture().await, "fixture", "2026-07-28", 40, 50).await;
    }
}
