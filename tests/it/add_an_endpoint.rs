//! docs/ADD-AN-ENDPOINT.md, performed to the letter on a copy of the project.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::harness::events::root;
use crate::harness::{cargo, full_only, tools};

#[test]
fn the_page_adds_an_endpoint_that_answers() {
    if !full_only("add_an_endpoint::the_page_adds_an_endpoint_that_answers") {
        return;
    }
    if !tools::there_is("git", &["--version"]) {
        return;
    }
    let page = std::fs::read_to_string(root().join("docs/ADD-AN-ENDPOINT.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("byline");
    copy_project(&copy);

    let mut steps = 0;
    for step in page.split("\n```").filter_map(|text| Some((text.split_once('\n')?.0, text))) {
        let (info, text) = step;
        let content = text.split_once('\n').unwrap().1;
        if let Some(path) = info.strip_prefix("rust file=") {
            std::fs::write(copy.join(path), format!("{content}\n")).unwrap();
        } else if info == "diff" {
            apply(&copy, &format!("{content}\n"));
        } else if info == "sh run" {
            run(&copy, content);
        } else {
            continue;
        }
        steps += 1;
    }
    assert!(steps >= 3, "the page has lost its steps");
    let check = "cargo gen --check && cargo run --quiet --bin byline -- --version";
    run(&copy, check);
    answers(&copy);
}

/// The files that git knows or would add, so that a change that is not committed counts.
fn copy_project(to: &Path) {
    let list = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    for name in String::from_utf8(list.stdout).unwrap().split('\0').filter(|name| !name.is_empty())
    {
        let (from, to) = (root().join(name), to.join(name));
        if from.is_file() {
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(from, to).unwrap();
        }
    }
    // Cargo tells two copies of a workspace apart by their packages' versions, not by their folders:
    // with the same one, each would take the other's build for its own.
    let manifest = to.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
    std::fs::write(manifest, text.replacen(version, "version = \"0.0.0\"", 1)).unwrap();
}

fn apply(copy: &Path, diff: &str) {
    use std::io::Write;
    let mut patch = Command::new("git")
        .args(["apply", "-"])
        .current_dir(copy)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    patch.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
    assert!(patch.wait().unwrap().success(), "a diff of the page does not apply:\n{diff}");
}

/// Runs a command of the page. The dependencies are those that this test run has built already.
fn run(copy: &Path, command: &str) -> Output {
    let _one_at_a_time = cargo::lock();
    let output = Command::new("bash")
        .args(["-eu", "-c", command])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", cargo::target())
        // The copy is built once: what an incremental build keeps for the next one is waste.
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .unwrap();
    let (said, failed) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command}: {said}\n{failed}");
    output
}

/// The new endpoint is there, and answers as the page says.
fn answers(copy: &Path) {
    let script = r#"
        log=$(mktemp)
        cargo run --quiet --bin byline -- --memory --port 0 >"$log" &
        trap 'kill %1; wait' EXIT
        until grep -q 'API ' "$log"; do kill -0 %1; sleep 0.1; done
        base=$(awk '/API /{print $2}' "$log")
        curl --silent --show-error --output /dev/null --write-out '%{http_code}' \
            "$base/v1/posts/nothing-here/excerpt"
        printf ' '
        curl --silent --show-error "$base/openapi.json" | grep -c posts-excerpt
    "#;
    if !tools::there_is("curl", &["--version"]) {
        return;
    }
    let output = run(copy, script);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "404 1");
}
