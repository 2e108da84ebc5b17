//! The agent at its Function URL: the real function as processes of its own, which are frozen whenever they ask
//! for the next event, behind a stand-in for the URL.

use byline_shared::model::{ResponseId, Role};
use http::Method;
use serde_json::{Value, json};

use super::streams::{Stream, ended, id, said, waits};
use super::{RESPONSES, ScriptedModel, Step, with_model_of};
use crate::harness::function_url::{DOMAIN, SOURCE_IP, event_of};
use crate::harness::{App, Client, FunctionAnswer, FunctionUrl, Process, functions};

const NAME: &str = "agent-url";

/// A Byline whose agent has this model, and the URL of the agent.
async fn with_url(steps: Vec<Step>) -> (App, ScriptedModel, FunctionUrl) {
    let (app, model, _) = with_model_of(steps, &[], byline_local::operations()).await;
    let url = FunctionUrl::start(&app, NAME).await;
    (app, model, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn words_arrive_while_the_model_still_speaks() {
    let (app, model, url) = with_url(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let at_url = url.client(&author);
    let mut stream = Stream::ask(&at_url, json!({ "input": "Hello" })).await;
    stream.until_said("Half of ").await;
    // The model waits: the words were sent before the turn was over. A second process follows it.
    let response = id(&stream.events);
    let mut second = Stream::follow(&at_url, &response, None).await;
    second.until_said("Half of ").await;
    model.go_on();
    let events = stream.until_the_end().await;
    assert_eq!(said(&events), "Half of it.");
    ended(&events, "completed");
    assert_eq!(second.until_the_end().await, events);
    // Both doors have the same stream, from any event on.
    for person in [&author, &at_url] {
        let rest = Stream::follow(person, &response, Some(3)).await.until_the_end().await;
        assert_eq!(rest, events[4..]);
    }
}

/// Lambda freezes a process that asks for the next event, so it must not ask before its turn is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_ends_before_its_process_is_frozen_though_nobody_reads_it() {
    let (app, model, _) =
        with_model_of(vec![waits("Half of ", Step::Says("it."))], &[], byline_local::operations())
            .await;
    let author = app.user(Role::Author).await;
    let mut function = process(&app).await;
    let FunctionAnswer::Streamed(mut answer) = function.answer(&asks(&author)).await.unwrap()
    else {
        panic!("it is not streamed")
    };
    let mut text = String::new();
    while !text.contains("\"delta\":\"of \"") {
        text.push_str(std::str::from_utf8(&answer.next().await.unwrap()).unwrap());
    }
    let (_, response) = text.split_once("\"id\":\"").unwrap();
    let response: ResponseId = response.split_once('"').unwrap().0.parse().unwrap();
    function.break_connection();
    while answer.next().await.is_some() {}
    // It works on: it renews the turn's lease each second.
    let lease = async || {
        let turn = app.byline.context.store.turns().get(&response).await.unwrap();
        turn.unwrap().lease_until
    };
    for _ in 0..2 {
        let before = lease().await;
        app.eventually(|| async { lease().await > before }).await;
    }
    model.go_on();
    function.is_frozen().await;
    let read = author.get(&format!("{RESPONSES}/{response}"), 200).await;
    assert_eq!(
        (read.text("/status"), super::said(&read)),
        ("completed".to_owned(), vec!["Half of it.".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_may_be_whole_and_a_refusal_is_a_problem() {
    let (app, _, url) = with_url(vec![Step::Says("Yes.")]).await;
    let author = url.client(&app.user(Role::Author).await);
    let answer = author.post(RESPONSES, json!({ "input": "Hello" }), 200).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(
        (answer.text("/status"), super::said(&answer)),
        ("completed".to_owned(), vec!["Yes.".to_owned()])
    );
    let anonymous = url.client(&app.anonymous());
    let refused = anonymous.post(RESPONSES, json!({ "input": "a", "stream": true }), 401).await;
    refused.is_problem("unauthenticated");
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    author.get("/v1/conversations/conv_0000", 422).await.is_problem("invalid_input");
    author.post(RESPONSES, json!({ "input": "" }), 422).await.is_problem("invalid_input");
    author.get(&format!("{RESPONSES}/{}x", answer.text("/id")), 422).await;
    // Other operations are not there.
    for path in ["/", "/v1/posts", "/mcp", "/desk", "/v1/agents"] {
        author.get(path, 404).await.is_problem("not_found");
    }
    let other = author.send_raw(Method::PUT, RESPONSES, &[], None, 405).await;
    assert_eq!(other.header("allow"), "POST");
    assert_eq!(author.get("/v1/agent/", 308).await.header("location"), "/v1/agent");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_agent_is_off_its_url_says_so() {
    // No such function is deployed then.
    let app = App::unlimited().await;
    let url = FunctionUrl::start(&app, NAME).await;
    let author = url.client(&app.user(Role::Author).await);
    let body = json!({ "input": "Hello", "stream": true });
    author.post(RESPONSES, body, 503).await.is_problem("agent_off");
    assert_eq!(author.get("/v1/agent", 200).await.json["stream_url"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_the_agent_says_where_answers_are_streamed() {
    let (app, _, url) = with_url(Vec::new()).await;
    let author = app.user(Role::Author).await;
    let own = format!("http://{}/v1", app.byline.address);
    assert_eq!(author.get("/v1/agent", 200).await.text("/stream_url"), own);
    let at_url = url.client(&author).get("/v1/agent", 200).await;
    assert_eq!(at_url.text("/stream_url"), format!("https://{DOMAIN}/v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_by_another_process_ends_the_stream() {
    let (app, model, url) = with_url(vec![waits("Half of ", Step::Says("never"))]).await;
    let author = url.client(&app.user(Role::Author).await);
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("Half of ").await;
    let cancel = format!("{RESPONSES}/{}/cancel", id(&stream.events));
    let stopped = author.post(&cancel, json!({}), 200).await;
    model.was_hung_up(1).await;
    let events = stream.until_the_end().await;
    let end = ended(&events, "incomplete");
    assert_eq!((&end["status"], end), (&json!("cancelled"), &stopped.json));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_streamed_and_taken_up_again() {
    let (app, model, url) = with_url(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let at_url = url.client(&author);
    let nothing = at_url.get("/v1/chat/x7/stream", 204).await;
    assert_eq!(nothing.body, "");
    let parts = json!([{ "type": "text", "text": "Hello" }]);
    let body = json!({ "id": "x7", "messages": [{ "id": "m1", "role": "user", "parts": parts }] });
    let headers = [("content-type", "application/json")];
    let body = Some(body.to_string().into_bytes());
    let mut chat = at_url.begin(Method::POST, "/v1/chat", &headers, body).await.unwrap();
    let mut text = String::new();
    while !text.contains("\"delta\":\"of \"") {
        text.push_str(std::str::from_utf8(&chat.chunk().await.unwrap().unwrap()).unwrap());
    }
    let mut again = at_url.begin(Method::GET, "/v1/chat/x7/stream", &[], None).await.unwrap();
    assert_eq!(again.headers()["x-vercel-ai-ui-message-stream"], "v1");
    let begun = again.chunk().await.unwrap().unwrap();
    model.go_on();
    text.push_str(&chat.text().await.unwrap());
    assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
    assert_eq!(
        std::str::from_utf8(&begun).unwrap().to_owned() + &again.text().await.unwrap(),
        text
    );
}

/// Function URLs that got no byte of a body kept the connection open.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_a_byte() {
    let (app, _, _) = with_model_of(Vec::new(), &[], byline_local::operations()).await;
    let author = app.user(Role::Author).await;
    let mut function = process(&app).await;
    for (method, path, status) in [
        ("GET", "/v1/chat/x7/stream", 204),
        ("HEAD", "/v1/agent", 200),
        ("HEAD", "/v1/posts", 404),
        ("GET", "/v1/agent/", 308),
        ("OPTIONS", "/v1/responses", 200),
    ] {
        let mut event = event_of((method, path, ""), &headers(&author), "");
        event["headers"]["origin"] = "http://localhost:3000".into();
        event["headers"]["access-control-request-method"] = "POST".into();
        let FunctionAnswer::Streamed(answer) = function.answer(&event).await.unwrap() else {
            panic!("it is not streamed")
        };
        let answer = answer.whole().await;
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(status), &json!("\n")));
        assert_eq!(answer["headers"]["content-length"], Value::Null, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_preflights_are_answered_as_behind_the_api() {
    let (app, _, url) = with_url(Vec::new()).await;
    let author = app.user(Role::Author).await;
    let at_url = url.client(&author);
    for path in [
        "/v1/%61gent",
        "/v1/agent%2F",
        "/v1/chat/caf%C3%A9/stream",
        "/v1/chat/50%25/stream",
        "/v1/chat/50%2525/stream",
        "/v1/chat/a%2Fb/stream",
        "/v1/chat/a%3Fb/stream",
        "/v1/chat/a%20b/stream?x=1",
        "/v1/conversations/%7Bid%7D",
        "/v1/conversations?limit=%31",
        "/v1/conversations/x%2Fitems",
        "/v1//conversations",
    ] {
        let here = author.try_send(Method::GET, path, &[], None).await.unwrap();
        let there = at_url.try_send(Method::GET, path, &[], None).await.unwrap();
        assert_eq!(there.status, here.status, "{path}: {}", there.body);
        for member in ["code", "detail", "errors", "object", "data"] {
            assert_eq!(there.json[member], here.json[member], "{member} of {path}");
        }
    }
    let preflight = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let cors = |answer: &crate::harness::Answer| {
        let names = ["allow-origin", "allow-methods", "allow-headers", "max-age"];
        names.map(|name| answer.header(&format!("access-control-{name}")).to_owned())
    };
    let here = app.anonymous().send_raw(Method::OPTIONS, RESPONSES, &preflight, None, 200).await;
    let there = url.client(&app.anonymous());
    let there = there.send_raw(Method::OPTIONS, RESPONSES, &preflight, None, 200).await;
    assert_eq!(cors(&there), cors(&here));
    // Also a refusal can be read by a page.
    let refused = url.client(&app.anonymous());
    let refused = refused.send_raw(Method::GET, "/v1/agent", &preflight[..1], None, 401).await;
    assert_eq!(refused.header("access-control-allow-origin"), "http://localhost:3000");
}

/// Who calls is told by Lambda, and by no header.
#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_client_is_that_of_the_event() {
    let (app, _, url) = with_url(Vec::new()).await;
    let author = url.client(&app.user(Role::Author).await);
    let headers = [("x-forwarded-for", "203.0.113.9"), ("content-type", "application/json")];
    let made =
        author.send_raw(Method::POST, super::super::PATH, &headers, Some("{}".to_owned()), 200);
    let request = made.await.header("x-request-id").to_owned();
    let log = app.admin().await.get("/v1/admin/audit?limit=20", 200).await;
    let mut entries = log.json["items"].as_array().unwrap().iter();
    let entry = entries.find(|entry| entry["request_id"] == request.as_str());
    assert_eq!(entry.unwrap()["ip"], SOURCE_IP);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_for_the_mcp_endpoint_are_refused() {
    let (app, _, url) = with_url(Vec::new()).await;
    let world = crate::oauth::World::of(app).await;
    let token = world.tokens(&world.asks()).await.text("/access_token");
    let at_url = url.client(&world.app.with_token(&token));
    at_url.get("/v1/agent", 401).await.is_problem("unauthenticated");
    at_url.post(RESPONSES, json!({ "input": "a" }), 401).await.is_problem("unauthenticated");
}

/// A process of the function.
async fn process(app: &App) -> Process {
    functions::build(NAME);
    Process::start(functions::command(NAME, &app.byline.lambda_environment)).await
}

fn headers(person: &Client) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    let token = format!("Bearer {}", person.token.as_ref().unwrap());
    headers.insert("authorization", token.parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    headers
}

/// The event of a message, whose answer is streamed.
fn asks(person: &Client) -> Value {
    let body = json!({ "input": "Hello", "stream": true }).to_string();
    event_of(("POST", RESPONSES, ""), &headers(person), &body)
}
