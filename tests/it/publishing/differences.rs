//! What differs between two revisions.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{edit, path};
use crate::harness::tier::seed;
use crate::harness::{Answer, App, Client, draft};

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

/// A way to have texts compared.
struct Door<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    body: Option<Value>,
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_and_reviewing_share_a_limit_for_each_caller() {
    let (app, _clock) = App::with_clock().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let post = editor.post("/v1/manage/posts", json!({ "title": "Post", "body": "x" }), 201).await;
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let proposal = editor.post("/v1/manage/proposals", draft("New"), 201).await.text("/id");
    let read = |path: String| Door { client: &agent, method: Method::GET, path, body: None };
    let mcp = |method: &str, params: Value| Door {
        client: &agent,
        method: Method::POST,
        path: "/mcp".to_owned(),
        body: Some(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })),
    };
    let of_proposal = json!({ "proposal_id": proposal });
    let compared = json!({ "post_id": id, "from": revision, "to": revision });
    let doors = [
        read(path(&post, &format!("/diff?from={revision}&to={revision}"))),
        read(path(&post, &format!("/review?revision_id={revision}"))),
        read(format!("/v1/manage/proposals/{proposal}")),
        mcp("tools/call", json!({ "name": "post_diff", "arguments": compared })),
        mcp("tools/call", json!({ "name": "proposal_get", "arguments": of_proposal })),
        mcp("prompts/get", json!({ "name": "review_proposal", "arguments": of_proposal })),
    ];
    let knock = async |Door { client, method, path, body }: &Door<'_>| {
        let headers = [("content-type", "application/json")];
        let body = body.as_ref().map(Value::to_string);
        client.try_send(method.clone(), path, &headers, body).await.unwrap()
    };
    let is_refused = |answer: &Answer| answer.body.contains("Too many attempts");
    // Each of them counts: the first sixty together are answered.
    for _ in 0..10 {
        for door in &doors {
            let answer = knock(door).await;
            assert_eq!(answer.status, 200, "{}: {}", door.path, answer.body);
            assert!(!is_refused(&answer), "{}: {}", door.path, answer.body);
        }
    }
    for door in &doors {
        let answer = knock(door).await;
        assert!(is_refused(&answer), "{}: {}", door.path, answer.body);
        if door.path != "/mcp" {
            answer.is_problem("too_many_requests");
            assert!(answer.header("ratelimit-policy").contains("compare-account"));
        }
    }
    // Nobody else is held up by it, and least the person whose key it is.
    editor.get(&doors[1].path, 200).await;
    app.admin().await.get(&doors[1].path, 200).await;
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
