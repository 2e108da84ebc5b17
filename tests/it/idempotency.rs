//! `Idempotency-Key`: a request that is sent again makes nothing twice, and gets the first answer.

use std::collections::BTreeMap;

use byline_local::faults::Fault;
use byline_shared::auth::requirement::Access;
use byline_shared::model::Role;
use byline_shared::permission::Table;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft, tier};

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

const SECRETS_IN: &str =
    "It takes or mails a token or a password, from somebody who may have no account.";
const SECRET_OUT: &str = "Its answer has tokens or another secret.";
const UPLOAD: &str =
    "Its answer has the signed URL of the upload. What is announced twice goes away after a day.";
const ENDS: &str = "It ends something: the second time there is nothing left to end.";
const STATE: &str = "It moves one thing to a state that it has then, and makes nothing.";
const VERSION: &str = "It needs If-Match: the second time the version is another.";
const PROTOCOL: &str =
    "It is a call of the OpenAI API, or of a protocol, whose clients name no request.";

/// POSTs that keep no answer, and why.
const NOT_KEPT: [(&str, &str); 42] = [
    ("auth-register", SECRETS_IN),
    ("auth-verify-email", SECRETS_IN),
    ("auth-verify-email-resend", SECRETS_IN),
    ("auth-accept-invitation", SECRETS_IN),
    ("auth-sign-in-link", SECRETS_IN),
    ("auth-password-forgot", SECRETS_IN),
    ("auth-password-reset", SECRETS_IN),
    ("auth-email-change-confirm", SECRETS_IN),
    ("auth-login", SECRET_OUT),
    ("auth-sign-in-link-confirm", SECRET_OUT),
    ("auth-refresh", SECRET_OUT),
    ("auth-password-change", SECRET_OUT),
    ("auth-totp-enrol", SECRET_OUT),
    ("auth-totp-confirm", SECRET_OUT),
    ("auth-api-keys-create", SECRET_OUT),
    ("manage-previews-create", SECRET_OUT),
    ("oauth-authorize-submit", SECRET_OUT),
    ("oauth-token", SECRET_OUT),
    ("oauth-register", SECRET_OUT),
    ("oauth-introspect", SECRET_OUT),
    ("manage-media-create", UPLOAD),
    ("auth-logout", ENDS),
    ("auth-logout-all", ENDS),
    ("oauth-revoke", ENDS),
    ("responses-cancel", ENDS),
    ("manage-posts-unpublish", ENDS),
    ("manage-posts-unschedule", ENDS),
    ("manage-posts-restore", STATE),
    ("manage-posts-publish", STATE),
    ("manage-posts-schedule", STATE),
    ("manage-proposals-approve", STATE),
    ("manage-proposals-reject", STATE),
    ("manage-proposals-withdraw", STATE),
    ("manage-tags-merge", STATE),
    ("manage-media-complete", STATE),
    ("conversations-update", STATE),
    ("manage-revisions-restore", VERSION),
    ("conversations-create", PROTOCOL),
    ("conversation-items-create", PROTOCOL),
    ("responses-create", PROTOCOL),
    ("chat-create", PROTOCOL),
    ("mcp", PROTOCOL),
];

