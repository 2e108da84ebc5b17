//! Commands that select a package name one that the workspace has. Nothing else notices a stale name
//! in a page, a workflow or the benchmark before somebody runs the command.

use std::collections::BTreeSet;
use std::path::Path;

use crate::harness::events::root;

/// Where commands stand, from the root.
const PLACES: [&str; 12] = [
    ".cargo",
    ".ci",
    ".github",
    "CONTRIBUTING.md",
    "README.md",
    "bench",
    "docs",
    "functions",
    "local",
    "shared",
    "tests",
    "transfer",
];

fn texts(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            texts(&entry.unwrap().path(), found);
        }
    } else if let Ok(text) = std::fs::read_to_string(path) {
        found.push((path.display().to_string(), text));
    }
}

/// The packages that the commands of a text select. `-p` is an option of other commands, too.
fn selected(text: &str) -> Vec<String> {
    let mut packages = Vec::new();
    for line in text.lines() {
        let short = if line.contains("cargo") { Some(" -p") } else { None };
        for option in ["--package", "--exclude"].into_iter().chain(short) {
            for after in line.split(option).skip(1) {
                let value = ["\", \"", "=", " "].iter().find_map(|link| after.strip_prefix(link));
                let name = |char: char| !(char.is_ascii_alphanumeric() || "-_".contains(char));
                let value = value.map(|value| value.split(name).next().unwrap_or_default());
                packages.extend(value.filter(|name| !name.is_empty()).map(str::to_owned));
            }
        }
    }
    packages
}

#[test]
fn commands_name_packages_that_exist() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = "));
    let packages: BTreeSet<&str> = names.map(|name| name.trim_matches('"')).collect();
    let mut found = Vec::new();
    for place in PLACES {
        texts(&root().join(place), &mut found);
    }
    let mut commands = 0;
    let mut stale = Vec::new();
    for (path, text) in found.iter().filter(|(path, _)| !path.ends_with("package_names.rs")) {
        for package in selected(text) {
            commands += 1;
            if !packages.contains(package.as_str()) {
                stale.push(format!("{path}: there is no package {package}"));
            }
        }
    }
    assert!(commands >= 5, "only {commands} commands were found");
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn a_stale_package_is_seen_in_each_way_of_writing_it() {
    let written = "cargo bench -p one, `--package=two` and .args([\"--package\", \"three\"])";
    assert_eq!(selected(written), ["two", "three", "one"]);
}
