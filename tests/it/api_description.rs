//! `openapi.json` as tools of others read it: a linter, and a TypeScript client made of its types.

use std::path::PathBuf;
use std::process::Command;

use byline_shared::model::Role;
use serde_json::Value;

use crate::harness::events::root;
use crate::harness::{App, PASSWORD, tools};
use crate::outside::{file, results, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_linter_finds_no_error_and_no_warning() {
    if !tools::there_is("redocly", &["--version"]) {
        return;
    }
    let mut lint = Command::new("redocly");
    lint.current_dir(root()).args(["lint", "openapi.json", "--format=json"]);
    lint.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    let (went_well, said) = run(lint).await;
    // The report stands between lines for people.
    let report = said.find('{').zip(said.rfind('}')).map(|(from, to)| &said[from..=to]);
    let report: Value = serde_json::from_str(report.unwrap_or_default()).unwrap_or_default();
    assert!(went_well && report["totals"]["errors"] == 0, "{said}");
    assert_eq!(report["totals"]["warnings"], 0, "{said}");
}

/// The folder that npm installed the tools into.
fn node_modules() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut folders = std::env::split_paths(&path);
    let bin = folders.find(|folder| folder.join("openapi-typescript").exists())?;
    let modules = bin.parent()?.to_owned();
    modules.join("openapi-fetch").exists().then_some(modules)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typescript_client_compiles_strictly_and_works() {
    for tool in ["openapi-typescript", "tsc"] {
        if !tools::there_is(tool, &["--version"]) {
            return;
        }
    }
    let folder = results("typescript");
    for name in ["client.ts", "package.json", "tsconfig.json"] {
        std::fs::copy(file(&format!("typescript/{name}")), folder.join(name)).unwrap();
    }
    let modules = node_modules().expect("openapi-fetch is installed beside openapi-typescript");
    std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();

    let mut types = Command::new("openapi-typescript");
    // Without the flag, members of a request that have a default would have to be sent.
    types.arg(root().join("openapi.json")).args(["--default-non-nullable", "false", "--output"]);
    types.arg(folder.join("api.d.ts"));
    let (went_well, said) = run(types).await;
    assert!(went_well, "{said}");
    let program = std::fs::read_to_string(folder.join("client.ts")).unwrap();
    for shortcut in [" as any", " as unknown", "!.", "!)", "!;", "@ts-"] {
        assert!(!program.contains(shortcut), "the client uses `{shortcut}`");
    }
    let mut compile = Command::new("tsc");
    compile.current_dir(&folder).args(["--project", "."]);
    let (went_well, said) = run(compile).await;
    assert!(went_well, "{said}");

    let app = App::unlimited().await;
    let email = app.user(Role::Editor).await.get("/v1/users/me", 200).await.text("/email");
    let mut client = Command::new("node");
    client.arg(folder.join("out/client.js"));
    client.args([&format!("http://{}", app.byline.address), &email, PASSWORD]);
    let (went_well, said) = run(client).await;
    assert!(went_well, "{said}");
    assert!(said.contains("ok: Typed"), "{said}");
}
