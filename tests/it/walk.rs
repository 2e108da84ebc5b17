//! The README's first walk, word for word.

use std::process::{Command, Stdio};

use crate::harness::events::root;
use crate::harness::{App, PASSWORD, tools};

/// The fenced blocks of a page with this info string.
pub(crate) fn blocks(page: &str, info: &str) -> Vec<String> {
    let fence = format!("```{info}\n");
    let starts = page.split(&fence).skip(1);
    starts.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_of_the_readme_runs() {
    if !tools::there_is("curl", &["--version"]) || !tools::there_is("jq", &["--version"]) {
        return;
    }
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let script = blocks(&readme, "sh walk").concat();
    assert!(script.contains("tools/call"), "the README has lost its walk");
    let app = App::start().await;
    let mut walk = Command::new("bash");
    walk.args(["-eu", "-o", "pipefail", "-c", &script])
        .env("BYLINE", format!("http://{}", app.byline.address))
        .env("ADMIN_PASSWORD", PASSWORD)
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || walk.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{failed}");
    let last_lines = blocks(&readme, "text").concat();
    assert!(last_lines.contains("post_propose"), "the README has lost the end of its walk");
    assert!(said.ends_with(last_lines.as_str()), "the end is not as the README has it: {said}");
    assert!(app.byline.observer.violations().is_empty());
}
