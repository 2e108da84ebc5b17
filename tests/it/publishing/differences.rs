//! What differs between two revisions.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{edit, path};
use crate::harness::{App, Client};

/// The lines between two bodies: each with its kind and its pieces, those that differ in brackets.
async fn lines(editor: &Client, title: &str, from: &str, to: &str) -> Vec<String> {
    let body = json!({ "title": title, "body": from });
    let first = editor.post("/v1/manage/posts", body, 201).await;
    let second = edit(editor, &first, json!({ "body": to }), 200).await;
    let (from, to) = (first.text("/revision_id"), second.text("/revision_id"));
    let diff = editor.get(&path(&first, &format!("/diff?from={from}&to={to}")), 200).await;
    let hunks = diff.json["hunks"].as_array().unwrap().iter();
    let lines = hunks.flat_map(|hunk| hunk["lines"].as_array().unwrap());
    let piece = |word: &Value| {
        let text = word["text"].as_str().unwrap();
        if word["changed"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    let words =
        |line: &Value| line["words"].as_array().unwrap().iter().map(piece).collect::<String>();
    lines.map(|line| format!("{} {}", line["kind"].as_str().unwrap(), words(line))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_words_are_marked() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let one_word =
        lines(&editor, "One", "Same.\n\nThe cat sat.\n", "Same.\n\nThe dog sat.\n").await;
    assert_eq!(
        one_word,
        ["equal Same.", "equal ", "removed The [cat] sat.", "added The [dog] sat."]
    );
    // Lines that have little in common are another text as a whole.
    let whole = lines(&editor, "Two", "Two\n", "Two and a half\n").await;
    assert_eq!(whole, ["removed [Two]", "added [Two and a half]"]);
    // What comes beside the rest has no other side.
    let more = lines(&editor, "Three", "First.\n", "First.\nSecond.\n").await;
    assert_eq!(more, ["equal First.", "added Second."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_of_everything_is_shown_in_part() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    for (title, from, to) in [
        ("Lines", "a\n".repeat(120_000), "b\n".repeat(120_000)),
        ("Words", "aa ".repeat(80_000), "bb ".repeat(80_000)),
    ] {
        let new = json!({ "title": title, "body": from });
        let post = editor.post("/v1/manage/posts", new, 201).await;
        let base = post.text("/revision_id");
        let change = json!({ "body": to, "base_revision_id": base });
        let proposal = editor.post(&path(&post, "/proposals"), change, 201).await;
        edit(&editor, &post, json!({ "body": "Another." }), 200).await;
        let approve = format!("/v1/manage/proposals/{}/approve", proposal.text("/id"));
        let conflict = editor.post(&approve, json!({}), 409).await;
        let shown =
            editor.get(&format!("/v1/manage/proposals/{}", proposal.text("/id")), 200).await;
        for answer in [&proposal, &conflict, &shown] {
            assert!(answer.body.len() < 5_000_000, "{title}: {} bytes", answer.body.len());
        }
        assert_eq!(shown.json["diff"]["truncated"], title == "Lines");
    }
}
