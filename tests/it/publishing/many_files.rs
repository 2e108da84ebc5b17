//! A text may name so many files, and no more: each review looks all of them up.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{edit, path, publish};
use crate::harness::{Answer, App};
use crate::transfer::bring;

/// How many files a text may name.
const MOST: usize = 1000;

/// Lines that name these files of the publication, one each.
fn lines(files: impl Iterator<Item = usize>) -> String {
    files.map(|file| format!("media_01JD9ZP7V8Q2M4T6W8X0Y2{file:04}\n")).collect()
}

fn is_refused(answer: &Answer, pointer: &str) {
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(answer.faults(), [(pointer.to_owned(), "too_many_files".to_owned())]);
    let message = answer.text("/errors/0/message");
    assert!(message.contains("1001 files") && message.contains("may name 1000"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_names_too_many_is_refused_at_every_door() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let (most, more) = (lines(0..MOST), lines(0..=MOST));
    let new = |body: &str| json!({ "title": "Files", "body": body });

    let drafted = editor.post("/v1/manage/posts", new(&most), 201).await;
    is_refused(&editor.try_post("/v1/manage/posts", new(&more)).await, "/body");
    is_refused(&edit(&editor, &drafted, json!({ "body": more }), 422).await, "/body");
    // Those that custom data names count, too.
    let metadata = json!({ "metadata": { "file": lines(MOST..MOST + 1).trim() } });
    is_refused(&edit(&editor, &drafted, metadata, 422).await, "/body");

    let proposal = agent.post("/v1/manage/proposals", new(&most), 201).await;
    is_refused(&agent.try_post("/v1/manage/proposals", new(&more)).await, "/body");
    let change = json!({ "body": more, "base_revision_id": drafted.json["revision_id"] });
    is_refused(&agent.try_post(&path(&drafted, "/proposals"), change).await, "/body");
    let edits = json!({ "edits": { "body": more } });
    is_refused(&editor.approve(&proposal.text("/id"), edits, 422).await, "/body");
    publish(&editor, &editor.approve(&proposal.text("/id"), json!({}), 200).await, 200).await;

    let (post, revision) = (&drafted.json["id"], &drafted.json["revision_id"]);
    for (tool, arguments) in [
        ("post_create_draft", new(&more)),
        ("post_propose", new(&more)),
        ("post_propose", json!({ "post_id": post, "revision_id": revision, "body": more })),
        ("post_edit", json!({ "post_id": post, "revision_id": revision, "body": more })),
    ] {
        let params = json!({ "name": tool, "arguments": arguments });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let answer = agent.post("/mcp", call, 200).await;
        assert_eq!(answer.json["result"]["isError"], true, "{tool}: {}", answer.body);
        let text = answer.text("/result/content/0/text");
        assert!(text.contains("body: The text names 1001 files"), "{tool}: {text}");
    }

    let folder = tempfile::tempdir().unwrap();
    for (name, body) in [("most", &most), ("more", &more)] {
        let text = format!("---\ntitle: {name}\ndate: 2020-01-01\n---\n\n{body}");
        std::fs::write(folder.path().join(format!("{name}.md")), text).unwrap();
    }
    let report = bring(&app, folder.path()).await.to_string();
    assert!(report.contains("The text names 1001 files"), "{report}");
    app.anonymous().get("/v1/posts/most", 200).await;
    app.anonymous().get("/v1/posts/more", 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_changes_name_together_is_refused_when_it_is_approved() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let fixed = "A line.\n\nAnother line.\n";
    let body = |before: &str, behind: &str| format!("{before}\n{fixed}\n{behind}");
    let new = json!({ "title": "Files", "body": body("Before.\n", "Behind.\n") });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let base = &post.json["revision_id"];
    let change = json!({ "base_revision_id": base, "body": body(&lines(0..600), "Behind.\n") });
    let proposal = agent.post(&path(&post, "/proposals"), change, 201).await;
    let theirs = json!({ "body": body("Before.\n", &lines(600..=MOST)) });
    edit(&editor, &post, theirs, 200).await;

    // It can be read and decided as any other.
    let id = proposal.text("/id");
    let read = editor.get(&format!("/v1/manage/proposals/{id}"), 200).await;
    assert!(read.text("/review/body").contains(&lines(600..=MOST)), "it is merged");
    is_refused(&editor.approve(&id, json!({}), 422).await, "/proposal_id");
    editor.post(&format!("/v1/manage/proposals/{id}/reject"), json!({}), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_only_rendering_finds_count_before_a_text_goes_live() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let hidden: String = (0..=MOST)
        .map(|file| {
            format!("![a](https://media.example/%6Dedia/01JD9ZP7V8Q2M4T6W8X0Y2{file:04}/a.png)\n")
        })
        .collect();
    let new = json!({ "title": "Hidden", "body": hidden });
    let proposal = agent.post("/v1/manage/proposals", new.clone(), 201).await;
    let id = proposal.text("/id");
    let read = editor.get(&format!("/v1/manage/proposals/{id}"), 200).await;
    assert_ne!(read.json["review"], Value::Null);
    is_refused(&editor.approve(&id, json!({}), 422).await, "/proposal_id");
    let drafted = editor.post("/v1/manage/posts", new, 201).await;
    is_refused(&publish(&editor, &drafted, 422).await, "/revision_id");
    let review = path(&drafted, &format!("/review?revision_id={}", drafted.text("/revision_id")));
    editor.get(&review, 200).await;
    let at = app.byline.context.clock.now().plus_seconds(60);
    let later = json!({ "revision_id": drafted.json["revision_id"], "publish_at": at });
    is_refused(&editor.post(&path(&drafted, "/schedule"), later, 422).await, "/revision_id");
}
