//! Files that come later than the posts that show them.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use crate::harness::{Answer, App, Client};
use crate::transfer::bring_on;

/// A GIF of one pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\
                     \x01\0\x01\0\0\x02\x02D\x01\0;";

const POSTS: [(&str, &str); 6] = [
    ("Live", "date: 2020-01-01"),
    ("Draft", "draft: true"),
    ("Planned", "date: 2099-01-01"),
    ("Edited", "date: 2020-01-01"),
    ("Edited live", "date: 2020-01-01"),
    ("Edited draft", "draft: true"),
];

/// A post by its title, as its editor reads it.
async fn post(editor: &Client, title: &str) -> Answer {
    let list = editor.get("/v1/manage/posts?limit=100", 200).await;
    let items = list.json["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["title"] == title);
    let id = found.unwrap_or_else(|| panic!("no {title}: {}", list.body))["id"].as_str().unwrap();
    editor.get(&format!("/v1/manage/posts/{id}"), 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_gets_the_files_that_were_missing_unless_it_was_changed_here() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let folder = tempfile::tempdir().unwrap();
    let (source, state) = (folder.path().join("posts"), folder.path().join("state"));
    std::fs::create_dir(&source).unwrap();
    for (title, line) in POSTS {
        let text = format!("---\ntitle: {title}\n{line}\n---\n\n![x](later.gif)\n");
        std::fs::write(source.join(format!("{}.md", title.replace(' ', "-"))), text).unwrap();
    }
    let report = bring_on(&app, &source, &state).await;
    assert_eq!((report.posts.new, report.media.new), (6, 0), "{report}");
    let before = post(&editor, "Live").await;
    for title in ["Edited", "Edited live", "Edited draft"] {
        let seen = post(&editor, title).await;
        let path = format!("/v1/manage/posts/{}", seen.text("/id"));
        let body = Some(json!({ "body": "Changed here." }));
        let etag = [("if-match", seen.header("etag"))];
        let edited = editor.send(Method::PATCH, &path, &etag, body, 200).await;
        if title == "Edited live" {
            let revision = json!({ "revision_id": edited.text("/revision_id") });
            editor.post(&format!("{path}/publish"), revision, 200).await;
        }
    }
    clock.advance(60);
    std::fs::write(source.join("later.gif"), GIF).unwrap();
    let report = bring_on(&app, &source, &state).await;
    assert_eq!((report.posts.new, report.media.new), (0, 1), "{report}");
    for (title, _) in POSTS {
        let is_changed = title.starts_with("Edited");
        let now = post(&editor, title).await;
        let has_file = now.text("/body").contains("/media/");
        assert_eq!(has_file, !is_changed, "{title}: {}", now.body);
        let said = report.skipped.iter().any(|skipped| {
            skipped.what.starts_with(&format!("{title} (")) && skipped.why.contains("changed here")
        });
        assert_eq!(said, is_changed, "{title}: {report}");
    }
    // Readers see the file in the post, at the time that it had.
    let live = app.anonymous().get("/v1/posts/live", 200).await;
    assert!(live.text("/body_html").contains("<img"), "{}", live.body);
    let after = post(&editor, "Live").await;
    for time in ["/published_at", "/updated_at"] {
        assert_eq!(after.json.pointer(time), before.json.pointer(time), "{time}");
    }
    // The schedule is for the text with the file.
    let planned = post(&editor, "Planned").await;
    assert_eq!(planned.json["schedule"]["revision_id"], planned.json["revision_id"]);
}
