//! The Markdown files of a folder, wherever its generator keeps them.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::error::ReadError;
use super::super::file_names::{extension, is_html, is_markdown};
use crate::export::FOLDERS;
use crate::model::Skipped;
use crate::source_folder::SourceFolder;

/// Where the generators keep their posts.
const POSTS: [&str; 8] = [
    "_posts",
    "_drafts",
    "content",
    "src/content",
    "source/_posts",
    "source/_drafts",
    "src/posts",
    "posts",
];

/// Folders that hold no posts.
const OTHER: [&str; 5] = ["node_modules", "_site", "vendor", "target", "dist"];

/// Folders that a generator reads for other things than posts.
const INNER: [&str; 10] = [
    "themes",
    "archetypes",
    "layouts",
    "_layouts",
    "_includes",
    "_sass",
    "_data",
    "templates",
    "scaffolds",
    "public",
];

/// What posts are written in by some, and is not read here.
const UNREAD: [&str; 7] = ["html", "htm", "adoc", "asciidoc", "org", "rst", "textile"];

/// Files about a repository, which are not posts.
pub(super) const ABOUT: [&str; 6] =
    ["readme", "license", "changelog", "contributing", "code_of_conduct", "security"];

/// The files of a folder.
#[derive(Default)]
pub(super) struct Files {
    /// Those of posts, and of pages, in their order.
    pub(super) posts: Vec<PathBuf>,
    /// Those of pages among them that are known by their place.
    pub(super) pages: HashSet<PathBuf>,
    /// What was passed over.
    pub(super) skipped: Vec<Skipped>,
}

/// The files of a folder in their order, and what was passed over.
pub(super) fn of(source: &SourceFolder, is_ours: bool) -> Result<Files, ReadError> {
    let root = source.path();
    let names: &[&str] = if is_ours { &FOLDERS } else { &POSTS };
    let (mut files, mut unread) = (Files::default(), Vec::new());
    let mut folders: Vec<PathBuf> = Vec::new();
    for name in names {
        let folder = root.join(name);
        if !folder.is_dir() {
            continue;
        }
        match source.find(&folder) {
            Ok(_) => folders.push(folder),
            Err(why) => files.skipped.push(Skipped::new(*name, why.to_string())),
        }
    }
    if !is_ours {
        nested(root, &mut folders);
    }
    let is_whole = folders.is_empty();
    let folders = if is_whole { vec![root.to_owned()] } else { folders };
    for folder in &folders {
        let is_post = |_: &Path| true;
        walk(folder, &is_post, &mut files.posts, &mut unread, &mut files.skipped)?;
    }
    if is_whole {
        // HTML beside notes is of any kind; among posts it is one.
        unread.clear();
    }
    let (html, unread): (Vec<PathBuf>, Vec<PathBuf>) =
        unread.into_iter().partition(|path| is_html(path) && has_matter(path));
    files.posts.extend(html);
    if !is_ours && !is_whole {
        outside(root, &folders, &mut files)?;
    }
    for path in unread {
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        files.skipped.push(Skipped::new(name, "it is not Markdown, and was left out."));
    }
    files.posts.sort();
    files.posts.dedup();
    Ok(files)
}

/// How deep Jekyll's folders of posts are looked for.
const NESTED: usize = 6;

/// Adds the folders of posts that stand in others: Jekyll takes those above as categories.
fn nested(root: &Path, folders: &mut Vec<PathBuf>) {
    let mut open = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) || name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            if matches!(name, "_posts" | "_drafts") {
                if !folders.iter().any(|known| path.starts_with(known)) {
                    folders.push(path);
                }
            } else if depth < NESTED
                && !name.starts_with('_')
                && !OTHER.contains(&name)
                && !INNER.contains(&name)
            {
                open.push((path, depth + 1));
            }
        }
    }
}

/// The Markdown outside of the folders of posts: pages, where Jekyll or Hexo builds pages of it;
/// else it is said that there is some.
fn outside(root: &Path, folders: &[PathBuf], files: &mut Files) -> Result<(), ReadError> {
    let known: HashSet<PathBuf> = files.posts.iter().cloned().collect();
    let is_other = |path: &Path| !known.contains(path);
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    walk(root, &is_other, &mut found, &mut unread, &mut files.skipped)?;
    let source = root.join("source");
    let is_jekyll = folders.iter().any(|folder| folder.ends_with("_posts"));
    let place = match source.join("_posts").is_dir() {
        true => Some(source),
        false => is_jekyll.then(|| root.to_owned()),
    };
    let mut left: BTreeMap<String, u64> = BTreeMap::new();
    for path in found {
        let below = path.strip_prefix(root).unwrap_or(&path);
        let mut folders = below.iter().rev().skip(1).map(|part| part.to_string_lossy());
        let is_inner = folders.any(|part| part.starts_with('_') || INNER.contains(&part.as_ref()));
        let is_page = place.as_ref().is_some_and(|base| path.starts_with(base)) && !is_inner;
        if is_page && has_matter(&path) {
            files.pages.insert(path.clone());
            files.posts.push(path);
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        if !ABOUT.contains(&stem.as_str()) {
            let first = below.iter().next().map(|part| part.to_string_lossy().into_owned());
            *left.entry(first.unwrap_or_default()).or_default() += 1;
        }
    }
    // A page of a site may be HTML, too; what has no front matter is served as it is.
    let is_placed = |path: &Path| place.as_ref().is_some_and(|base| path.starts_with(base));
    unread.retain(|path| is_placed(path) && has_matter(path));
    unread.retain(|path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        !below.iter().any(|part| {
            let part = part.to_string_lossy();
            part.starts_with('_') || INNER.contains(&part.as_ref())
        })
    });
    let why = "it is not Markdown, and was left out.";
    files.skipped.extend(unread.iter().map(|path| {
        let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
        Skipped::new(name, why)
    }));
    files.skipped.extend(left.into_iter().map(|(name, count)| {
        let (what, verb) = if count == 1 { ("file", "is") } else { ("files", "are") };
        let why = format!(
            "{count} Markdown {what} in it {verb} outside of the folders of posts, and left out."
        );
        Skipped::new(name, why)
    }));
    Ok(())
}

/// Whether a file begins with front matter.
fn has_matter(path: &Path) -> bool {
    let mut start = [0; 6];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut start));
    let start = &start[..read.unwrap_or(0)];
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    start.starts_with(b"---") || start.starts_with(b"+++")
}

fn walk(
    folder: &Path,
    is_wanted: &impl Fn(&Path) -> bool,
    files: &mut Vec<PathBuf>,
    unread: &mut Vec<PathBuf>,
    skipped: &mut Vec<Skipped>,
) -> Result<(), ReadError> {
    for entry in std::fs::read_dir(folder).map_err(ReadError::file(folder))? {
        let entry = entry.map_err(ReadError::file(folder))?;
        let path = entry.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            let why = "its name is not valid Unicode.";
            skipped.push(Skipped::new(path.display().to_string(), why));
            continue;
        };
        if name.starts_with('.') || OTHER.contains(&name) {
            continue;
        }
        // A link to elsewhere is not followed: it may lead in a circle.
        let kind = entry.file_type().map_err(ReadError::file(&path))?;
        if kind.is_dir() {
            walk(&path, is_wanted, files, unread, skipped)?;
        } else if kind.is_file() && is_markdown(&path) {
            if is_wanted(&path) {
                files.push(path);
            }
        } else if kind.is_file() && UNREAD.contains(&extension(&path).as_str()) {
            unread.push(path);
        }
    }
    Ok(())
}
