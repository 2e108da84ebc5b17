//! The floors of `shared`, and no import circle in any package.
//!
//! `shared/src/lib.rs` lists the floors. A module imports only from lines below its own.

mod imports;
mod macros;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use imports::{Import, Package};

use crate::harness::events::root;

/// The floors that `shared/src/lib.rs` lists, from the top down.
fn floors() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("shared/src/lib.rs")).unwrap();
    let lines = text.lines().skip_while(|line| !line.ends_with("```text floors")).skip(1);
    let lines = lines.take_while(|line| !line.ends_with("```"));
    let names =
        |line: &str| line.trim_start_matches("//! ").split(", ").map(str::to_owned).collect();
    lines.map(names).collect()
}

/// The floors in the table of `docs/ARCHITECTURE.md`.
fn floors_of_the_page() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("| Floor |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let names = |row: &str| {
        let modules = row.split('|').nth(2).unwrap();
        modules.trim().split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
    };
    rows.map(names).collect()
}

/// Every import in `shared` that does not lead to a lower floor, as `file:line: …`.
fn climbing(imports: &[Import], floors: &[Vec<String>]) -> Vec<String> {
    let floor = |module: &str| floors.iter().position(|names| names.iter().any(|n| n == module));
    let room = |file: &Path| {
        let first = file.iter().nth(2).and_then(|name| name.to_str()).unwrap();
        first.trim_end_matches(".rs").to_owned()
    };
    let mut climbing = Vec::new();
    for import in imports {
        let (from, to) = (room(&import.from), room(&import.to));
        if from == to || from == "lib" {
            continue;
        }
        let at = format!("{}:{}", import.from.display(), import.line);
        match (floor(&from), floor(&to)) {
            (Some(upper), Some(lower)) if upper < lower => {}
            (Some(_), Some(_)) => climbing.push(format!("{at}: {from} must not import {to}")),
            (None, _) => climbing.push(format!("{at}: {from} is on no floor")),
            (_, None) => climbing.push(format!("{at}: {to} is on no floor")),
        }
    }
    climbing
}

/// The imports that are part of a circle: the imported file leads back to the importing one.
fn circles(imports: &[Import]) -> Vec<String> {
    let mut files: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for import in imports {
        files.entry(&import.from).or_default().insert(&import.to);
    }
    let reachable: BTreeMap<&Path, BTreeSet<&Path>> =
        files.keys().map(|file| (*file, reachable(&files, file))).collect();
    let circular = imports.iter().filter(|import| {
        reachable.get(&*import.to).is_some_and(|files| files.contains(&*import.from))
    });
    let line = |import: &Import| {
        format!("{}:{}: imports {}", import.from.display(), import.line, import.to.display())
    };
    let mut lines: Vec<String> = circular.map(line).collect();
    lines.dedup();
    lines
}

/// The files that a file imports, directly or through others.
fn reachable<'a>(
    files: &BTreeMap<&'a Path, BTreeSet<&'a Path>>,
    start: &'a Path,
) -> BTreeSet<&'a Path> {
    let (mut found, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(file) = open.pop() {
        open.extend(files.get(file).into_iter().flatten().filter(|file| found.insert(**file)));
    }
    found
}

#[test]
fn modules_of_shared_import_only_from_lower_floors() {
    let floors = floors();
    assert!(floors.len() > 5, "shared/src/lib.rs lists no floors");
    let climbing = climbing(&Package::read("shared").imports(), &floors);
    assert!(climbing.is_empty(), "imports that climb:\n{}", climbing.join("\n"));
}

#[test]
fn the_architecture_page_draws_the_same_floors() {
    assert_eq!(floors_of_the_page(), floors());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let functions = std::fs::read_dir(root().join("functions")).unwrap();
    let functions = functions.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let functions = functions.map(|name| format!("functions/{name}"));
    let others = ["shared", "transfer", "local"].map(str::to_owned);
    let packages = functions.chain(others).map(|folder| Package::read(&folder).imports());
    let circles: Vec<String> = packages.flat_map(|imports| circles(&imports)).collect();
    assert!(circles.is_empty(), "files that import each other:\n{}", circles.join("\n"));
}

/// The checks find what they are for.
#[test]
fn an_import_that_climbs_is_named_with_file_and_line() {
    let mut package = Package::read("shared");
    package.add("shared/src/store/probe.rs", "\nuse crate::publishing::publish;\n");
    let climbing = climbing(&package.imports(), &floors());
    assert_eq!(climbing, ["shared/src/store/probe.rs:2: store must not import publishing"]);
}

#[test]
fn a_macro_and_a_re_export_that_climb_are_named() {
    let mut package = Package::read("shared");
    package
        .add("shared/src/store/probe.rs", "\nfn f() { assert!(g(crate::publishing::publish)) }\n");
    package.add("shared/src/model/probe/mod.rs", "pub use crate::store::Store;\n");
    let climbing = climbing(&package.imports(), &floors());
    assert_eq!(
        climbing,
        [
            "shared/src/model/probe/mod.rs:1: model must not import store",
            "shared/src/store/probe.rs:2: store must not import publishing",
        ]
    );
}

#[test]
fn a_circle_is_named_with_both_files() {
    let mut package = Package::read("shared");
    package.add("shared/src/model/one.rs", "use super::two::Two;\npub struct One;\n");
    package
        .add("shared/src/model/two.rs", "pub struct Two;\nfn f() -> crate::model::one::One {}\n");
    let circles = circles(&package.imports());
    let found =
        circles.iter().filter(|line| line.contains("model/one") || line.contains("model/two"));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            "shared/src/model/one.rs:1: imports shared/src/model/two.rs",
            "shared/src/model/two.rs:2: imports shared/src/model/one.rs"
        ]
    );
}
