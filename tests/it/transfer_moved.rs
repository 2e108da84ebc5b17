//! What was renamed, moved or is not there, into an export and back.

use std::path::Path;
use std::process::Command;

use byline_shared::model::Role;
use byline_transfer::byline::export;
use byline_transfer::export::Form;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::harness::App;
use crate::harness::cargo::binary;
use crate::transfer::{bring, files};

#[tokio::test(flavor = "multi_thread")]
async fn old_slugs_and_tags_lead_on_in_another_byline() {
    let first = App::unlimited().await;
    let editor = first.user(Role::Editor).await;
    let new = json!({
        "title": "Old slug here", "body": "x", "tags": ["Move", "Basalt", "Geologie"],
    });
    let mut seen = editor.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}", seen.text("/id"));
    for slug in ["old-slug-here", "new-slug"] {
        let etag = [("if-match", seen.header("etag"))];
        let body = Some(json!({ "slug": slug, "title": slug }));
        seen = editor.send(http::Method::PATCH, &path, &etag, body, 200).await;
        let revision = json!({ "revision_id": seen.text("/revision_id") });
        seen = editor.post(&format!("{path}/publish"), revision, 200).await;
    }
    editor.patch("/v1/manage/tags/move", json!({ "name": "Moved", "slug": "moved" }), 200).await;
    editor.post("/v1/manage/tags/basalt/merge", json!({ "into": "geologie" }), 200).await;
    editor.send(http::Method::DELETE, "/v1/manage/tags/moved", &[], None, 204).await;
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    let bar = ProgressBar::hidden();
    export(&first.byline.context, &before, Form::Markdown, &bar).await.unwrap();
    let post = std::fs::read_to_string(before.join("posts/new-slug.md")).unwrap();
    assert!(post.contains("tags:\n- Geologie\n"), "{post}");

    let second = App::unlimited().await;
    let report = bring(&second, &before).await;
    assert!(report.skipped.is_empty(), "{report}");
    let reader = second.anonymous();
    let moved = reader.get("/v1/posts/old-slug-here", 301).await;
    assert_eq!(moved.header("location"), "/v1/posts/new-slug");
    let moved = reader.get("/v1/tags/basalt", 301).await;
    assert_eq!(moved.header("location"), "/v1/tags/geologie");
    for gone in ["move", "moved"] {
        reader.get(&format!("/v1/tags/{gone}"), 404).await;
    }
    export(&second.byline.context, &after, Form::Markdown, &bar).await.unwrap();
    assert_eq!(files(&before), files(&after));
}

fn byline(arguments: &[&str], folder: &Path) -> (bool, String) {
    let output = Command::new(binary("byline")).args(arguments).current_dir(folder).output();
    let output = output.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn an_export_of_nothing_is_refused_and_addresses_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (done, said) = byline(&["export", "out", "--data", "mistyped"], folder);
    assert!(!done && said.contains("There is no Byline in mistyped"), "{said}");
    assert!(!folder.join("mistyped").exists());

    std::fs::create_dir(folder.join("blog")).unwrap();
    // A GIF of one pixel.
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\
                \x01\0\x01\0\0\x02\x02D\x01\0;";
    let post = "---\ntitle: A\ndate: 2020-01-01\n---\n\n![x](later.gif)\n";
    std::fs::write(folder.join("blog/a.md"), post).unwrap();
    let there = "http://127.0.0.1:8126";
    let import = ["import", "blog", "--data", "data", "--public-url", there];
    let (done, said) = byline(&import, folder);
    assert!(done && said.contains("the file `later.gif` is not there"), "{said}");
    assert!(said.contains(&format!("begin with {there}/local-bucket")), "{said}");
    // It comes later, and what the first run said stays.
    std::fs::write(folder.join("blog/later.gif"), gif).unwrap();
    let (done, said) = byline(&import, folder);
    assert!(done && said.contains("1 media file\n"), "{said}");
    let report = said.split("The report is in ").nth(1).unwrap().lines().next().unwrap();
    let report = std::fs::read_to_string(folder.join(report.trim_end_matches('.'))).unwrap();
    assert!(report.contains("is not there") && report.contains("1 media file\n"), "{report}");

    // Reached elsewhere by now.
    let (done, said) = byline(&["export", "out", "--data", "data"], folder);
    assert!(done && said.contains("1 post and 1 media file"), "{said}");
    assert!(said.contains("begin with http://127.0.0.1:8000/"), "{said}");
    let post = std::fs::read_to_string(folder.join("out/posts/a.md")).unwrap();
    assert!(post.contains("![x](../media/"), "{post}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_would_refuse_must_not_come_in_by_import() {
    let ghost = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let ghost = ghost.join("ghost/am-rhein.ghost.2024-03-10.json");
    let mut dump: Value = serde_json::from_slice(&std::fs::read(ghost).unwrap()).unwrap();
    let data = &mut dump["db"][0]["data"];
    data["users"][0]["name"] = "Ada\u{202e}\u{1} Beispiel".into();
    data["tags"][0]["name"] = "Reisen\u{1}".into();
    data["posts"][0]["title"] = "Gr\u{fffe}\u{202e}üße".into();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.ghost.json");
    std::fs::write(&file, dump.to_string()).unwrap();
    let app = App::unlimited().await;
    let report = bring(&app, &file).await;
    let said = report.to_string();
    assert!(said.contains("its tag `Reisen`") && said.contains("Gr\u{fc}\u{df}e"), "{report}");
    assert_eq!(byline_shared::model::hidden::check(&said), Ok(()), "{report}");
    let reader = app.anonymous();
    for path in ["/feed.xml", "/feed.json", "/v1/authors", "/v1/tags"] {
        let body = reader.get(path, 200).await.body;
        for odd in ["\u{202e}", "\u{fffe}", "\u{1}", "\\u0001", "&#1;"] {
            assert!(!body.contains(odd), "{odd:?} in {path}");
        }
    }
    let feed = reader.get("/feed.xml", 200).await.body;
    assert!(feed.contains("Grüße") && feed.contains("Ada Beispiel"), "{feed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_whose_slug_is_taken_gets_a_number_and_then_letters() {
    let app = App::unlimited().await;
    let folder = tempfile::tempdir().unwrap();
    let mut slugs = Vec::new();
    for number in 1..=4 {
        // Another publication each time.
        let source = folder.path().join(format!("blog-{number}"));
        let posts = source.join(format!("part-{number}"));
        std::fs::create_dir_all(&posts).unwrap();
        let text = format!("---\ntitle: Number {number}\ndate: 2020-01-01\n---\n\nText.\n");
        std::fs::write(posts.join("taken.md"), text).unwrap();
        let report = bring(&app, &source).await;
        assert_eq!(report.posts.new, 1, "{report}");
        let live = app.anonymous().get("/v1/posts?limit=100", 200).await;
        let items = live.json["items"].as_array().unwrap();
        let title = format!("Number {number}");
        let post = items.iter().find(|item| item["title"] == title.as_str()).unwrap();
        slugs.push(post["slug"].as_str().unwrap().to_owned());
    }
    assert_eq!(slugs[..3], ["taken", "taken-2", "taken-3"]);
    let letters = slugs[3].strip_prefix("taken-").unwrap();
    assert!(letters.len() == 6 && letters.bytes().all(|byte| byte.is_ascii_alphabetic()));
}
