//! The Markdown files of a folder, wherever its generator keeps them.

use std::path::{Path, PathBuf};

use super::super::{ReadError, is_markdown};
use crate::export::FOLDERS;
use crate::model::Skipped;

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

/// The files of a folder in their order, and what was passed over.
pub(super) fn of(root: &Path, is_ours: bool) -> Result<(Vec<PathBuf>, Vec<Skipped>), ReadError> {
    let names: &[&str] = if is_ours { &FOLDERS } else { &POSTS };
    let folders: Vec<PathBuf> =
        names.iter().map(|name| root.join(name)).filter(|folder| folder.is_dir()).collect();
    let folders = if folders.is_empty() { vec![root.to_owned()] } else { folders };
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for folder in folders {
        walk(&folder, &mut files, &mut skipped)?;
    }
    files.sort();
    files.dedup();
    Ok((files, skipped))
}

fn walk(
    folder: &Path,
    files: &mut Vec<PathBuf>,
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
            walk(&path, files, skipped)?;
        } else if kind.is_file() && is_markdown(&path) {
            files.push(path);
        }
    }
    Ok(())
}
