//! A key or app that asks too much is held up by itself: its person, and their other agents, go on.

use byline_shared::auth::Access;
use byline_shared::model::{RateLimit, Role};
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};

const POSTS: &str = "/v1/manage/posts";

/// Sends until a limit refuses. Returns how often it was answered, and the name of the limit.
async fn until_refused(send: impl AsyncFn() -> Answer) -> (usize, String) {
    for answered in 0..400 {
        let answer = send().await;
        if answer.status == 429 {
            let policy = answer.header("ratelimit-policy");
            return (answered, policy.split('"').nth(1).unwrap().to_owned());
        }
        assert!([200, 201].contains(&answer.status), "{}", answer.body);
    }
    panic!("no limit refused");
}

/// Writes until a limit refuses.
async fn writes(agent: &Client) -> (usize, String) {
    until_refused(|| agent.try_post(POSTS, json!({ "title": "One of many", "body": "x" }))).await
}

/// Has texts compared until a limit refuses.
async fn compares(agent: &Client, path: &str) -> (usize, String) {
    until_refused(async || agent.try_send(Method::GET, path, &[], None).await.unwrap()).await
}

fn refused(times: usize, limit: &str) -> (usize, String) {
    (times, limit.to_owned())
}

/// A tool that compares two revisions.
fn compare(post: &Answer) -> Value {
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let arguments = json!({ "post_id": id, "from": revision, "to": revision });
    let params = json!({ "name": "post_diff", "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_writes_too_much_keeps_its_person_from_nothing() {
    let (app, _clock) = App::with_clock().await;
    let person = app.user(Role::Editor).await;
    let post = person.post(POSTS, draft("Live"), 201).await;
    let path = |action: &str| format!("{POSTS}/{}/{action}", post.text("/id"));
    let revision = json!({ "revision_id": post.text("/revision_id") });
    person.post(&path("publish"), revision, 200).await;
    let (rogue, other, third) =
        (app.agent(&person).await, app.agent(&person).await, app.agent(&person).await);
    assert_eq!(writes(&rogue).await, refused(120, "write-account"));
    person.post(&path("unpublish"), json!({}), 200).await;
    other.post(POSTS, draft("By another key"), 201).await;
    // All keys of the account together write no more than this, and its person is still not held up.
    assert_eq!(writes(&other).await, refused(119, "write-account"));
    assert_eq!(writes(&third).await, refused(60, "write-agents"));
    person.post(POSTS, draft("By hand"), 201).await;
    // Nor does a person hold up their keys, or those of others.
    app.agent(&app.user(Role::Editor).await).await.post(POSTS, draft("Another's"), 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_compares_too_much_keeps_its_person_from_no_review() {
    let (app, _clock) = App::with_clock().await;
    let person = app.user(Role::Editor).await;
    let post = person.post(POSTS, draft("Post"), 201).await;
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let review = format!("{POSTS}/{id}/review?revision_id={revision}");
    let (rogue, other, third) =
        (app.agent(&person).await, app.agent(&person).await, app.agent(&person).await);
    assert_eq!(compares(&rogue, &review).await, refused(60, "compare-account"));
    person.get(&review, 200).await;
    // Over MCP, the tools that compare count for the same bucket of the key, and for no other.
    let ask = async |agent: &Client| agent.try_post("/mcp", compare(&post)).await.body;
    assert!(ask(&rogue).await.contains("Too many attempts"));
    for _ in 0..60 {
        assert!(!ask(&other).await.contains("Too many attempts"));
    }
    assert!(ask(&other).await.contains("Too many attempts"));
    person.get(&review, 200).await;
    assert_eq!(compares(&third, &review).await, refused(30, "compare-agents"));
    person.get(&review, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_asks_for_previews_too_much_keeps_its_person_from_none() {
    let (app, _clock) = App::with_clock().await;
    let person = app.user(Role::Author).await;
    let post = person.post(POSTS, draft("Post"), 201).await;
    let preview = format!("{POSTS}/{}?format=html", post.text("/id"));
    let rogue = app.agent(&person).await;
    assert_eq!(compares(&rogue, &preview).await, refused(120, "preview-account"));
    person.get(&preview, 200).await;
}

/// The sessions of a person share a bucket: signing in again gives no more.
#[tokio::test(flavor = "multi_thread")]
async fn the_sessions_of_a_person_count_together() {
    let (app, _clock) = App::with_clock().await;
    let email = "ada@example.com";
    app.create_user(email, "Ada", Role::Author).await;
    let (first, second) = (app.sign_in(email).await, app.sign_in(email).await);
    assert_eq!(writes(&first).await, refused(120, "write-account"));
    assert_eq!(writes(&second).await, refused(0, "write-account"));
    app.agent(&second).await.post(POSTS, draft("By a key"), 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_asks_too_much_over_mcp_leaves_room_for_others() {
    let (app, _clock) = App::with_clock().await;
    let person = app.user(Role::Author).await;
    let (rogue, other) = (app.agent(&person).await, app.agent(&person).await);
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
    let send = |agent: &Client| {
        let (agent, list) = (agent.clone(), list.clone());
        async move { agent.try_post("/mcp", list).await }
    };
    assert_eq!(until_refused(async || send(&rogue).await).await, refused(120, "mcp-token"));
    // What was refused does not count for the account.
    for _ in 0..200 {
        assert_eq!(send(&rogue).await.status, 429);
    }
    assert_eq!(until_refused(async || send(&other).await).await, refused(120, "mcp-token"));
}

/// A limit on what agents may call names one for all of an account together: keys are many.
#[test]
fn every_limit_of_agents_has_a_sum() {
    let limits: Vec<(&str, RateLimit)> = byline_local::operations()
        .into_iter()
        .filter(|operation| matches!(operation.access, Access::Scope(_) | Access::Publish))
        .filter_map(|operation| Some((operation.name, operation.limit?)))
        .collect();
    assert!(limits.len() > 20);
    for (operation, limit) in limits {
        let together = limit.agents.unwrap_or_else(|| panic!("{operation} has none"));
        assert!(together.quota > limit.quota && together.window == limit.window, "{operation}");
    }
}
