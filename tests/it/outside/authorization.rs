//! The conformance suite's scenarios for authorization servers: `tests/outside/client/authorization.py`.

use std::process::Command;

use super::conformance::Findings;
use super::{file, python, results, run};
use crate::harness::{App, PASSWORD, tools};

#[tokio::test(flavor = "multi_thread")]
async fn the_authorization_server_conforms() {
    let has_client = tools::full_tier_has("python3", &["-c", "import mcp.client.streamable_http"]);
    if !has_client || !tools::full_tier_has("conformance", &["--version"]) {
        return;
    }
    let app = App::unlimited().await;
    let email = python::editor(&app).await;
    let url = format!("http://{}", app.byline.address);
    let results = results("conformance/authorization");
    let mut suite = Command::new("python3");
    suite.arg(file("client/authorization.py")).args([&url, &email, PASSWORD]).arg(&results);
    let (is_content, said) = run(suite).await;
    let findings = Findings::read(&results);
    findings.report(&results, "authorization server");
    assert!(is_content, "{said}");
    assert_eq!((findings.green(), findings.run()), (2, 2), "{said}");
}
