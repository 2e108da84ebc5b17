//! What is generated is up to date, and a drift says how to mend it.

use std::path::Path;

use byline_local::generate::{Drift, Source};
use byline_shared::endpoint::Operation;
use byline_shared::permission::{Action, Permission, Table};
use http::Method;
use serde_json::Value;

use crate::harness::events::root;

fn source(root: &Path) -> Source<'_> {
    Source {
        root,
        operations: byline_local::operations(),
        function_urls: byline_local::function_urls(),
        workers: byline_local::workers(),
    }
}

#[test]
fn everything_generated_is_up_to_date() {
    let drifts = source(&root()).check().unwrap();
    assert_eq!(drifts, [], "run `cargo gen` and commit what it writes");
}

/// The files that drift when one operation is changed.
fn drifts_after(change: impl Fn(&mut Operation)) -> Vec<String> {
    let root = root();
    let mut source = source(&root);
    let operation = source.operations.iter_mut().find(|operation| operation.name == "posts-read");
    change(operation.unwrap());
    let drifts = source.check().unwrap();
    let paths = drifts.iter().map(|(Drift::Differs(path) | Drift::Leftover(path))| path);
    paths.map(|path| path.display().to_string()).collect()
}

#[test]
fn a_route_a_grant_and_a_field_each_drift() {
    let route = drifts_after(|operation| operation.path = "/v1/articles/{slug}");
    for file in [
        "Cargo.toml",
        "events/posts/posts-read.json",
        "functions/site/src/routes.txt",
        "openapi.json",
        "operations.txt",
        "template.yaml",
    ] {
        assert!(route.iter().any(|path| path == file), "{file}: {route:?}");
    }
    let method = drifts_after(|operation| operation.method = Method::POST);
    assert!(method.contains(&"template.yaml".to_owned()), "{method:?}");
    let grant = drifts_after(|operation| {
        operation.declared_permissions = &[Permission::Table(Table::Content, &[Action::Query])];
    });
    assert_eq!(grant, ["operations.txt", "template.yaml"]);
    let field = drifts_after(|operation| {
        operation.input =
            Some(|generator| generator.root_schema_for::<byline_shared::http::page::PageParams>());
    });
    assert!(field.contains(&"openapi.json".to_owned()), "{field:?}");
}

#[test]
fn a_page_with_a_form_has_its_routes_and_is_no_api() {
    let root = root();
    let mut source = source(&root);
    let page = source.operations.iter_mut().find(|operation| operation.name == "home").unwrap();
    (page.forms, page.described) = (true, false);
    let files = source.files().unwrap();
    let text = |path: &str| files[Path::new(path)].as_str();
    assert!(text("operations.txt").contains("\nhome\n  GET, POST /\n"));
    assert!(text("functions/site/src/routes.txt").contains("\n/ GET HEAD POST\n"));
    let routes = ["GET", "HEAD", "POST"]
        .map(|method| format!("{{ method = \"{method}\", function = \"home\" }}"))
        .join(", ");
    assert!(text("Cargo.toml").contains(&format!("\"/\" = [{routes}]\n")));
    let integrations = text("template.yaml").matches("_home/invocations").count();
    assert_eq!(integrations, 3);
    let described = |name: &str| text("openapi.json").contains(&format!("\"{name}\""));
    assert!(described("health") && !described("home"));
    let event: Value = serde_json::from_str(text("events/site/home.json")).unwrap();
    assert_eq!(event["routeKey"], "GET /");
}

#[test]
fn a_file_that_belongs_to_no_operation_is_a_leftover() {
    let root = root();
    let mut source = source(&root);
    source.operations.retain(|operation| operation.name != "posts-read");
    let drifts = source.check().unwrap();
    for path in ["events/posts/posts-read.json", "functions/posts/src/bin/posts-read.rs"] {
        assert!(drifts.contains(&Drift::Leftover(path.into())), "{drifts:?}");
    }
}

#[test]
fn the_command_fails_with_the_command_that_mends() {
    let binary = crate::harness::cargo::binary("gen");
    let copy = tempfile::tempdir().unwrap();
    for file in ["Cargo.toml", "template.yaml"] {
        std::fs::copy(root().join(file), copy.path().join(file)).unwrap();
    }
    for name in [
        "accounts",
        "conversations",
        "desk",
        "editorial",
        "mcp",
        "media",
        "oauth",
        "posts",
        "site",
        "workers",
    ] {
        let folder = copy.path().join("functions").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let manifest = root().join("functions").join(name).join("Cargo.toml");
        std::fs::copy(manifest, folder.join("Cargo.toml")).unwrap();
    }
    let run = |arguments: &[&str]| {
        let command = std::process::Command::new(&binary)
            .args(arguments)
            .arg("--root")
            .arg(copy.path())
            .output();
        command.unwrap()
    };
    let check = run(&["--check"]);
    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(!check.status.success());
    assert!(said.contains("openapi.json is out of date"), "{said}");
    assert!(said.contains("Run `cargo gen`"), "{said}");
    assert!(run(&[]).status.success());
    assert!(run(&["--check"]).status.success());
}
