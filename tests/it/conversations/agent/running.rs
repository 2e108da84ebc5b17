//! What holds while turns run: each has one runner, which writes at its own places, and a person has few.

use byline_local::faults::Fault;
use byline_shared::model::Role;
use serde_json::json;

use super::super::{PATH, set, set_text};
use super::state::{begin, last_turn, waits};
use super::{RESPONSES, Step, ask, said, with_model, with_model_and};

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_runs_if_its_client_hangs_up_while_it_starts() {
    let (app, model) = with_model(Vec::new()).await;
    let author = app.user(Role::Author).await;
    let mut started = 0;
    for spared in 0..10 {
        let id = author.post(PATH, json!({}), 200).await.text("/id");
        model.now(vec![Step::Says("Hallo.")]);
        // At one of these calls the turn is written down, and the answer of the database is lost: the SDK
        // waits before it asks again.
        app.byline.observer.plan("responses-create", spared, 1, Fault::AnswerLost);
        let turn = begin(&author, &id, "Hello");
        let conversation = id.parse().unwrap();
        let conversations = app.byline.context.store.conversations();
        let is_there = || async {
            let head = conversations.get(&conversation).await.unwrap().unwrap();
            head.turn.is_some() || head.last_response.is_some()
        };
        app.eventually(is_there).await;
        started += u32::from(!turn.is_finished());
        turn.abort();
        app.byline.observer.end_plan();
        let path = format!("{RESPONSES}/{}", last_turn(&app, &id).await);
        let is_over = || async { author.get(&path, 200).await.text("/status") == "completed" };
        app.eventually(is_over).await;
    }
    assert!(started > 0, "a client hung up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_stayed_open_does_not_run_in_later_turns() {
    let (app, model) = with_model(vec![
        Step::Calls("", vec![("echo", json!({ "text": "a" }))]),
        Step::Says("Yes."),
        waits("Hal", Step::Says("lo.")),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let first = ask(&author, "Hello").await;
    let id = first.text("/conversation/id");
    // As if its end could be written down, but not what it returned.
    let (partition, call) = (format!("CONVERSATION#{id}"), "ITEM#0000000001");
    set_text(&app, (&partition, call), "status", "calling").await;
    let turn = begin(&author, &id, "Again");
    model.was_asked(3).await;
    let path = format!("{PATH}/{id}/items");
    let items = author.get(&format!("{path}?order=asc"), 200).await;
    assert_eq!(items.text("/data/1/status"), "incomplete");
    let item = author.get(&format!("{path}/{}", items.text("/data/1/id")), 200).await;
    assert_eq!(item.text("/status"), "incomplete");
    model.go_on();
    assert_eq!(said(&turn.await.unwrap()), ["Hallo."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_writes_at_its_own_place_alone() {
    let (app, model) = with_model(vec![waits("Hal", Step::Says("lo."))]).await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = begin(&author, &id, "Hello");
    model.was_asked(1).await;
    let partition = format!("CONVERSATION#{id}");
    set(&app, (&partition, "CONVERSATION"), "next_place", 7).await;
    model.go_on();
    assert_eq!(said(&turn.await.unwrap()), Vec::<String>::new());
    let items = author.get(&format!("{PATH}/{id}/items"), 200).await;
    assert_eq!(items.json["data"].as_array().unwrap().len(), 1, "{}", items.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_two_answers_at_once() {
    let waiting = || waits("Hal", Step::Says("lo."));
    let (app, model, clock) = with_model_and(vec![waiting(), waiting(), waiting()], &[]).await;
    let author = app.user(Role::Author).await;
    let ask_beside = || {
        let author = author.clone();
        tokio::spawn(async move { ask(&author, "Hello").await })
    };
    let running = [ask_beside(), ask_beside()];
    model.was_asked(2).await;
    let refused = author.post(RESPONSES, json!({ "input": "Hello" }), 429).await;
    refused.is_problem("too_many_requests");
    assert_eq!(refused.header("retry-after"), "2");
    assert!(refused.text("/detail").contains("resp_"), "they can be stopped: {}", refused.body);
    // Nobody else waits for them.
    let other = app.user(Role::Author).await;
    let others = tokio::spawn(async move { ask(&other, "Hello").await });
    model.was_asked(3).await;
    (0..3).for_each(|_| model.go_on());
    for turn in running.into_iter().chain([others]) {
        assert_eq!(said(&turn.await.unwrap()), ["Hallo."]);
    }
    model.then(vec![Step::Says("Yes."), waiting(), waiting(), Step::Says("Yes.")]);
    assert_eq!(said(&ask(&author, "Again").await), ["Yes."]);
    // Those whose process is gone count no longer than their lease.
    let gone = [ask_beside(), ask_beside()];
    model.was_asked(6).await;
    clock.advance(60);
    assert_eq!(said(&ask(&author, "Again").await), ["Yes."]);
    (0..2).for_each(|_| model.go_on());
    for turn in gone {
        assert_eq!(turn.await.unwrap().text("/incomplete_details/reason"), "interrupted");
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
