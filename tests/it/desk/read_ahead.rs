//! What pages read before it is known whether they are shown: with the session, and while the request is counted.

use std::collections::BTreeMap;

use byline_shared::auth::limits;
use byline_shared::model::{Role, UserId};
use serde_json::json;

use super::review::{editor, page_of, propose};
use super::visitor::Visitor;
use crate::harness::{App, draft};

/// How many calls of each action a page has made.
fn calls(app: &App, operation: &str) -> BTreeMap<String, u64> {
    app.byline.observer.actions(operation)
}

/// The same of those since.
fn since(app: &App, operation: &str, before: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let more = calls(app, operation).into_iter().map(|(action, count)| {
        let had = before.get(&action).copied().unwrap_or_default();
        (action, count - had)
    });
    more.filter(|(_, count)| *count > 0).collect()
}

fn counts(expected: &[(&str, u64)]) -> BTreeMap<String, u64> {
    expected.iter().map(|(action, count)| ((*action).to_owned(), *count)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_path_names_is_read_with_the_session() {
    let app = App::unlimited().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Tides"), 201).await;
    let path = format!("/desk/posts/{}", post.text("/id"));
    visitor.get(&path, 200).await;
    let before = calls(&app, "desk-post");
    visitor.get(&path, 200).await;
    // The session with the post; revision and settings; the history, the proposals and the pictures.
    let expected = counts(&[("BatchGetItem", 2), ("Query", 3)]);
    assert_eq!(since(&app, "desk-post", &before), expected);
    // Of one that is not there, nothing else is looked for.
    let before = calls(&app, "desk-proposal");
    visitor.get(&page_of("prp_01JD9ZZZZZZZZZZZZZZZZZZZZZ"), 404).await;
    let proposal = propose(&agent, &post, json!({ "body": "Other.\n" })).await;
    visitor.get(&page_of(&proposal), 200).await;
    let made = since(&app, "desk-proposal", &before);
    assert_eq!(made.get("GetItem"), None, "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_causes_more_reads_than_those_who_are_signed_in() {
    let app = App::unlimited().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Tides"), 201).await;
    let proposal = propose(&agent, &post, json!({ "body": "Other.\n" })).await;
    let path = page_of(&proposal);
    visitor.get(&path, 200).await;
    // Without a cookie, and with one that is not ours.
    let before = calls(&app, "desk-proposal");
    let mut stranger = Visitor::stranger(&app);
    let led = stranger.get(&path, 303).await.header("location").to_owned();
    let forged = format!("byline-session={}", "A".repeat(86));
    for cookie in [forged.as_str(), "byline-session=x"] {
        let answer = app
            .anonymous()
            .send_raw(http::Method::GET, &path, &[("cookie", cookie)], None, 303)
            .await;
        assert_eq!(answer.header("location"), led);
    }
    assert_eq!(since(&app, "desk-proposal", &before), counts(&[]));
    // Of a session that is over, the one call.
    let mut old = visitor.clone();
    let page = visitor.get("/desk/sign-out", 200).await;
    visitor.press(&page, "Sign out of this browser", &[]).await;
    assert_eq!(old.get(&path, 303).await.header("location"), led);
    assert_eq!(since(&app, "desk-proposal", &before), counts(&[("BatchGetItem", 1)]));
    // Those who may not see it learn no more than of one that is not there.
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let nothing = page_of("prp_01JD9ZZZZZZZZZZZZZZZZZZZZZ");
    for (who, status) in [(&mut reader, 403), (&mut author, 404)] {
        let (there, not_there) = (who.get(&path, status).await, who.get(&nothing, status).await);
        let without_id = |answer: &crate::harness::Answer| {
            answer.body.replace(answer.header("x-request-id"), "")
        };
        assert_eq!(without_id(&there), without_id(&not_there));
        assert!(!there.body.contains("Tides") && !there.body.contains("Other"), "{}", there.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_read_while_its_request_is_counted_and_computed_afterwards() {
    let app = App::start().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Tides"), 201).await;
    let proposal = propose(&agent, &post, json!({ "body": "Other.\n" })).await;
    let path = page_of(&proposal);
    let (observer, before) = (&app.byline.observer, calls(&app, "desk-proposal"));
    let rendered = app.byline.renderings();
    let gate = observer.hold("desk-proposal", "UpdateItem");
    let asked = tokio::spawn(async move { visitor.get(&path, 200).await });
    gate.reached().await;
    // The session with the proposal, and the post with the revision that it changes.
    app.eventually(|| async {
        since(&app, "desk-proposal", &before).get("BatchGetItem") >= Some(&2)
    })
    .await;
    // Tags are read beside the rendering, which waits.
    app.eventually(|| async { since(&app, "desk-proposal", &before).contains_key("Query") }).await;
    assert_eq!(app.byline.renderings(), rendered);
    assert!(!asked.is_finished());
    gate.open();
    let page = asked.await.unwrap();
    assert!(page.body.contains("Tides"), "{}", page.body);
    assert!(app.byline.renderings() > rendered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_beyond_its_limit_shows_and_computes_nothing() {
    let (app, _) = App::with_clock().await;
    let (mut visitor, editor, agent) = editor(&app).await;
    let post = editor.post("/v1/manage/posts", draft("Tides"), 201).await;
    let proposal = propose(&agent, &post, json!({ "body": "Other.\n" })).await;
    let me: UserId = editor.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    let rendered = app.byline.renderings();
    let policy = &limits::COMPARE_ACCOUNT;
    for _ in 0..policy.quota {
        limits::acquire(&app.byline.context, policy, &limits::account(&me)).await.unwrap();
    }
    // Also of one that is not there: who asked too often learns nothing.
    for path in [page_of(&proposal), page_of("prp_01JD9ZZZZZZZZZZZZZZZZZZZZZ")] {
        let refused = visitor.get(&path, 429).await;
        assert_eq!(refused.header("ratelimit-policy"), "\"compare-account\";q=60;w=60");
        assert_eq!(refused.header("retry-after"), "1");
        assert!(!refused.body.contains("Tides"), "{}", refused.body);
    }
    assert_eq!(app.byline.renderings(), rendered);
    // Nothing is lost: an answer in time is as before.
    let mut stranger = Visitor::stranger(&app);
    stranger.get(&page_of(&proposal), 303).await;
}
