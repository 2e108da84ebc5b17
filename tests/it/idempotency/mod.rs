//! `Idempotency-Key`: a request that is sent again makes nothing twice, and gets the first answer.

mod at_once;
mod kept;
mod operations;

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};

const POSTS: &str = "/v1/manage/posts";
const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";
const DAY: i64 = 24 * 3600;

/// As long as the first request may take, and a second.
const LEASE: i64 = 61;

/// A POST with this key; the status is the caller's to judge.
pub(crate) async fn try_keyed(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    client.try_send(Method::POST, path, &headers, Some(body.to_string())).await.unwrap()
}

async fn keyed(client: &Client, path: &str, key: &str, body: &Value, status: u16) -> Answer {
    let answer = try_keyed(client, path, key, body).await;
    assert_eq!(answer.status, status, "{path}: {}", answer.body);
    answer
}

fn is_replay(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

/// Holds the second answer to be the first, and to say so.
fn repeats(again: &Answer, first: &Answer) {
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    for header in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(again.headers.get(header), first.headers.get(header), "{header}");
    }
    assert!(is_replay(again) && !is_replay(first));
}

/// The requests to all operations that keep their answers, the `n`-th of each.
async fn requests(admin: &Client, n: usize) -> Vec<(&'static str, String, Value)> {
    let base = admin.post(POSTS, draft(&format!("Base {n}")), 201).await;
    let of_post = |rest: &str| format!("{POSTS}/{}/{rest}", base.text("/id"));
    let revision = base.text("/revision_id");
    let change = json!({ "base_revision_id": revision, "title": format!("Better {n}") });
    let invitation = json!({ "email": format!("new{n}@example.com"), "role": "author" });
    let new = |title: &str| json!({ "title": format!("{title} {n}"), "body": "Text.\n" });
    let tag = json!({ "name": format!("Tides {n}") });
    vec![
        ("manage-posts-create", POSTS.to_owned(), new("New")),
        ("manage-posts-duplicate", of_post("duplicate"), json!({})),
        ("manage-proposals-create", of_post("proposals"), change),
        ("manage-proposals-create-new", "/v1/manage/proposals".to_owned(), new("Proposed")),
        ("manage-tags-create", "/v1/manage/tags".to_owned(), tag),
        ("users-invitations-create", "/v1/users/invitations".to_owned(), invitation),
    ]
}

