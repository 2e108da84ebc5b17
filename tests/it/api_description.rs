//! `openapi.json` as tools of others read it: a linter, a TypeScript client made of its types, and a
//! generated Python client.

use std::process::Command;

use byline_shared::model::Role;
use serde_json::Value;

use crate::harness::events::root;
use crate::harness::{App, PASSWORD, tools};
use crate::outside::{file, node_modules, results, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_linter_finds_no_error_and_no_warning() {
    if !tools::full_tier_has("redocly", &["--version"]) {
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

#[tokio::test(flavor = "multi_thread")]
async fn a_typescript_client_compiles_strictly_and_works() {
    for tool in ["openapi-typescript", "tsc"] {
        if !tools::full_tier_has(tool, &["--version"]) {
            return;
        }
    }
    let folder = results("typescript");
    for name in ["client.ts", "package.json", "tsconfig.json"] {
        std::fs::copy(file(&format!("typescript/{name}")), folder.join(name)).unwrap();
    }
    let modules = node_modules("openapi-fetch")
        .expect("openapi-fetch is installed beside openapi-typescript");
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

/// Where a value has a keyword with which generators cannot tell an enumeration.
fn constants(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if ["oneOf", "const"].contains(&name.as_str()) {
                    found.push(at.to_owned());
                }
                // Examples are no schemas, and names of properties are no keywords.
                if !["example", "examples", "default"].contains(&name.as_str()) {
                    constants(member, &format!("{at}/{name}"), found);
                }
            }
        }
        Value::Array(entries) => {
            for (place, entry) in entries.iter().enumerate() {
                constants(entry, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn enumerations_are_written_as_enum() {
    let text = std::fs::read_to_string(root().join("openapi.json")).unwrap();
    let api: Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    constants(&api, "", &mut found);
    for tool in byline_tools::ALL.iter() {
        let schemas = [("input", Some(tool.input_schema())), ("output", tool.output_schema())];
        for (kind, schema) in schemas {
            let schema = schema.map_or(Value::Null, Value::Object);
            constants(&schema, &format!("{}/{kind}", tool.name), &mut found);
        }
    }
    assert_eq!(found, Vec::<String>::new(), "a Python generator reads no such enumeration");
    let scope = &api["components"]["schemas"]["Scope"];
    assert!(scope["enum"].as_array().is_some_and(|names| names.len() > 3), "{scope}");
    let words = scope["description"].as_str().unwrap();
    assert!(words.contains("- `posts:read`: "), "what each value means is kept: {words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_python_client_is_generated_and_reads_every_example() {
    if !tools::full_tier_has("openapi-python-client", &["--version"]) {
        return;
    }
    let folder = results("openapi-python");
    let description = root().join("openapi.json");
    let mut generate = Command::new("openapi-python-client");
    generate.args(["generate", "--overwrite", "--meta", "none", "--path"]).arg(&description);
    generate.arg("--output-path").arg(folder.join("byline_client"));
    let (went_well, said) = run(generate).await;
    assert!(went_well, "{said}");
    // XML is all that it does not read.
    for line in said.lines().filter(|line| line.contains("Cannot parse")) {
        assert!(line.contains("xml"), "{said}");
    }
    let mut parse = Command::new("python3");
    parse.arg(file("openapi-python/parse.py")).arg(&folder).arg(&description);
    let (went_well, said) = run(parse).await;
    assert!(went_well && said.contains("ok: "), "{said}");
}
