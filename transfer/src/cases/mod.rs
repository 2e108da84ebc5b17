//! Inputs of kinds that came out wrong once, each with what is right.

mod addresses;
mod converter;
mod encodings;
mod markdown;
mod seen;
mod wordpress;
mod yaml;

use std::path::Path;

use indicatif::ProgressBar;
use tempfile::TempDir;

use crate::import::{Media, look as look_at};
use crate::model::{Post, Publication};
use crate::read::{self, ReadError};
use crate::report::Report;
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

/// A WordPress export with these items.
pub(super) fn wordpress(items: &str) -> TempDir {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss xmlns:wp=\"w\" xmlns:content=\"c\"><channel>\
         <title>Field</title><link>https://field.example</link>{items}</channel></rss>"
    );
    folder(&[("wp.xml", &text)])
}

/// An item of WordPress that is published.
pub(super) fn item(id: u32, link: &str, content: &str, more: &str) -> String {
    format!(
        "<item><title>P{id}</title><link>{link}</link><content:encoded><![CDATA[{content}]]></content:encoded>\
         <wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2020-03-01 12:00:00</wp:post_date_gmt>\
         <wp:post_name>p{id}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
         {more}</item>"
    )
}

/// The posts of a file in a folder.
pub(super) fn posts_of(folder: &TempDir, name: &str) -> Vec<Post> {
    let (posts, skipped) = samples::posts(open(&folder.path().join(name)).unwrap());
    assert!(skipped.is_empty(), "{skipped:?}");
    posts
}

/// What an import would find.
pub(super) fn look(source: &Path) -> Report {
    look_at(open(source).unwrap(), Media::All, &ProgressBar::hidden())
}