#[test]
fn every_post_keeps_its_answer_or_has_a_reason() {
    let mut reasons: BTreeMap<&str, &str> = NOT_KEPT.into();
    assert_eq!(reasons.len(), NOT_KEPT.len());
    for operation in byline_local::operations() {
        if operation.idempotent {
            let needs_account = !matches!(operation.access, Access::Public | Access::Desk(_));
            assert!(operation.method == Method::POST && needs_account, "{}", operation.name);
            assert_eq!(operation.status, 201, "{}", operation.name);
        } else if operation.method == Method::POST {
            let reason = reasons.remove(operation.name);
            assert!(reason.is_some_and(|reason| !reason.is_empty()), "{}", operation.name);
        }
    }
    assert!(reasons.is_empty(), "no such POST, or it keeps its answer: {reasons:?}");
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
async fn of_many_requests_at_once_one_is_carried_out() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let call = |round: usize| {
        let editor = editor.clone();
        async move {
            try_keyed(&editor, POSTS, &format!("k{round}"), &draft(&format!("T{round}"))).await
        }
    };
    let rounds = tier().pick(2, 10);
    for round in 0..rounds {
        let answers = futures_util::future::join_all((0..50).map(|_| call(round))).await;
        let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
        assert_eq!(made.iter().filter(|answer| !is_replay(answer)).count(), 1);
        for answer in &answers {
            if answer.status != 201 {
                assert_eq!(answer.status, 409, "{}", answer.body);
                answer.is_problem("idempotency_key_in_use");
                assert_eq!(answer.header("retry-after"), "1");
            }
        }
        assert!(made.iter().all(|answer| answer.body == made[0].body));
        let again = call(round).await;
        assert_eq!((again.status, &again.body), (201, &made[0].body));
    }
    assert_eq!(titles(&editor).await.len(), rounds);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_first_request_is_under_way_the_second_is_409() {
    let (app, clock) = App::unlimited_with_clock().await;
    // With a session: the use of a key would be written down, too.
    let editor = app.user(Role::Editor).await;
    let body = json!({ "title": "Slow", "body": "Text.\n" });
    // The post is written, and its answer is not kept yet.
    let gate = app.byline.observer.hold("manage-posts-create", "UpdateItem");
    let slow = {
        let (editor, body) = (editor.clone(), body.clone());
        tokio::spawn(async move { try_keyed(&editor, POSTS, KEY, &body).await })
    };
    gate.reached().await;
    keyed(&editor, POSTS, KEY, &body, 409).await.is_problem("idempotency_key_in_use");
    let other = json!({ "title": "Other", "body": "Text.\n" });
    keyed(&editor, POSTS, KEY, &other, 422).await.is_problem("idempotency_key_reused");
    // Another run finds what the first has made, and the first keeps nothing after that.
    clock.advance(LEASE);
    let taken = keyed(&editor, POSTS, KEY, &body, 201).await;
    gate.open();
    let slow = slow.await.unwrap();
    assert_eq!((slow.status, slow.text("/id")), (201, taken.text("/id")));
    repeats(&keyed(&editor, POSTS, KEY, &body, 201).await, &taken);
    assert_eq!(titles(&editor).await, ["Slow"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_run_makes_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let body = json!({ "title": "Slow", "body": "Text.\n" });
    let gate = app.byline.observer.hold("manage-posts-create", "TransactWriteItems");
    let slow = {
        let (editor, body) = (editor.clone(), body.clone());
        tokio::spawn(async move { try_keyed(&editor, POSTS, KEY, &body).await })
    };
    gate.reached().await;
    clock.advance(LEASE);
    let taken = keyed(&editor, POSTS, KEY, &body, 201).await;
    gate.open();
    let slow = slow.await.unwrap();
    assert_eq!((slow.status, slow.text("/id")), (201, taken.text("/id")));
    repeats(&keyed(&editor, POSTS, KEY, &body, 201).await, &taken);
    assert_eq!(titles(&editor).await, ["Slow"]);
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

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_not_kept_is_made_anew_from_what_is_there() {
    let (app, clock) = App::unlimited_with_clock().await;
    let admin = app.admin().await;
    for (_, path, body) in requests(&admin, 0).await {
        keyed(&admin, &path, "warm", &body, 201).await;
    }
    let (probes, lost) = (requests(&admin, 1).await, requests(&admin, 2).await);
    for ((name, path, body), (_, probe_path, probe)) in lost.into_iter().zip(probes) {
        let before = app.byline.observer.calls(name);
        keyed(&admin, &probe_path, "probe", &probe, 201).await;
        // All but the last call, which keeps the answer.
        let spared = u32::try_from(app.byline.observer.calls(name) - before).unwrap() - 1;
        app.byline.observer.plan(name, spared, u32::MAX, Fault::Throttled);
        let first = keyed(&admin, &path, "lost", &body, 201).await;
        assert!(!app.byline.observer.end_plan(), "{name}: every call was made");
        keyed(&admin, &path, "lost", &body, 409).await.is_problem("idempotency_key_in_use");
        clock.advance(LEASE);
        let again = keyed(&admin, &path, "lost", &body, 201).await;
        assert!(!is_replay(&again), "{name}");
        assert_eq!(again.body, first.body, "{name}");
        assert_eq!(again.headers.get("location"), first.headers.get("location"), "{name}");
        repeats(&keyed(&admin, &path, "lost", &body, 201).await, &again);
        assert_eq!(app.byline.observer.violations(), Vec::<String>::new(), "{name}");
    }
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

/// The items of requests with a key.
async fn kept(app: &App) -> Vec<Value> {
    let cx = &app.byline.context;
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let scan = client.scan().table_name(cx.store.table(Table::Identity));
    let items = scan.send().await.unwrap().items.unwrap_or_default();
    let items = items
        .into_iter()
        .filter(|item| item["pk"].as_s().is_ok_and(|pk| pk.starts_with("IDEMPOTENCY#")));
    let read = |item| serde_dynamo::aws_sdk_dynamodb_1::from_item(item).unwrap();
    items.map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_too_long_to_keep_is_read_again() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    // Each of these takes two bytes in JSON.
    let body = json!({ "title": "Long", "body": "\\\n".repeat(100_000) });
    let first = keyed(&editor, POSTS, KEY, &body, 201).await;
    assert!(first.body.len() > 300 * 1024);
    let again = keyed(&editor, POSTS, KEY, &body, 201).await;
    assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
    assert!(!is_replay(&again));
    assert_eq!(titles(&editor).await, ["Long"]);
    assert_eq!(kept(&app).await[0]["answer"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_itself_is_not_stored_and_goes_with_the_account() {
    let app = App::start().await;
    app.create_user("leaver@example.com", "Leaver", Role::Editor).await;
    let leaver = app.sign_in("leaver@example.com").await;
    keyed(&leaver, POSTS, "planted-in-a-key", &draft("Mine"), 201).await;
    let stored = kept(&app).await;
    assert_eq!(stored.len(), 1);
    assert!(!stored[0].to_string().contains("planted"));
    assert!(stored[0]["answer"]["body"].as_str().unwrap().contains("Mine"));
    leaver.delete("/v1/users/me", 204).await;
    app.eventually(|| async { kept(&app).await.is_empty() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_listed_origins_may_send_a_key_and_see_a_replay() {
    let app = App::start().await;
    let headers = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "idempotency-key"),
    ];
    let allowed = app.anonymous().send(Method::OPTIONS, POSTS, &headers, None, 200).await;
    assert!(allowed.header("access-control-allow-headers").contains("idempotency-key"));
    let headers = [("origin", "http://localhost:3000")];
    let read = app.anonymous().send(Method::GET, "/v1/posts", &headers, None, 200).await;
    assert!(read.header("access-control-expose-headers").contains("idempotency-replayed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_has_the_header_and_its_problems() {
    let app = App::start().await;
    let api = app.anonymous().get("/openapi.json", 200).await.json;
    for operation in byline_local::operations().iter().filter(|operation| operation.described) {
        let described = &api["paths"][operation.path][operation.method.as_str().to_lowercase()];
        let parameters = described["parameters"].as_array().into_iter().flatten();
        let header = parameters.filter(|parameter| parameter["name"] == "Idempotency-Key").count();
        assert_eq!(header, usize::from(operation.idempotent), "{}", operation.name);
        if operation.idempotent {
            for (status, code) in [("409", "KeyInUse"), ("422", "KeyReused")] {
                let response = described["responses"][status]["$ref"].as_str().unwrap();
                assert!(response.contains(code), "{} {status}: {response}", operation.name);
            }
            let success = &described["responses"]["201"]["headers"];
            assert!(success["Idempotency-Replayed"].is_object(), "{}", operation.name);
        }
    }
}
