//! What differs between two revisions.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{edit, path};
use crate::harness::tier::seed;
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

/// Texts that are as long as a post may be, made to be slow to compare. Those in which words decide
/// are compared by so many of them; the time decides of the others.
fn hostile(rng: &mut fastrand::Rng) -> [(&'static str, String, String, bool); 7] {
    const SIZE: usize = 250_000;
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect();
    let words = |word: &str| format!("{word} ").repeat(SIZE / (word.len() + 1));
    let mut letters =
        || -> String { (0..SIZE / 2).map(|_| if rng.bool() { "a\n" } else { "b\n" }).collect() };
    let (one, other): (String, String) = (letters(), letters());
    let prose = |word: &str| -> String {
        lines(240, &|line| format!("{line} {}\n\n", format!("same {word} ").repeat(100)))
    };
    [
        (
            "lines",
            lines(30_000, &|n| format!("x {n}\n")),
            lines(30_000, &|n| format!("y {n}\n")),
            true,
        ),
        ("line", words("aa"), words("bb"), true),
        ("half a line", words("aa bb"), words("aa cc"), true),
        ("alike", "a\n".repeat(SIZE / 2), "a\n".repeat(SIZE / 4), false),
        ("letters", one, other, false),
        (
            "places",
            lines(9_000, &|n| format!("same\nold {n} of it\n")),
            lines(9_000, &|n| format!("same\nnew {n} of it\n")),
            false,
        ),
        ("prose", prose("old"), prose("new"), false),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slow_to_compare_is_compared_more_coarsely() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let mut rng = fastrand::Rng::with_seed(seed());
    for (title, from, to, coarse) in hostile(&mut rng) {
        let new = json!({ "title": title, "body": from });
        let first = editor.post("/v1/manage/posts", new, 201).await;
        let second = edit(&editor, &first, json!({ "body": to }), 200).await;
        let (from, to) = (first.text("/revision_id"), second.text("/revision_id"));
        let to_diff = path(&first, &format!("/diff?from={from}&to={to}"));
        let diff = editor.get(&to_diff, 200).await;
        assert!(!diff.json["hunks"].as_array().unwrap().is_empty(), "{title}");
        if coarse {
            assert_eq!(diff.json["coarse"], true, "{title}");
            assert_eq!(editor.get(&to_diff, 200).await.json, diff.json, "{title}");
        }
        // A proposal of the same can be read, too, and decided.
        let change = json!({ "body": "Another.\n", "base_revision_id": from });
        let proposal = editor.post(&path(&first, "/proposals"), change, 201).await;
        let refused = editor.approve(&proposal.text("/id"), json!({}), 409).await;
        refused.is_problem("proposal_conflict");
    }
    let short = lines(&editor, "Short", "The cat sat.\n", "The dog sat.\n").await;
    assert_eq!(short, ["removed The [cat] sat.", "added The [dog] sat."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_is_limited_for_each_account() {
    let (app, _clock) = App::with_clock().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", json!({ "title": "Post", "body": "x" }), 201).await;
    let id = post.text("/revision_id");
    let to_diff = path(&post, &format!("/diff?from={id}&to={id}"));
    let mut refused = None;
    for _ in 0..=60 {
        let answer = editor.try_send(http::Method::GET, &to_diff, &[], None).await.unwrap();
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    refused.expect("the limit is reached").is_problem("too_many_requests");
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
        let conflict = editor.approve(&proposal.text("/id"), json!({}), 409).await;
        let shown =
            editor.get(&format!("/v1/manage/proposals/{}", proposal.text("/id")), 200).await;
        for answer in [&proposal, &conflict, &shown] {
            assert!(answer.body.len() < 5_000_000, "{title}: {} bytes", answer.body.len());
        }
        // By how much it is, and not by how fast the machine compares it.
        assert_eq!(shown.json["diff"]["truncated"], title == "Lines");
        assert_eq!(shown.json["diff"]["coarse"], true, "{title}");
    }
}
