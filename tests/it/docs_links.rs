//! Links and paths in the pages lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::harness::events::root;

/// Folders in the root of the project: a quoted path that begins with one is held to exist.
const FOLDERS: [&str; 9] =
    [".cargo", ".ci", ".github", "bench", "docs", "functions", "local", "shared", "transfer"];

/// Paths that a page tells its reader to create.
const CREATED: [&str; 1] = ["events/posts/posts-excerpt.json"];

/// Every Markdown file in the root and in `docs/`, relative to the root.
fn pages() -> BTreeMap<PathBuf, String> {
    fn collect(folder: &Path, depth: usize, pages: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if root().join(&path).is_dir() {
                if depth > 0 || path == Path::new("docs") {
                    collect(&path, depth + 1, pages);
                }
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let text = std::fs::read_to_string(root().join(&path)).unwrap();
                pages.insert(path, text);
            }
        }
    }
    let mut pages = BTreeMap::new();
    collect(Path::new(""), 0, &mut pages);
    pages
}

/// The lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The anchors of a page: its headings as GitHub names them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    let anchor = |heading: &str| {
        let kept = |char: &char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_');
        heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

/// The targets of a page's links.
fn links(text: &str) -> Vec<&str> {
    let lines = prose(text).flat_map(|line| line.split("](").skip(1));
    lines.filter_map(|rest| rest.split_once(')').map(|(target, _)| target)).collect()
}

/// A relative path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop(), "{} leaves the project", path.display()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let pages = pages();
    let (mut broken, mut count) = (Vec::new(), 0);
    for (page, text) in &pages {
        for link in links(text).into_iter().filter(|link| !link.starts_with("http")) {
            count += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => plain(&page.with_file_name("").join(path)),
            };
            let is_there = root().join(&target).exists();
            let heading = anchor.is_empty()
                || pages.get(&target).is_some_and(|text| anchors(text).contains(anchor));
            if !is_there || !heading {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(count >= 50, "only {count} links were found");
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn every_path_that_a_page_names_exists() {
    let (mut missing, mut count) = (Vec::new(), 0);
    for (page, text) in pages().into_iter().filter(|(page, _)| page != Path::new("CHANGELOG.md")) {
        for quoted in prose(&text).flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let is_path =
                quoted.split_once('/').is_some_and(|(folder, _)| FOLDERS.contains(&folder))
                    && !quoted.contains(['<', '*', '{', ' ', '…']);
            if !is_path {
                continue;
            }
            count += 1;
            if !root().join(quoted).exists() && !CREATED.contains(&quoted) {
                missing.push(format!("{}: {quoted}", page.display()));
            }
        }
    }
    assert!(count >= 50, "only {count} paths were found");
    assert!(missing.is_empty(), "there is no such file or folder:\n{}", missing.join("\n"));
}

#[test]
fn anchors_are_those_of_github() {
    let page = "# If the *token* secret leaks\n```\n# not this\n```\n## `cargo dev`, 1st\n";
    let expected = ["if-the-token-secret-leaks", "cargo-dev-1st"];
    assert_eq!(anchors(page), expected.map(str::to_owned).into());
    assert_eq!(links("a [b](c.md#d), `[e](f)`"), ["c.md#d", "f"]);
}
