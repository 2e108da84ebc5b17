//! The documentation says who may read the token secret.

use std::collections::BTreeSet;

use byline_shared::permission::Permission;

use super::functions;
use crate::harness::events::root;

/// The names of functions in a text that lists them: `auth-login, auth-refresh and worker-keys`.
fn names(list: &str) -> BTreeSet<&str> {
    list.split([',', ' ']).filter(|word| !["", "and", "only"].contains(word)).collect()
}

#[test]
fn the_documentation_names_who_reads_the_token_secret() {
    let functions = functions();
    let is_reader = |permissions: &[Permission]| {
        permissions.iter().any(|one| matches!(one, Permission::TokenSecret))
    };
    let readers: BTreeSet<&str> = functions
        .iter()
        .filter(|(_, _, permissions)| is_reader(permissions))
        .map(|(name, ..)| *name)
        .collect();
    assert!(readers.contains("auth-login"), "{readers:?}");
    let page = |name: &str| std::fs::read_to_string(root().join("docs").join(name)).unwrap();
    let row = |text: &str, start: &str, column: usize| {
        let row = text.lines().find(|line| line.starts_with(start)).unwrap();
        row.split(" | ").nth(column).unwrap().to_owned()
    };
    let operations = row(&page("OPERATIONS.md"), "| `token-secret` |", 2);
    assert_eq!(names(&operations), readers, "OPERATIONS.md");
    let security = row(&page("SECURITY.md"), "| functions that issue tokens", 1);
    let (security, _) = security.split_once(" can read").unwrap();
    assert_eq!(names(security), readers, "SECURITY.md");
}
