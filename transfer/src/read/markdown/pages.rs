//! The pages of a site among its posts, where its generator knows them by their place.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::super::location::Location;
use super::super::permalink::Generator;
use super::super::source_context::Addresses;

/// Folders of pages.
const FOLDERS: [&str; 2] = ["page", "pages"];

/// The files that are pages: those above all sections of Hugo and Zola, and those in a folder for pages. Where
/// there is nothing else, they are the posts.
pub(super) fn known_by_place(
    root: &Path,
    files: &[PathBuf],
    addresses: &Addresses,
) -> HashSet<PathBuf> {
    let has_sections = match addresses.generator {
        Generator::Hugo | Generator::Zola => true,
        Generator::Eleventy => false,
        _ => return HashSet::new(),
    };
    let is_page = |file: &&PathBuf| {
        let path = file.strip_prefix(root).unwrap_or(file);
        let place = Location::of(&path.display().to_string(), addresses);
        has_sections && place.folders.is_empty() || is_in_folder(path)
    };
    let pages: HashSet<PathBuf> = files.iter().filter(is_page).cloned().collect();
    if pages.len() == files.len() { HashSet::new() } else { pages }
}

/// Whether a file stands in a folder for pages, with or without a folder of its own.
fn is_in_folder(path: &Path) -> bool {
    let is_index = path.file_stem().is_some_and(|stem| stem == "index");
    let folder = path.parent();
    let folder = if is_index { folder.and_then(Path::parent) } else { folder };
    let name = folder.and_then(Path::file_name).and_then(|name| name.to_str());
    name.is_some_and(|name| FOLDERS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(generator: Generator, files: &[&str]) -> Vec<String> {
        let root = Path::new("/site");
        let files: Vec<PathBuf> = files.iter().map(|file| root.join(file)).collect();
        let addresses = Addresses { generator, ..Addresses::default() };
        let found = known_by_place(root, &files, &addresses);
        let names = found.iter().map(|file| file.strip_prefix(root).unwrap().display().to_string());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn pages_stand_above_the_sections_or_in_a_folder_of_their_own() {
        let hugo = [
            "content/about.md",
            "content/imprint/index.md",
            "content/posts/a.md",
            "content/page/b.md",
        ];
        assert_eq!(pages(Generator::Hugo, &hugo), [hugo[0], hugo[1], hugo[3]]);
        assert_eq!(pages(Generator::Zola, &hugo), [hugo[0], hugo[1], hugo[3]]);
        let eleventy = ["src/blog/a.md", "src/pages/about.md", "src/b.md"];
        assert_eq!(pages(Generator::Eleventy, &eleventy), [eleventy[1]]);
        // A site of nothing else: its posts.
        assert!(pages(Generator::Hugo, &["content/a.md", "content/b.md"]).is_empty());
        // What a vault calls pages are its notes.
        assert!(pages(Generator::Obsidian, &["pages/a.md", "journals/b.md"]).is_empty());
        assert!(pages(Generator::Other, &["pages/a.md", "posts/b.md"]).is_empty());
    }
}
