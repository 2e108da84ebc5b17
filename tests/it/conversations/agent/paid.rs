//! What counts against a budget: every request that the model may have worked on, and what its server tells of it
//! within reason.

use byline_shared::model::Role;
use byline_shared::store::WriteError;
use byline_shared::store::usage::{NotTaken, Reservation, month};
use serde_json::{Value, json};

use super::super::{PATH, app, stored};
use super::bounds::taken;
use super::model::{delta, event};
use super::state::{begin, last_turn};
use super::{RESPONSES, Step, ask, ask_in, said, with_model, with_model_and};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_sent_has_its_price() {
    let given = &[("BYLINE_AGENT_SILENCE_SECONDS", "1")];
    let (app, model, _) = with_model_and(Vec::new(), given).await;
    let author = app.user(Role::Author).await;
    for (what, step, is_paid) in [
        ("no stream", Step::Document("text/html", "<p>Hello"), true),
        ("silent", Step::Silent, true),
        ("hung up", Step::HangsUp, true),
        ("refused", Step::Status(400), false),
    ] {
        let before = (taken(&app, &author).await, model.asked().len());
        model.then(vec![step]);
        let made = ask(&author, "Hello").await;
        assert_eq!(made.text("/status"), "failed", "{what}: {}", made.body);
        assert_eq!(model.asked().len(), before.1 + 1, "{what}: it is not sent again");
        // Instructions and tools count as 6,000, and the message as 2.
        let expected = if is_paid { 6002 } else { 0 };
        assert_eq!(made.json["usage"]["input_tokens"], expected, "{what}");
        assert_eq!(taken(&app, &author).await.0, before.0.0 + expected, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_stopped_has_its_price() {
    let (app, model) = with_model(vec![Step::Silent]).await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = begin(&author, &id, "Hello");
    model.was_asked(1).await;
    let response = last_turn(&app, &id).await;
    author.post(&format!("{RESPONSES}/{response}/cancel"), json!({}), 200).await;
    let answer = turn.await.unwrap();
    assert_eq!(answer.text("/status"), "cancelled");
    assert_eq!(taken(&app, &author).await, (6002, 6002, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_that_is_gone_had_reserved_counts_once_with_the_next_turn_of_any_conversation()
 {
    let given = &[("BYLINE_AGENT_MONTHLY_TOKENS", "100000")];
    let (app, model, clock) = with_model_and(vec![Step::Silent], given).await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = begin(&author, &id, "Hello");
    model.was_asked(1).await;
    // As if its process were frozen: it does not get to the end of a renewal.
    let renewal = app.byline.observer.hold("responses-create", "UpdateItem");
    renewal.reached().await;
    clock.advance(31);
    model.now(vec![Step::Says("Yes.")]);
    ask(&author, "In another conversation").await;
    // 6,002 for the request and whatever its answer may have had, and 110 for the other one.
    let (all, input, output) = taken(&app, &author).await;
    assert_eq!(all, i64::try_from(input + output).unwrap(), "nothing is reserved");
    assert!(all >= 6112, "{all}");
    // It wakes up, and counts nothing any more.
    renewal.open();
    let late = turn.await.unwrap();
    assert_eq!(late.text("/incomplete_details/reason"), "interrupted");
    assert_eq!(taken(&app, &author).await, (all, input, output));
    let usage = author.get("/v1/agent", 200).await.json["usage"].take();
    assert_eq!(usage["publication"]["tokens"], all);
    model.now(vec![Step::Says("Yes.")]);
    ask_in(&author, &id, "Here again").await;
    assert_eq!(taken(&app, &author).await, (all + 110, input + 100, output + 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_reached_nobody_costs_nothing() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let failed = ask(&author, "Hello").await;
    assert_eq!(failed.text("/status"), "failed");
    assert_eq!(failed.text("/error/code"), "server_error");
    assert_eq!(failed.json["usage"]["total_tokens"], 0);
    assert_eq!(taken(&app, &author).await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_tells_counts_within_reason() {
    let (app, model) = with_model(Vec::new()).await;
    let author = app.user(Role::Author).await;
    let says = |usage: Value| {
        let text = delta(json!({ "content": "four words of text" }), json!("stop"));
        Step::Events(vec![text, event(&json!({ "choices": [], "usage": usage }))])
    };
    // Three times the input that is expected, and eight times the longest answer.
    let most = (18_006, 65_536);
    for (prompt, completion, expected) in [
        (json!(u64::MAX), json!(u64::MAX), most),
        (json!(u64::MAX), json!(u64::MAX), most),
        (json!(-5), json!(-5), (6002, 6)),
        (json!(100), json!(-5), (100, 6)),
        (json!(1e40), json!("many"), (6002, 6)),
        (json!(100), Value::Null, (100, 6)),
    ] {
        let before = taken(&app, &author).await;
        model.then(vec![says(json!({ "prompt_tokens": prompt, "completion_tokens": completion }))]);
        let made = ask(&author, "Hello").await;
        assert_eq!(said(&made), ["four words of text"]);
        let now = taken(&app, &author).await;
        assert_eq!((now.1 - before.1, now.2 - before.2), expected, "{prompt} {completion}");
        assert_eq!(now.0 - before.0, i64::try_from(expected.0 + expected.1).unwrap());
    }
    author.get("/v1/agent", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_common_budget_turns_write_to_no_common_item_before_they_end() {
    let site = |keys: Vec<String>| keys.iter().any(|key| key.starts_with("USAGE#SITE "));
    for (given, is_early) in
        [(&[][..], false), (&[("BYLINE_AGENT_MONTHLY_TOKENS", "100000")][..], true)]
    {
        let waits = Step::Waits("Hal", Box::new(Step::Says("lo.")));
        let (app, model, _) = with_model_and(vec![waits], given).await;
        let author = app.user(Role::Author).await;
        let id = author.post(PATH, json!({}), 200).await.text("/id");
        let turn = begin(&author, &id, "Hello");
        model.was_asked(1).await;
        assert_eq!(site(stored(&app).await), is_early);
        model.go_on();
        turn.await.unwrap();
        let usage = author.get("/v1/agent", 200).await.json["usage"].take();
        assert_eq!(usage["publication"]["tokens"], 110);
        assert_eq!(usage["own"]["tokens"], 110);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_of_a_deleted_account_takes_nothing_any_more() {
    let (app, _) = with_model(vec![Step::Says("Yes.")]).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let made = ask(&ada, "Hello").await;
    let me = ada.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    ada.delete("/v1/users/me", 204).await;
    let is_erased =
        || async { !stored(&app).await.iter().any(|key| key.contains(&made.text("/id")[5..31])) };
    app.eventually(is_erased).await;
    let cx = &app.byline.context;
    let reservation = Reservation {
        user: me,
        month: month(cx.clock.now()),
        tokens: 1,
        user_budget: None,
        site_budget: None,
    };
    let late = cx.store.usages().take(&reservation, &made.text("/id").parse().unwrap()).await;
    assert!(matches!(late, Err(WriteError::Conflict(NotTaken::Lost))));
    let is_of_site = |key: &String| key.starts_with("USAGE#SITE ");
    app.eventually(|| async { stored(&app).await.iter().all(is_of_site) }).await;
}
