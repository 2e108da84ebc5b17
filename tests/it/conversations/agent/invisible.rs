//! A model may write what nobody sees. It is left out, of streams as of what is kept.

use byline_shared::model::Role;
use serde_json::json;

use super::state::waits;
use super::streams::{Stream, ended, said};
use super::{Step, with_model};

#[tokio::test(flavor = "multi_thread")]
async fn pieces_and_numbers_of_a_stream_are_those_of_a_later_one() {
    // Two invisible characters may stand in a text, three may not: which these are is known with the rest.
    let begun = "Hi aaaaaaaaaaaaaaaaaa\u{200b}\u{200b}";
    let (app, model) =
        with_model(vec![waits(begun, Step::Says("\u{200b} and the rest of the text."))]).await;
    let author = app.user(Role::Author).await;
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("Hi ").await;
    let id = stream.events[0]["response"]["id"].as_str().unwrap().to_owned();
    model.go_on();
    let events = stream.until_the_end().await;
    assert_eq!(said(&events), "Hi aaaaaaaaaaaaaaaaaa and the rest of the text.");
    let output = &ended(&events, "completed")["output"];
    assert_eq!(output[0]["content"][0]["text"], said(&events));
    assert_eq!(Stream::follow(&author, &id, None).await.until_the_end().await, events);
    for after in 0..events.len() - 1 {
        let rest = Stream::follow(&author, &id, Some(after)).await.until_the_end().await;
        assert_eq!(rest, events[after + 1..], "behind {after}");
    }
}
