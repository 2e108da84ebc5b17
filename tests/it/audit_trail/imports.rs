//! What an import brings in, and the admin who brought it.

use byline_shared::model::Role;
use serde_json::{Value, json};

use crate::harness::App;
use crate::transfer::bring_on;

/// A GIF of one pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\
                     \x01\0\x01\0\0\x02\x02D\x01\0;";

/// Title, lines of its front matter, what the log says of its creation, and of the file that came later.
const POSTS: [(&str, &str, &str, &str); 3] = [
    ("Live", "date: 2020-01-01\nauthor: Grace Example", "imported and published", ", published"),
    ("Draft", "draft: true", "imported", ""),
    ("Planned", "date: 2099-01-01", "imported and scheduled", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_an_import_brings_is_in_the_audit_log() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let me = admin.get("/v1/users/me", 200).await.text("/id");
    let folder = tempfile::tempdir().unwrap();
    let (source, state) = (folder.path().join("posts"), folder.path().join("state"));
    std::fs::create_dir(&source).unwrap();
    for (title, lines, ..) in POSTS {
        let text = format!("---\ntitle: {title}\n{lines}\n---\n\n![x](later.gif)\n");
        std::fs::write(source.join(format!("{title}.md")), text).unwrap();
    }
    let entries = async |event: &str| -> Vec<Value> {
        let log = admin.get(&format!("/v1/admin/audit?limit=100&event={event}"), 200).await;
        let all = log.json["items"].as_array().unwrap().iter();
        all.filter(|entry| entry["actor"] == me.as_str()).cloned().collect()
    };
    let posts = async || {
        let list = editor.get("/v1/manage/posts?limit=100", 200).await;
        let items = list.json["items"].as_array().unwrap().clone();
        POSTS.map(|(title, ..)| items.iter().find(|item| item["title"] == title).unwrap().clone())
    };
    bring_on(&app, &source, &state).await;
    let made = entries("post_created").await;
    assert_eq!(made.len(), POSTS.len(), "{made:?}");
    for (post, (title, _, how, _)) in posts().await.iter().zip(POSTS) {
        let entry = made.iter().find(|entry| entry["subject"] == post["id"]).unwrap();
        assert_eq!(
            (&entry["detail"], &entry["outcome"]),
            (&json!(how), &json!("success")),
            "{title}"
        );
    }
    let authors = entries("email_verified").await;
    let authors: Vec<&Value> =
        authors.iter().filter(|entry| entry["detail"] == "imported, disabled").collect();
    assert_eq!(authors.len(), 1, "{authors:?}");

    // The file, and the revisions that show it.
    clock.advance(60);
    std::fs::write(source.join("later.gif"), GIF).unwrap();
    bring_on(&app, &source, &state).await;
    assert_eq!(entries("media_completed").await.len(), 1);
    let updated = entries("post_updated").await;
    assert_eq!(updated.len(), POSTS.len(), "{updated:?}");
    for (post, (title, _, _, also)) in posts().await.iter().zip(POSTS) {
        let entry = updated.iter().find(|entry| entry["subject"] == post["id"]).unwrap();
        let expected = format!("{}{also}", post["revision_id"].as_str().unwrap());
        assert_eq!(entry["detail"], expected, "{title}");
    }
    assert_eq!(entries("post_created").await.len(), POSTS.len(), "nothing is made again");
}
