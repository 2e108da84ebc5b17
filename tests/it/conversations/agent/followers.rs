//! Streams of an answer are taken up anywhere, by as many as may.

use byline_shared::auth::limits;
use byline_shared::model::{Role, UserId};
use byline_shared::open_streams::MAX_OPEN;
use http::Method;
use serde_json::json;

use super::super::PATH;
use super::streams::{Stream, ended, id, look_and_tell, said, waits};
use super::{RESPONSES, Step, ask, conversation, with_model, with_model_and};

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_taken_up_behind_any_event_while_it_runs_and_afterwards() {
    let mut steps = look_and_tell();
    steps[1] = waits("Two drafts ", Step::Says("wait."));
    let (app, model) = with_model(steps).await;
    let author = app.user(Role::Author).await;
    let mut first = Stream::ask(&author, json!({ "input": "Which drafts wait?" })).await;
    first.until_said("I look.Two drafts ").await;
    let (response, mut read) = (id(&first.events), first.events.clone());
    // The client hangs up, and comes back.
    drop(first);
    let again = Stream::follow(&author, &response, Some(read.len() - 1)).await;
    model.go_on();
    read.extend(again.until_the_end().await);
    assert_eq!(said(&read), "I look.Two drafts wait.");
    assert_eq!(ended(&read, "completed")["id"], response.as_str());
    for after in 0..read.len() - 1 {
        let rest = Stream::follow(&author, &response, Some(after)).await.until_the_end().await;
        assert_eq!(rest, read[after + 1..], "behind {after}");
    }
    assert_eq!(Stream::follow(&author, &response, None).await.until_the_end().await, read);
    // Who has everything gets the end once more: no stream is without one.
    let last = Stream::follow(&author, &response, Some(read.len() + 7)).await.until_the_end().await;
    assert_eq!(last, read[read.len() - 1..]);
    for wrong in ["starting_after=-1", "starting_after=x", "stream=yes", "from=1"] {
        author.get(&format!("{RESPONSES}/{response}?{wrong}"), 422).await;
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_repeated_gets_the_same_stream() {
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let key = [("idempotency-key", "once")];
    let body = json!({ "input": "Hello" });
    let mut stream = Stream::ask_with(&author, body.clone(), &key).await;
    stream.until_said("Half of ").await;
    let again = Stream::ask_with(&author, body.clone(), &key).await;
    model.go_on();
    let events = stream.until_the_end().await;
    assert_eq!(again.until_the_end().await, events);
    assert_eq!(Stream::ask_with(&author, body, &key).await.until_the_end().await, events);
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_a_turn_whose_process_is_gone_end() {
    let (app, model, clock) = with_model_and(
        vec![
            Step::Calls("I look.", vec![("echo", json!({ "text": "a" }))]),
            waits("Half of ", Step::Says("it.")),
            Step::Says("Yes."),
        ],
        &[],
    )
    .await;
    let author = app.user(Role::Author).await;
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("I look.Half of ").await;
    let response = id(&stream.events);
    let mut second = Stream::follow(&author, &response, None).await;
    second.until_said("I look.Half of ").await;
    // As if its process had been frozen for longer than the lease: it is its runner's no more.
    clock.advance(60);
    for events in [stream.until_the_end().await, second.until_the_end().await] {
        let end = ended(&events, "incomplete");
        assert_eq!(end["incomplete_details"]["reason"], "interrupted");
        assert_eq!(end["output"].as_array().unwrap().len(), 3, "what stands: {end}");
        assert_eq!(end["output"][2]["status"], "incomplete");
        assert_eq!(said(&events), "I look.Half of ");
    }
    model.was_hung_up(1).await;
    let read = author.get(&format!("{RESPONSES}/{response}"), 200).await;
    super::ask_in(&author, &read.text("/conversation/id"), "Again").await;
    let later = Stream::follow(&author, &response, None).await.until_the_end().await;
    assert_eq!(ended(&later, "incomplete")["incomplete_details"]["reason"], "interrupted");
    assert_eq!(said(&later), "I look.Half of ", "it is a message of the conversation now");
    assert_eq!(ended(&later, "incomplete")["output"], read.json["output"]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_holds_nothing_that_was_deleted() {
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "canary" }))]),
        Step::Says("Done."),
        waits("Half of ", Step::Says("it.")),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    let path = conversation(&made);
    let call = super::calls(&made)[0]["id"].as_str().unwrap().to_owned();
    author.delete(&format!("{path}/items/{call}"), 200).await;
    let response = made.text("/id");
    let events = Stream::follow(&author, &response, None).await.until_the_end().await;
    assert_eq!(said(&events), "I look.Done.");
    assert!(!json!(events).to_string().contains("canary"));
    assert_eq!(ended(&events, "completed")["output"].as_array().unwrap().len(), 2);

    // A conversation that is deleted in a turn ends its streams.
    let body = json!({ "input": "Go on", "conversation": made.text("/conversation/id") });
    let mut stream = Stream::ask(&author, body).await;
    stream.until_said("Half of ").await;
    let second = Stream::follow(&author, &id(&stream.events), None).await;
    author.delete(&path, 200).await;
    model.was_hung_up(1).await;
    ended(&stream.until_the_end().await, "incomplete");
    ended(&second.until_the_end().await, "incomplete");
    assert_eq!(super::super::of(&app, &path).await, Vec::<String>::new());
    author.get(&format!("{PATH}/{}", made.text("/conversation/id")), 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_follows_some_answers_at_once_and_no_more() {
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("Half of ").await;
    let response = id(&stream.events);
    let mut open = Vec::new();
    for _ in 0..MAX_OPEN {
        open.push(Stream::follow(&author, &response, None).await);
    }
    let path = format!("{RESPONSES}/{response}");
    let streamed = format!("{path}?stream=true");
    // Also with another credential of the same account.
    for client in [&author, &app.agent(&author).await] {
        let refused = client.get(&streamed, 429).await;
        refused.is_problem("too_many_requests");
        assert!(refused.text("/detail").starts_with("You follow 20 answers"), "{}", refused.body);
        assert_eq!(refused.header("retry-after"), "2");
        assert_eq!(refused.text("/error/message"), refused.text("/detail"));
    }
    // What is read at once holds nothing open, and others have as many.
    author.get(&path, 200).await;
    let other = app.user(Role::Author).await;
    other.get(&streamed, 404).await;
    open.pop();
    app.eventually(|| async {
        author.begin(Method::GET, &streamed, &[], None).await.unwrap().status() == 200
    })
    .await;
    model.go_on();
    for events in [stream.until_the_end().await, open.pop().unwrap().until_the_end().await] {
        assert_eq!(said(&events), "Half of it.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_begins_to_follow_only_so_often() {
    let steps = vec![Step::Says("Yes.")];
    let (app, _, _) = with_model_and(steps, &[("BYLINE_RATE_LIMITS", "on")]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    let streamed = format!("{RESPONSES}/{}?stream=true", made.text("/id"));
    let me: UserId = author.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    let policy = &limits::FOLLOW_ACCOUNT;
    for _ in 0..policy.quota {
        limits::acquire(&app.byline.context, policy, &limits::account(&me)).await.unwrap();
    }
    let refused = author.get(&streamed, 429).await;
    refused.is_problem("too_many_requests");
    assert_eq!(refused.header("ratelimit-policy"), "\"follow-account\";q=240;w=60");
    // Reading it without following is not counted.
    author.get(&format!("{RESPONSES}/{}", made.text("/id")), 200).await;
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
