//! The tables of rules in `docs/` name tests: each is there, under that name. And the glossary is short.

use std::path::{Path, PathBuf};

use crate::harness::events::root;

/// Unit tests that the tables name by their module: where they stand.
const UNIT_TESTS: [(&str, &str); 2] =
    [("password", "shared/src/auth/password.rs"), ("text", "shared/src/model/text/tests.rs")];

/// The files that a module's tests may stand in. A name counts from the document's own folder, and
/// from `tests/it`.
fn files(folder: &str, module: &str) -> Vec<PathBuf> {
    let path = module.replace("::", "/");
    let tests = root().join("tests/it");
    let mut files = Vec::new();
    for base in [tests.join(folder), tests] {
        files.extend([base.join(format!("{path}.rs")), base.join(&path).join("mod.rs")]);
    }
    let unit = UNIT_TESTS.iter().filter(|(name, _)| *name == module);
    files.extend(unit.map(|(_, file)| root().join(file)));
    files
}

/// The names of the tests in a file; none if it is not there.
fn tests(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_test = |line: &str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    let pairs = lines.windows(2).filter(|pair| is_test(pair[0]));
    let names = pairs.filter_map(|pair| {
        let rest = pair[1].trim_start_matches("async ").strip_prefix("fn ")?;
        rest.split_once('(').map(|(name, _)| name.to_owned())
    });
    names.collect()
}

/// What a document names between backticks as `module::test` or `module::*`.
fn named(text: &str) -> Vec<(&str, &str)> {
    let is_path = |name: &&str| {
        let letters = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b':')
        };
        let plain = name.strip_suffix('*').unwrap_or(name);
        plain.starts_with(|char: char| char.is_ascii_lowercase()) && plain.bytes().all(letters)
    };
    let quoted = text.lines().filter(|line| line.starts_with('|'));
    let quoted = quoted.flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted.filter(is_path).filter_map(|name| name.rsplit_once("::")).collect()
}

#[test]
fn every_test_that_a_table_names_is_there() {
    for (document, folder, at_least) in [
        ("MCP-CONFORMANCE.md", "mcp", 80),
        ("OAUTH-CONFORMANCE.md", "oauth", 90),
        ("SECURITY.md", "", 80),
    ] {
        let text = std::fs::read_to_string(root().join("docs").join(document)).unwrap();
        let named = named(&text);
        assert!(named.len() >= at_least, "{document} names {} tests", named.len());
        for (module, test) in named {
            let there: Vec<String> =
                files(folder, module).iter().flat_map(|file| tests(file)).collect();
            let found =
                if test == "*" { !there.is_empty() } else { there.iter().any(|name| name == test) };
            assert!(found, "{document}: there is no test {module}::{test}");
        }
    }
}

#[test]
fn the_glossary_has_no_more_words_than_a_newcomer_reads() {
    let glossary = std::fs::read_to_string(root().join("docs/GLOSSARY.md")).unwrap();
    let words = glossary.lines().filter(|line| line.starts_with("| **")).count();
    assert!((1..=25).contains(&words), "{words} words");
}
