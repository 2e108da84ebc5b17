//! The agent with its own tools, on a publication: it reads, drafts and proposes, and makes nothing live.

use byline_shared::model::Role;
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

use super::super::PATH;
use super::{Step, ask_in, calls, of_mode, said, statuses, with_own_tools};
use crate::harness::tier::{number, seed};
use crate::harness::{Answer, App, Client, draft, tier};

fn call(name: &'static str, arguments: Value) -> Step {
    Step::Calls("", vec![(name, arguments)])
}

/// A post that is live.
async fn live(editor: &Client, title: &str) -> Answer {
    let post = editor.post("/v1/manage/posts", draft(title), 201).await;
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    editor.post(&path, json!({ "revision_id": post.json["revision_id"] }), 200).await
}

/// What the calls of a response returned, as JSON where it is.
fn outputs(response: &Answer) -> Vec<Value> {
    let output = |call: &Value| {
        let text = call["output"].as_str().unwrap_or_default().to_owned();
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    calls(response).iter().map(output).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_proposes_goes_live_when_a_person_approves_it() {
    let (app, model) = with_own_tools(Vec::new()).await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let post = live(&editor, "Fish").await;
    let proposal = json!({
        "post_id": post.json["id"], "revision_id": post.json["revision_id"], "note": "A new name.",
        "title": "Red fish",
    });
    model.then(vec![
        call("search", json!({ "query": "Fish" })),
        call("post_propose", proposal.clone()),
        Step::Says("It waits for a review."),
    ]);
    let id = of_mode(&author, "propose").await;
    let made = ask_in(&author, &id, "Call it Red fish").await;
    assert_eq!(statuses(&made), ["completed", "failed", "completed"]);
    let told = calls(&made)[1]["error"]["content"][0]["text"].as_str().unwrap().to_owned();
    assert!(told.starts_with("There is no such post"), "not the author's: {told}");

    model.then(vec![call("post_propose", proposal), Step::Says("It waits for a review.")]);
    let id = of_mode(&editor, "propose").await;
    let made = ask_in(&editor, &id, "Call it Red fish").await;
    assert_eq!(said(&made), ["It waits for a review."]);
    let proposed = outputs(&made)[0].clone();
    assert!(proposed["review_url"].as_str().unwrap().contains("/desk/proposals/"), "{proposed}");
    let public = editor.get("/v1/posts/fish", 200).await;
    assert_eq!(public.text("/title"), "Fish");

    let shown = format!("/v1/manage/proposals/{}", proposed["proposal_id"].as_str().unwrap());
    let by = editor.get(&shown, 200).await.json["created_by"].take();
    assert_eq!(
        (&by["kind"], &by["model"], &by["conversation_id"]),
        (&json!("agent"), &json!("scripted"), &json!(id))
    );
    let yes = json!({ "publish": true });
    editor.approve(proposed["proposal_id"].as_str().unwrap(), yes, 200).await;
    assert_eq!(editor.get("/v1/posts/fish", 200).await.text("/title"), "Red fish");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tool_of_a_mode_runs_in_a_turn() {
    let (app, model) = with_own_tools(Vec::new()).await;
    let editor = app.user(Role::Editor).await;
    let post = live(&editor, "Fish").await;
    // A second revision, so that there is something to compare.
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let read = editor.get(&path, 200).await;
    let seen = [("if-match", read.header("etag"))];
    let body = Some(json!({ "title": "Red fish" }));
    let post = editor.send(Method::PATCH, &path, &seen, body, 200).await;
    let (post_id, revision_id) = (&post.json["id"], &post.json["revision_id"]);
    let proposal = json!({ "title": "Eel", "body": "An eel.\n" });
    let proposal = editor.post("/v1/manage/proposals", proposal, 201).await;
    let wanted = [
        ("drafts_status", json!({})),
        ("fetch", json!({ "id": "fish" })),
        ("media_list", json!({})),
        ("post_create_draft", json!({ "title": "Eel", "body": "An eel.\n", "tags": ["New"] })),
        ("post_diff", json!({ "post_id": post_id })),
        ("post_edit", json!({ "post_id": post_id, "revision_id": revision_id, "title": "Eel" })),
        ("post_get", json!({ "post_id": "fish" })),
        ("post_propose", json!({ "title": "Cod", "body": "A cod.\n", "tags": ["Newer"] })),
        ("posts_list", json!({})),
        ("proposal_get", json!({ "proposal_id": proposal.json["id"] })),
        ("proposals_list", json!({})),
        ("revisions_list", json!({ "post_id": post_id })),
        ("search", json!({ "query": "fish" })),
        ("site_get", json!({ "detail": "full" })),
        ("tags_list", json!({})),
        ("whoami", json!({})),
    ];
    model.then(vec![Step::Calls("", wanted.to_vec()), Step::Says("Done.")]);
    let id = of_mode(&editor, "draft").await;
    let made = ask_in(&editor, &id, "Try everything").await;
    let offered = model.asked()[0].body["tools"].as_array().unwrap().clone();
    let offered: Vec<_> = offered.iter().map(|tool| tool["function"]["name"].clone()).collect();
    assert_eq!(offered, wanted.clone().map(|(name, _)| json!(name)));
    let failed: Vec<_> =
        calls(&made).into_iter().filter(|call| call["status"] != "completed").collect();
    assert_eq!(failed, Vec::<Value>::new());
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
    assert_eq!(editor.get("/v1/posts/fish", 200).await.text("/title"), "Fish");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_in_any_script_is_read_in_parts_and_nothing_is_cut_off() {
    let (app, model) = with_own_tools(Vec::new()).await;
    let editor = app.user(Role::Editor).await;
    let body = json!({ "title": "Long", "body": "\u{8a9e}".repeat(30_000) });
    editor.post("/v1/manage/posts", body, 201).await;
    let id = of_mode(&editor, "read").await;
    let (mut read, mut offset) = (0, Some(0));
    while let Some(from) = offset {
        let arguments = json!({ "post_id": "long", "offset": from });
        model.now(vec![call("post_get", arguments), Step::Says("Read.")]);
        let made = ask_in(&editor, &id, "Read on").await;
        let output = calls(&made)[0]["output"].as_str().unwrap().to_owned();
        assert!(!output.contains("truncated") && output.len() <= 28 * 1024, "{}", output.len());
        let (head, part) = output.split_once("\n\n").unwrap();
        read += part.matches('\u{8a9e}').count();
        offset = serde_json::from_str::<Value>(head).unwrap()["next_offset"].as_u64();
    }
    assert_eq!(read, 30_000);
}

/// Everything that readers see.
async fn public(app: &App) -> Vec<String> {
    let reader = app.anonymous();
    let mut seen = Vec::new();
    for path in ["/v1/posts", "/v1/posts/fish", "/v1/tags", "/v1/authors", "/feed.xml"] {
        seen.push(reader.get(path, 200).await.body);
    }
    seen
}

/// The names of all tools and of operations that are none.
const NAMES: [&str; 24] = [
    "drafts_status",
    "fetch",
    "media_list",
    "media_request_upload",
    "post_create_draft",
    "post_diff",
    "post_edit",
    "post_get",
    "post_propose",
    "post_publish",
    "post_schedule",
    "posts_list",
    "proposal_get",
    "proposals_list",
    "revisions_list",
    "search",
    "site_get",
    "tags_list",
    "whoami",
    "post_delete",
    "post_unpublish",
    "proposal_approve",
    "settings_update",
    "manage-posts-publish",
];

/// Arguments that a hostile text could talk a model into: real ids in any field, confirmations, and what
/// belongs to other operations.
fn hostile(rng: &mut Rng, ids: &[Value]) -> Value {
    let mut arguments = json!({});
    for name in [
        "post_id",
        "revision_id",
        "proposal_id",
        "title",
        "body",
        "slug",
        "tags",
        "confirm",
        "status",
        "publish",
        "publish_at",
        "author",
        "id",
        "query",
        "cover",
        "approve",
        "user_id",
        "edits",
    ] {
        if rng.u8(..3) == 0 {
            continue;
        }
        let usual = match name {
            "tags" => json!(["Sport", "Spam"]),
            "confirm" | "publish" | "approve" => json!(true),
            "status" => json!("published"),
            "publish_at" => json!("2020-01-01T00:00:00Z"),
            "edits" => json!([{ "find": "Fish", "replace": "Spam" }]),
            "post_id" | "revision_id" | "proposal_id" | "id" | "user_id" | "cover" | "author" => {
                ids[rng.usize(..ids.len())].clone()
            }
            _ => json!("Spam"),
        };
        let odd = [Value::Null, json!(-1), json!(""), json!({ "$ref": "#" }), json!("\u{202e}a")];
        arguments[name] =
            if rng.u8(..8) == 0 { odd[rng.usize(..odd.len())].clone() } else { usual };
    }
    arguments
}

/// A call that a tool carries out if the ids and the rights are right.
fn plausible(rng: &mut Rng, ids: &[Value]) -> (&'static str, Value) {
    let id = |rng: &mut Rng| ids[rng.usize(..ids.len())].clone();
    let at = json!({ "post_id": id(rng), "revision_id": id(rng) });
    let with = |mut arguments: Value, more: Value| {
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    let text = json!({ "title": "Spam", "body": "Spam, and nothing else.\n", "tags": ["Spam"] });
    match rng.u8(..6) {
        0 => ("post_create_draft", text),
        1 => ("post_propose", text),
        2 => ("post_propose", with(at, text)),
        3 => ("post_edit", with(at, text)),
        4 => ("post_publish", with(at, json!({ "confirm": true }))),
        _ => ("post_get", json!({ "post_id": id(rng) })),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_of_calls_changes_what_readers_see() {
    let count = number("BYLINE_TEST_SEQUENCES").unwrap_or(tier().pick(20, 300));
    let (app, model) = with_own_tools(Vec::new()).await;
    let admin = app.admin().await;
    // The most that a publication can allow.
    let allowed = json!({ "agent_publishing": "allowed", "author_publishing": true });
    admin.patch("/v1/admin/settings", allowed, 200).await;
    let other = app.user(Role::Author).await;
    let foreign = other.post("/v1/manage/posts", draft("Not yours"), 201).await;
    let foreign_path = format!("/v1/manage/posts/{}", foreign.text("/id"));
    let fish = live(&admin, "Fish").await;
    let before = public(&app).await;
    let me = admin.get("/v1/users/me", 200).await.text("/id");
    let mut ids: Vec<Value> = ["id", "revision_id"]
        .iter()
        .flat_map(|name| [fish.json[*name].clone(), foreign.json[*name].clone()])
        .collect();
    ids.push(json!(me));
    ids.push(json!("fish"));
    let author = app.user(Role::Author).await;
    let (mut made_changes, first) = (0, seed());
    for seed in first..first + count {
        let mut rng = Rng::with_seed(seed);
        let is_author = rng.bool();
        let who = if is_author { &author } else { &admin };
        let foreign_before = other.get(&foreign_path, 200).await.body;
        let id = of_mode(who, ["read", "propose", "draft"][rng.usize(..3)]).await;
        let mut steps = Vec::new();
        for _ in 0..rng.usize(1..4) {
            let calls = (0..rng.usize(1..5)).map(|_| match rng.bool() {
                true => plausible(&mut rng, &ids),
                false => (NAMES[rng.usize(..NAMES.len())], hostile(&mut rng, &ids)),
            });
            steps.push(Step::Calls("", calls.collect()));
        }
        steps.push(Step::Says("Done."));
        model.now(steps);
        let made = ask_in(who, &id, "Do what the post says").await;
        for output in outputs(&made) {
            // What it made is within reach of the next calls.
            for name in ["id", "revision_id", "proposal_id", "post_id"] {
                let is_made = output[name].is_string() && !ids.contains(&output[name]);
                if is_made && ids.len() < 60 {
                    ids.push(output[name].clone());
                    made_changes += 1;
                }
            }
        }
        who.delete(&format!("{PATH}/{id}"), 200).await;
        assert_eq!(public(&app).await, before, "BYLINE_TEST_SEED={seed}");
        if is_author {
            let foreign = other.get(&foreign_path, 200).await.body;
            assert_eq!(foreign, foreign_before, "BYLINE_TEST_SEED={seed}");
        }
    }
    assert!(made_changes > 0, "some calls were carried out");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
