//! A turn ends by itself, and what it may take is bounded.

use byline_shared::model::Role;
use byline_shared::store::usage::month;
use serde_json::json;

use super::super::PATH;
use super::{RESPONSES, Step, ask, calls, said, statuses, with_model, with_model_and};
use crate::harness::App;

/// What an account took in this month: what counts against the budget, of requests and of answers.
pub(super) async fn taken(app: &App, client: &crate::harness::Client) -> (i64, u64, u64) {
    let me = client.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    let cx = &app.byline.context;
    let (taken, _) = cx.store.usages().of(&me, &month(cx.clock.now())).await.unwrap();
    (taken.taken, taken.input, taken.output)
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn a_model_that_repeats_itself_is_stopped() {
    let same = Step::Calls("", vec![("echo", json!({ "text": "again" }))]);
    let (app, model) = with_model(vec![Step::Always(Box::new(same))]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Go").await;
    assert_eq!(made.text("/status"), "incomplete");
    assert_eq!(made.text("/incomplete_details/reason"), "max_messages");
    assert_eq!((calls(&made).len(), model.asked().len()), (3, 4));
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn a_turn_has_12_steps_and_24_calls() {
    let different =
        |step: usize| Step::Calls("", vec![("echo", json!({ "text": step.to_string() }))]);
    let (app, model) = with_model((0..20).map(different).collect()).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Go").await;
    assert_eq!(made.text("/incomplete_details/reason"), "max_messages");
    assert_eq!((calls(&made).len(), model.asked().len()), (12, 12));

    let many = (0..30).map(|number| ("echo", json!({ "text": format!("n{number}") }))).collect();
    let (app, _) = with_model(vec![Step::Calls("", many), Step::Says("never")]).await;
    let made = ask(&app.user(Role::Author).await, "Go").await;
    assert_eq!(made.text("/incomplete_details/reason"), "max_messages");
    assert_eq!(statuses(&made), ["completed"; 24]);
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn tokens_are_counted_and_what_was_reserved_is_given_back() {
    let (app, model) = with_model(vec![
        Step::Calls("", vec![("echo", json!({}))]),
        Step::Says("Yes."),
        Step::Status(400),
    ])
    .await;
    let author = app.user(Role::Author).await;
    ask(&author, "Hello").await;
    assert_eq!(taken(&app, &author).await, (220, 200, 20));
    ask(&author, "Again").await;
    assert_eq!(
        taken(&app, &author).await,
        (220, 200, 20),
        "a request that is refused costs nothing"
    );
    // A server that does not say what an answer took: its length says it.
    let (app, _) = with_model(vec![Step::Events(vec![super::model::delta(
        json!({ "content": "word ".repeat(60) }),
        json!("stop"),
    )])])
    .await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    assert_eq!(made.json["usage"]["output_tokens"], 100);
    assert_eq!(taken(&app, &author).await.2, 100);
    drop(model);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_holds_for_each_user_and_for_all() {
    let always = || vec![Step::Always(Box::new(Step::Says("Yes.")))];
    let given = &[("BYLINE_AGENT_MONTHLY_TOKENS_PER_USER", "15000")];
    let (app, model, clock) = with_model_and(always(), given).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let mut answered = 0;
    let refused = loop {
        let answer = ada.try_post(RESPONSES, json!({ "input": "Hello" })).await;
        if answer.status != 200 {
            break answer;
        }
        answered += 1;
    };
    assert_eq!(refused.status, 429, "{}", refused.body);
    refused.is_problem("budget_spent");
    assert!(refused.text("/detail").starts_with("Your monthly budget"), "{}", refused.body);
    assert_eq!(refused.header("x-should-retry"), "false");
    // 110 tokens each, until less is left than a request may take.
    assert!(answered >= 2 && model.asked().len() == answered, "{answered}");
    let taken = taken(&app, &ada).await.0;
    assert_eq!(taken, 110 * i64::try_from(answered).unwrap());
    assert_eq!(ada.get(PATH, 200).await.json["data"].as_array().unwrap().len(), answered);
    // Others have their own, and the next month has a new one.
    ask(&app.user(Role::Author).await, "Hello").await;
    clock.advance(32 * 24 * 3600);
    ask(&app.sign_in("ada@example.com").await, "Hello").await;

    let given = &[("BYLINE_AGENT_MONTHLY_TOKENS", "15000")];
    let (app, _, _) = with_model_and(always(), given).await;
    let authors = [app.user(Role::Author).await, app.user(Role::Author).await];
    let refused = loop {
        let mut last = None;
        for author in &authors {
            let answer = author.try_post(RESPONSES, json!({ "input": "Hello" })).await;
            last = Some(answer).filter(|answer| answer.status != 200).or(last);
        }
        if let Some(refused) = last {
            break refused;
        }
    };
    assert!(
        refused.text("/detail").starts_with("The publication's monthly budget"),
        "{}",
        refused.body
    );
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn turns_at_once_never_take_more_than_a_budget_has() {
    let given = &[("BYLINE_AGENT_MONTHLY_TOKENS", "50000")];
    let waits = Step::Waits("", Box::new(Step::Says("Yes.")));
    let (app, model, _) = with_model_and(vec![Step::Always(Box::new(waits))], given).await;
    let mut turns = Vec::new();
    for _ in 0..20 {
        let author = app.user(Role::Author).await;
        turns.push(tokio::spawn(async move {
            author.try_post(RESPONSES, json!({ "input": "Hello" })).await.status
        }));
    }
    // About 14,200 tokens are reserved for each, so that three run and the others are refused.
    model.was_asked(3).await;
    let refused = || turns.iter().filter(|turn| turn.is_finished()).count();
    app.eventually(|| async { refused() == 17 }).await;
    assert_eq!(model.asked().len(), 3);
    (0..3).for_each(|_| model.go_on());
    let mut statuses = Vec::new();
    for turn in turns {
        statuses.push(turn.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200; 3], vec![429; 17]].concat());
    let usage = app.user(Role::Author).await.get("/v1/agent", 200).await.json["usage"].take();
    assert_eq!(usage["publication"]["tokens"], 330);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_is_nearly_full_takes_no_more() {
    let (app, model) = with_model(vec![Step::Says("Yes."), Step::Says("The last.")]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    let id = made.text("/conversation/id");
    let partition = format!("CONVERSATION#{id}");
    super::super::set(&app, (&partition, "CONVERSATION"), "next_place", 1998).await;
    let last = super::ask_in(&author, &id, "More").await;
    assert_eq!(said(&last), ["The last."]);
    let body = json!({ "input": "More", "conversation": id });
    author.post(RESPONSES, body, 409).await.is_problem("limit_reached");
    assert_eq!(model.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_in_the_month_is_shown_beside_the_budgets() {
    let given = &[
        ("BYLINE_AGENT_MONTHLY_TOKENS_PER_USER", "100000"),
        ("BYLINE_AGENT_MONTHLY_TOKENS", "150000"),
    ];
    let steps = vec![Step::Says("One."), Step::Says("Two.")];
    let (app, _, clock) = with_model_and(steps, given).await;
    let (ada, grace) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let usage = |client: &crate::harness::Client| {
        let client = client.clone();
        async move { client.get("/v1/agent", 200).await.json["usage"].take() }
    };
    let month = month(byline_shared::clock::Clock::now(&*clock));
    ask(&ada, "One?").await;
    ask(&grace, "Two?").await;
    assert_eq!(
        usage(&ada).await,
        json!({
            "month": month,
            "own": { "tokens": 110, "limit": 100_000 },
            "publication": { "tokens": 220, "limit": 150_000 },
        })
    );
    let other = app.user(Role::Author).await;
    assert_eq!(usage(&other).await["own"]["tokens"], 0);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_running_answer_has_reserved_is_shown_beside_a_limit_alone() {
    const LIMITED: &[(&str, &str)] = &[("BYLINE_AGENT_MONTHLY_TOKENS_PER_USER", "100000")];
    for (given, is_shown) in [(&[][..], false), (LIMITED, true)] {
        let steps = vec![Step::Says("One."), Step::Waits("Two", Box::new(Step::Says("three.")))];
        let (app, model, _) = with_model_and(steps, given).await;
        let ada = app.user(Role::Author).await;
        ask(&ada, "One?").await;
        let turn = {
            let ada = ada.clone();
            tokio::spawn(async move { ask(&ada, "Two?").await })
        };
        model.was_asked(2).await;
        let usage = ada.get("/v1/agent", 200).await.json["usage"].take();
        assert_eq!(usage["own"]["tokens"].as_u64().unwrap() > 110, is_shown, "{usage}");
        assert_eq!(usage["publication"]["tokens"], 110, "{usage}");
        model.go_on();
        assert_eq!(turn.await.unwrap().text("/status"), "completed");
    }
}
