//! A request that is repeated gets the same response, and the agent does nothing twice.

use byline_shared::model::Role;
use serde_json::json;

use super::super::{PATH, of, remove, set_text};
use super::{Step, ask, ask_in, ask_with, calls, said, with_model, with_model_and};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_leads_to_the_turn_that_it_started() {
    let (app, model) = with_model(vec![
        Step::Calls("", vec![("echo", json!({ "text": "once" }))]),
        Step::Says("Yes."),
        Step::Says("Second."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let key = [("idempotency-key", "key-1")];
    // Also where the request starts its conversation.
    let first = ask_with(&author, &key, json!({ "input": "Hello" }), 200).await;
    let again = ask_with(&author, &key, json!({ "input": "Hello" }), 200).await;
    assert_eq!(again.json, first.json);
    assert_eq!((calls(&first).len(), model.asked().len()), (1, 2));
    assert_eq!(author.get(PATH, 200).await.json["data"].as_array().unwrap().len(), 1);
    let other = ask_with(&author, &key, json!({ "input": "Something else" }), 422).await;
    assert_eq!(other.faults(), [("/idempotency_key".to_owned(), "reused".to_owned())]);

    let id = first.text("/conversation/id");
    let body = json!({ "input": "More", "conversation": id });
    let key = [("idempotency-key", "key-2")];
    let second = ask_with(&author, &key, body.clone(), 200).await;
    assert_eq!(said(&second), ["Second."]);
    assert_eq!(ask_with(&author, &key, body, 200).await.json, second.json);
    assert_eq!(model.asked().len(), 3);
    let long = "k".repeat(256);
    for wrong in ["", "a b", long.as_str()] {
        let key = [("idempotency-key", wrong)];
        let refused = ask_with(&author, &key, json!({ "input": "a" }), 422).await;
        assert_eq!(refused.faults()[0].0, "/idempotency_key", "{wrong}");
    }
    // Somebody else's key is another one.
    model.then(vec![Step::Says("Other.")]);
    let other = app.user(Role::Author).await;
    let key = [("idempotency-key", "key-1")];
    let made = ask_with(&other, &key, json!({ "input": "Hello" }), 200).await;
    assert_eq!(said(&made), ["Other."]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_waits_for_the_turn_that_runs() {
    let waits = Step::Waits("Hal", Box::new(Step::Says("lo.")));
    let (app, model) = with_model(vec![waits]).await;
    let author = app.user(Role::Author).await;
    let both: Vec<_> = (0..2)
        .map(|_| {
            let author = author.clone();
            tokio::spawn(async move {
                let key = [("idempotency-key", "key")];
                ask_with(&author, &key, json!({ "input": "Hello" }), 200).await
            })
        })
        .collect();
    model.was_asked(1).await;
    model.go_on();
    let mut answers = Vec::new();
    for one in both {
        answers.push(one.await.unwrap().json);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["status"], "completed");
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_sdks_send_no_key_and_repeat_all_the_same() {
    let (app, model, clock) =
        with_model_and(vec![Step::Says("One."), Step::Says("Two."), Step::Says("Three.")], &[])
            .await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let id = ada.post(PATH, json!({}), 200).await.text("/id");
    let body = json!({ "input": "Hello", "conversation": id });
    let count = |count: &'static str| [("x-stainless-retry-count", count)];
    let first = ask_with(&ada, &count("0"), body.clone(), 200).await;
    let repeated = ask_with(&ada, &count("1"), body.clone(), 200).await;
    assert_eq!(repeated.json, first.json);
    // The same words, said again.
    let second = ask_with(&ada, &count("0"), body.clone(), 200).await;
    assert_eq!(said(&second), ["Two."]);
    // A minute later nobody repeats any more.
    clock.advance(61);
    let ada = app.sign_in("ada@example.com").await;
    let third = ask_with(&ada, &count("2"), body, 200).await;
    assert_eq!(said(&third), ["Three."]);
    assert_eq!(model.asked().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_after_another_response_are_another_request() {
    let steps = ["One.", "Two.", "Three."].map(Step::Says).to_vec();
    let (app, model) = with_model(steps).await;
    let author = app.user(Role::Author).await;
    let first = ask(&author, "yes").await;
    // The first attempt met a 503, so that this is the one that starts the turn.
    let body = json!({ "input": "yes", "previous_response_id": first.json["id"] });
    let retry = [("x-stainless-retry-count", "1")];
    let second = ask_with(&author, &retry, body.clone(), 200).await;
    assert_eq!(said(&second), ["Two."]);
    assert_eq!(ask_with(&author, &retry, body.clone(), 200).await.json, second.json);
    let other = json!({ "input": "no", "previous_response_id": first.json["id"] });
    ask_with(&author, &retry, other, 409).await.is_problem("edit_conflict");
    assert_eq!(model.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_a_conversation_that_is_being_deleted_starts_nothing_before_it_is_gone() {
    let steps = ["One.", "Two."].map(Step::Says).to_vec();
    let (app, model) = with_model(steps).await;
    let author = app.user(Role::Author).await;
    let key = [("idempotency-key", "key-1")];
    let first = ask_with(&author, &key, json!({ "input": "Hello" }), 200).await;
    let id = first.text("/conversation/id").parse().unwrap();
    // Its deletion is interrupted, with less and less left of it.
    let conversations = app.byline.context.store.conversations();
    let head = conversations.get(&id).await.unwrap().unwrap();
    assert!(conversations.delete(&head, None).await.unwrap());
    ask_with(&author, &key, json!({ "input": "Hello" }), 409).await.is_problem("edit_conflict");
    let path = format!("{PATH}/{id}");
    for part in of(&app, &path).await {
        if !part.ends_with(" DELETION") {
            remove(&app, &part).await;
        }
    }
    ask_with(&author, &key, json!({ "input": "Hello" }), 409).await.is_problem("edit_conflict");
    assert_eq!(model.asked().len(), 1);
    conversations.delete_rest(&id).await.unwrap();
    let again = ask_with(&author, &key, json!({ "input": "Hello" }), 200).await;
    assert_eq!(said(&again), ["Two."]);
    assert_eq!(again.json["conversation"], first.json["conversation"]);
    // A head whose turn is gone takes the next one.
    let head = format!("CONVERSATION#{id}");
    let turn = of(&app, &path).await.into_iter().find(|part| part.contains("TURN#"));
    remove(&app, &turn.unwrap()).await;
    set_text(&app, (&head, "CONVERSATION"), "turn", &again.text("/id")).await;
    model.then(vec![Step::Says("Three.")]);
    assert_eq!(said(&ask_in(&author, id.as_str(), "More").await), ["Three."]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_stopped_soon_shows_how_far_the_turn_is() {
    let waits = Step::Waits("Hal", Box::new(Step::Says("lo.")));
    let (app, model) = with_model(vec![waits]).await;
    let author = app.user(Role::Author).await;
    let turn = {
        let author = author.clone();
        let key = [("idempotency-key", "key")];
        tokio::spawn(async move { ask_with(&author, &key, json!({ "input": "Hello" }), 200).await })
    };
    model.was_asked(1).await;
    let stops = [("idempotency-key", "key"), ("x-stops-in", "4")];
    let followed = ask_with(&author, &stops, json!({ "input": "Hello" }), 200).await;
    assert_eq!(followed.text("/status"), "in_progress");
    model.go_on();
    let answer = turn.await.unwrap();
    assert_eq!(
        (answer.text("/id"), answer.text("/status")),
        (followed.text("/id"), "completed".into())
    );
}
