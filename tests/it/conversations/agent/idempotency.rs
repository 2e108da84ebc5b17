//! A request that is repeated gets the same response, and the agent does nothing twice.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::super::PATH;
use super::{RESPONSES, Step, calls, said, with_model, with_model_and};
use crate::harness::{Answer, Client};

async fn ask_with(client: &Client, headers: &[(&str, &str)], body: Value, status: u16) -> Answer {
    client.send(Method::POST, RESPONSES, headers, Some(body), status).await
}

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
    // Minutes later nobody repeats any more.
    clock.advance(601);
    let ada = app.sign_in("ada@example.com").await;
    let third = ask_with(&ada, &count("2"), body, 200).await;
    assert_eq!(said(&third), ["Three."]);
    assert_eq!(model.asked().len(), 3);
}
