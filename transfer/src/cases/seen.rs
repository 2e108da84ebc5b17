//! What no reader saw stays so.

use super::{posts, said};
use crate::model::Status;

#[test]
fn d02_not_to_be_seen() {
    let marks = [
        "publish: false",
        "dg-publish: false",
        "_build: {render: false}",
        "build: {render: never, list: never}",
        "headless: true",
        "published: 'false'",
        "draft: 'true'",
        "draft: yes",
        "status: Draft",
        "unlisted: true",
        "robots: noindex",
        "hidden: true",
        "private: yes",
        "password: sesame",
        "is_published: false",
        "isDraft: true",
        "isPublished: false",
        "draft: True",
        "eleventyExcludeFromCollections: true",
        "visible: 'no'",
        "listed: false",
        "feed: {show: false}",
        "visibility: hidden",
        "access: members",
        "permalink: false",
        "extra:\n  secret: on",
        "stage: in review",
    ];
    let files: Vec<(String, String)> = marks
        .iter()
        .enumerate()
        .map(|(number, mark)| {
            let name = format!("_posts/2020-01-01-p{number}.md");
            (name, format!("---\ntitle: P{number}\n{mark}\n---\nText.\n"))
        })
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let posts = posts(&files);
    assert_eq!(posts.len(), marks.len());
    for post in posts {
        let number: usize = post.title[1..].parse().unwrap();
        let mark = marks[number];
        assert_eq!(post.status, Status::Draft, "{mark}");
        assert!(said(&post).contains("draft"), "{mark}: {post:?}");
        assert!(!format!("{post:?}").contains("sesame"), "{mark}");
    }
}

#[test]
fn d02_marks_of_whole_folders() {
    let post = "---\ntitle: A\ndate: 2020-01-01\n---\nText.\n";
    for files in [
        &[
            (
                "_config.yml",
                "defaults:\n  - scope: {path: _posts}\n    values: {published: false}\n",
            ),
            ("_posts/a.md", post),
        ][..],
        &[
            ("hugo.toml", "title = 'H'\n"),
            ("content/x/_index.md", "---\ncascade: {build: {list: never}}\n---\n"),
            ("content/x/a.md", post),
        ],
        &[
            (".eleventy.js", ""),
            ("posts/posts.json", "{\"permalink\": false}"),
            ("posts/a.md", post),
        ],
        &[("content/drafts/a.md", post)],
        &[("content/_a.md", post)],
    ] {
        let posts = posts(files);
        assert_eq!(posts[0].status, Status::Draft, "{files:?}");
        assert!(said(&posts[0]).contains("draft"), "{files:?}");
    }
}

#[test]
fn d02_what_is_for_all_stays_so() {
    for matter in
        ["publish: true", "draft: false", "visibility: Public", "robots: index", "toc: false"]
    {
        let text = format!("---\ntitle: A\n{matter}\n---\nText.\n");
        let posts = posts(&[("_posts/2020-01-01-a.md", &text)]);
        assert_eq!(posts[0].status, Status::Published, "{matter}");
    }
}