async fn titles(client: &Client) -> Vec<String> {
    let list = client.get("/v1/manage/posts?limit=100", 200).await;
    let items = list.json["items"].as_array().unwrap().iter();
    items.map(|post| post["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_again_gets_the_first_answer() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let first = keyed(&editor, POSTS, KEY, &draft("Once"), 201).await;
    repeats(&keyed(&editor, POSTS, KEY, &draft("Once"), 201).await, &first);
    // As the draft of the header writes it, with the fields in another order.
    let body = json!({ "tags": ["Field notes"], "body": "About *Once*.\n", "title": "Once" });
    repeats(&keyed(&editor, POSTS, &format!("\"{KEY}\""), &body, 201).await, &first);
    // It is the first answer, whatever became of the post.
    let path = format!("{POSTS}/{}", first.text("/id"));
    let headers = [("if-match", "\"v1\"")];
    let change = Some(json!({ "title": "Changed" }));
    editor.send(Method::PATCH, &path, &headers, change, 200).await;
    editor.send(Method::DELETE, &path, &[("if-match", "\"v2\"")], None, 204).await;
    repeats(&keyed(&editor, POSTS, KEY, &draft("Once"), 201).await, &first);
    assert!(titles(&editor).await.is_empty());
    // Without a key each request makes one.
    editor.post(POSTS, draft("Twice"), 201).await;
    editor.post(POSTS, draft("Twice"), 201).await;
    assert_eq!(titles(&editor).await, ["Twice", "Twice"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_that_keeps_its_answer_does() {
    let app = App::start().await;
    let admin = app.admin().await;
    let requests = requests(&admin, 0).await;
    let operations = byline_local::operations();
    let idempotent = operations.iter().filter(|operation| operation.idempotent);
    let names: Vec<&str> = idempotent.map(|operation| operation.name).collect();
    let mut known: Vec<&str> = requests.iter().map(|(name, ..)| *name).collect();
    known.sort_by_key(|name| names.iter().position(|other| other == name));
    assert_eq!(names, known);
    for (name, path, body) in &requests {
        let first = keyed(&admin, path, KEY, body, 201).await;
        repeats(&keyed(&admin, path, KEY, body, 201).await, &first);
        assert_eq!(app.byline.observer.violations(), Vec::<String>::new(), "{name}");
    }
    assert_eq!(titles(&admin).await.len(), 3);
    let proposals = admin.get("/v1/manage/proposals", 200).await;
    assert_eq!(proposals.json["items"].as_array().unwrap().len(), 2);
    let mails = app.byline.mailbox.mails();
    assert!(mails.iter().filter(|mail| mail.to == "new0@example.com").count() <= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_one_request_of_an_account_and_operation() {
    let app = App::start().await;
    let (editor, other) = (app.user(Role::Editor).await, app.user(Role::Editor).await);
    let first = keyed(&editor, POSTS, KEY, &draft("One"), 201).await;
    for body in [draft("Two"), json!({ "title": "One", "body": "About *One*.\n" })] {
        keyed(&editor, POSTS, KEY, &body, 422).await.is_problem("idempotency_key_reused");
    }
    // The path is part of the request.
    let second = editor.post(POSTS, draft("Two"), 201).await;
    let duplicate = |post: &Answer| format!("{POSTS}/{}/duplicate", post.text("/id"));
    keyed(&editor, &duplicate(&first), KEY, &json!({}), 201).await;
    let reused = keyed(&editor, &duplicate(&second), KEY, &json!({}), 422).await;
    reused.is_problem("idempotency_key_reused");
    // Keys of others are theirs, and an agent's are its owner's.
    let others = keyed(&other, POSTS, KEY, &draft("One"), 201).await;
    assert!(others.text("/id") != first.text("/id") && !is_replay(&others));
    let agent = app.agent(&editor).await;
    repeats(&keyed(&agent, POSTS, KEY, &draft("One"), 201).await, &first);
    // Who may not make posts gets no answer either.
    let body = json!({ "name": "Reads", "scopes": ["posts:read"] });
    let key = editor.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let reads = app.with_token(&key);
    keyed(&reads, POSTS, KEY, &draft("One"), 403).await.is_problem("forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_key_is_refused_before_anything_happens() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let long = "x".repeat(256);
    for key in ["", "\"\"", "a b", "\"open", &long] {
        let refused = keyed(&editor, POSTS, key, &draft("Never"), 422).await;
        let fault = ("/idempotency_key".to_owned(), "invalid_format".to_owned());
        assert_eq!(refused.faults(), [fault], "{key}");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    editor.send(Method::POST, POSTS, &twice, Some(draft("Never")), 422).await;
    assert!(titles(&editor).await.is_empty());
    keyed(&editor, POSTS, &"x".repeat(255), &draft("Now"), 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_error_the_same_request_is_carried_out() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let taken = editor.post(POSTS, draft("Taken"), 201).await;
    let mut body = draft("New");
    body["slug"] = json!("taken");
    keyed(&editor, POSTS, KEY, &body, 409).await.is_problem("slug_taken");
    keyed(&editor, POSTS, KEY, &body, 409).await.is_problem("slug_taken");
    let path = format!("{POSTS}/{}", taken.text("/id"));
    let moved = Some(json!({ "slug": "elsewhere" }));
    editor.send(Method::PATCH, &path, &[("if-match", "\"v1\"")], moved, 200).await;
    let made = keyed(&editor, POSTS, KEY, &body, 201).await;
    repeats(&keyed(&editor, POSTS, KEY, &body, 201).await, &made);
    // An input that cannot be read takes no key.
    let invalid = json!({ "body": "No title.\n" });
    keyed(&editor, POSTS, "other", &invalid, 422).await.is_problem("invalid_input");
    keyed(&editor, POSTS, "other", &draft("Whole"), 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_free_again_after_a_day() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.agent(&app.user(Role::Editor).await).await;
    let first = keyed(&editor, POSTS, KEY, &draft("Daily"), 201).await;
    clock.advance(DAY - 1);
    repeats(&keyed(&editor, POSTS, KEY, &draft("Daily"), 201).await, &first);
    clock.advance(1);
    let next = keyed(&editor, POSTS, KEY, &draft("Daily"), 201).await;
    assert!(!is_replay(&next) && next.text("/id") != first.text("/id"));
    clock.advance(DAY);
    keyed(&editor, POSTS, KEY, &draft("Another"), 201).await;
}
