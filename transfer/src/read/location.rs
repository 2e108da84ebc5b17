//! Where a file stands: its folders, its name, the date and the language in them.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use regex::Regex;

use super::dates;
use super::pattern::regex;
use super::permalink::Generator;
use super::source_context::Addresses;

/// Folders that hold the posts and are no part of an address.
const ROOTS: [&str; 8] =
    ["content", "src", "source", "_posts", "_drafts", "posts", "site", "pages"];

/// The place of a file in its source.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Location {
    /// The folders that are part of its address.
    pub(super) folders: Vec<String>,
    /// The date in its name.
    pub(super) date: Option<String>,
    /// Its name without the date, the language and the ending; the folder's for `a-name/index.md`.
    pub(super) name: String,
    /// Its language, where its name or a folder says so.
    pub(super) language: Option<String>,
    /// Whether it stands where the generator has posts, and not pages.
    pub(super) is_post: bool,
    /// Whether it is the page of its folder, whose name it has.
    pub(super) is_index: bool,
}

impl Location {
    pub(super) fn of(path: &str, addresses: &Addresses) -> Self {
        let mut folders: Vec<String> = path.split(['/', '\\']).map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let is_language =
            |code: &str| addresses.languages.iter().any(|known| *known == code.to_lowercase());
        let (stem, mut language) = match stem.rsplit_once('.') {
            Some((stem, code)) if is_language(code) => (stem, Some(code.to_lowercase())),
            _ => (stem, None),
        };
        let is_index = matches!(stem, "index" | "_index");
        let stem = if is_index { folders.pop() } else { Some(stem.to_owned()) };
        let stem = stem.unwrap_or_else(|| "index".to_owned());
        let generator = addresses.generator;
        let posts = folders.iter().position(|part| part == "_posts" || part == "_drafts");
        let mut is_post = true;
        match generator {
            // What stands above the posts is their category; what stands below is not.
            Generator::Jekyll => match posts {
                Some(at) => folders.truncate(at),
                None => is_post = false,
            },
            Generator::Hexo => {
                is_post = posts.is_some();
                let root = posts.map_or(
                    usize::from(folders.first().is_some_and(|first| first == "source")),
                    |at| at + 1,
                );
                folders.drain(..root);
            }
            Generator::Hugo | Generator::Zola => {
                if folders.first().is_some_and(|first| first == "content") {
                    folders.remove(0);
                }
            }
            Generator::Obsidian => {}
            _ => {
                let root = folders.iter().take_while(|part| ROOTS.contains(&part.as_str()));
                let root = root.count();
                folders.drain(..root);
            }
        }
        if let Some(at) = folders.iter().position(|folder| is_language(folder)) {
            let found = match generator {
                // Part of the address, as the category that it is.
                Generator::Jekyll => folders[at].clone(),
                _ => folders.remove(at),
            };
            language = language.or(Some(found.to_lowercase()));
        }
        let (date, name) = dated(&stem);
        Self { folders, date, name, language, is_post, is_index }
    }
}

/// The date and the rest of `2024-03-01-a-name`.
fn dated(stem: &str) -> (Option<String>, String) {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"^(\d{4}-\d{1,2}-\d{1,2})(?:[-_ ]+(.+))?$";
        regex(pattern)
    });
    match DATED.captures(stem) {
        Some(found) if dates::time(&found[1], &TimeZone::UTC).is_some() => {
            // A note of a day has the day as its name.
            let name = found.get(2).map_or(stem, |name| name.as_str());
            (Some(found[1].to_owned()), name.to_owned())
        }
        _ => (None, stem.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_taken_apart() {
        let languages = vec!["en".to_owned(), "fr".to_owned()];
        let at = |generator, path: &str| {
            let addresses =
                Addresses { generator, languages: languages.clone(), ..Addresses::default() };
            let found = Location::of(path, &addresses);
            let date = found.date.unwrap_or_default();
            (found.folders.join("/"), date, found.name, found.language.unwrap_or_default())
        };
        let found = |folders: &str, date: &str, name: &str, language: &str| {
            (folders.to_owned(), date.to_owned(), name.to_owned(), language.to_owned())
        };
        for (generator, path, expected) in [
            (Generator::Jekyll, "_posts/2012-1-5-a-b.md", found("", "2012-1-5", "a-b", "")),
            (
                Generator::Jekyll,
                "fr/news/_posts/x/2012-01-05-a.md",
                found("fr/news", "2012-01-05", "a", "fr"),
            ),
            (
                Generator::Hugo,
                "content/posts/2020/hello.fr.md",
                found("posts/2020", "", "hello", "fr"),
            ),
            (Generator::Hugo, "content/fr/posts/hello/index.md", found("posts", "", "hello", "fr")),
            (Generator::Hugo, "content/posts/hello/index.en.md", found("posts", "", "hello", "en")),
            (Generator::Hugo, "content/posts/v1.2.md", found("posts", "", "v1.2", "")),
            (Generator::Hexo, "source/_posts/a/b.md", found("a", "", "b", "")),
            (Generator::Other, "2023-01-02.md", found("", "2023-01-02", "2023-01-02", "")),
            (Generator::Other, "index.md", found("", "", "index", "")),
        ] {
            assert_eq!(at(generator, path), expected, "{path}");
        }
    }
}
