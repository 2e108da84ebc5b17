//! Inputs of kinds that came out wrong once, each with what is right.

mod seen;
mod yaml;

use std::path::Path;

use tempfile::TempDir;

use crate::model::{Post, Publication};
use crate::read::{self, ReadError};
use crate::samples;

/// A folder with these files.
pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// A source as it is opened without options.
pub(super) fn open(source: &Path) -> Result<Publication, ReadError> {
    read::open(source, read::Format::of(source).unwrap(), &samples::options())
}

/// The posts of a folder with these files; none of them is unreadable.
pub(super) fn posts(files: &[(&str, &str)]) -> Vec<Post> {
    let folder = folder(files);
    let (posts, skipped) = samples::posts(open(folder.path()).unwrap());
    assert!(skipped.is_empty(), "{skipped:?}");
    posts
}

/// The post with a title.
pub(super) fn titled<'p>(posts: &'p [Post], title: &str) -> &'p Post {
    let found = posts.iter().find(|post| post.title == title);
    found.unwrap_or_else(|| panic!("{title}: {:?}", posts.iter().map(|post| &post.title)))
}

/// What is said of a post, in one text.
pub(super) fn said(post: &Post) -> String {
    post.skipped.iter().map(|skipped| format!("{}\n", skipped.why)).collect()
}
