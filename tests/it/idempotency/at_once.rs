//! Several requests with one key at the same time.

use byline_shared::model::Role;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{KEY, LEASE, POSTS, is_replay, keyed, repeats, titles, try_keyed};
use crate::harness::{Answer, App, Client, draft, tier};

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

/// A request that is under way.
fn begun(editor: &Client, body: &Value) -> JoinHandle<Answer> {
    let (editor, body) = (editor.clone(), body.clone());
    tokio::spawn(async move { try_keyed(&editor, POSTS, KEY, &body).await })
}

/// Holds both runs to one post, and a repetition to the answer of the run that took the key over.
async fn made_once(editor: &Client, body: &Value, (slow, taken): (&Answer, &Answer)) {
    assert_eq!((slow.status, slow.text("/id")), (201, taken.text("/id")));
    repeats(&keyed(editor, POSTS, KEY, body, 201).await, taken);
    assert_eq!(titles(editor).await, ["Slow"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_first_request_is_under_way_the_second_is_409() {
    let (app, clock) = App::unlimited_with_clock().await;
    // With a session: the use of a key would be written down, too.
    let editor = app.user(Role::Editor).await;
    let body = json!({ "title": "Slow", "body": "Text.\n" });
    // The post is written, and its answer is not kept yet.
    let gate = app.byline.observer.hold("manage-posts-create", "UpdateItem");
    let slow = begun(&editor, &body);
    gate.reached().await;
    keyed(&editor, POSTS, KEY, &body, 409).await.is_problem("idempotency_key_in_use");
    let other = json!({ "title": "Other", "body": "Text.\n" });
    keyed(&editor, POSTS, KEY, &other, 422).await.is_problem("idempotency_key_reused");
    // Another run finds what the first has made, and the first keeps nothing after that.
    clock.advance(LEASE);
    let taken = keyed(&editor, POSTS, KEY, &body, 201).await;
    gate.open();
    made_once(&editor, &body, (&slow.await.unwrap(), &taken)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_run_makes_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let body = json!({ "title": "Slow", "body": "Text.\n" });
    let gate = app.byline.observer.hold("manage-posts-create", "TransactWriteItems");
    let slow = begun(&editor, &body);
    gate.reached().await;
    clock.advance(LEASE);
    let taken = keyed(&editor, POSTS, KEY, &body, 201).await;
    gate.open();
    made_once(&editor, &body, (&slow.await.unwrap(), &taken)).await;
}
