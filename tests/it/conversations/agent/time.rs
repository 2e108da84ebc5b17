//! A turn ends before its process is stopped, whatever the model and the database do.

use byline_local::faults::Fault;
use byline_shared::model::Role;
use serde_json::json;

use super::model::delta;
use super::{Step, ask_with, said, with_model_and};

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_ends_before_its_process_is_stopped() {
    let begun = delta(json!({ "content": "Hal" }), json!(null));
    let (app, model, clock) = with_model_and(vec![Step::Stalls(vec![begun])], &[]).await;
    let author = app.user(Role::Author).await;
    let turn = {
        let author = author.clone();
        let stops = [("x-stops-in", "20")];
        tokio::spawn(
            async move { ask_with(&author, &stops, json!({ "input": "Hello" }), 200).await },
        )
    };
    model.was_asked(1).await;
    assert!(!turn.is_finished());
    clock.advance(16);
    let answer = turn.await.unwrap();
    assert_eq!(answer.text("/status"), "incomplete", "{}", answer.body);
    assert_eq!(answer.text("/incomplete_details/reason"), "time_limit");
    assert_eq!(said(&answer), ["Hal"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_answer_does_not_keep_a_turn_going() {
    let waits = Step::Waits("Hal", Box::new(Step::Says("lo.")));
    let (app, model, clock) = with_model_and(vec![waits], &[]).await;
    let author = app.user(Role::Author).await;
    let turn = tokio::spawn(async move {
        let stops = [("x-stops-in", "20")];
        ask_with(&author, &stops, json!({ "input": "Hello" }), 503).await
    });
    model.was_asked(1).await;
    app.byline.observer.plan("responses-create", 0, u32::MAX, Fault::Throttled);
    clock.advance(16);
    model.was_hung_up(1).await;
    turn.await.unwrap().is_problem("unavailable");
    app.byline.observer.end_plan();
}
