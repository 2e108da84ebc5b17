use std::time::Instant;

use bytes::Bytes;
use futures_util::Stream;

use super::*;
use crate::agent::model::Usage;
use serde_json::{Value, json};

fn read(events: &[Value]) -> Result<Vec<Delta>, ModelError> {
    let mut answer = Answer::default();
    for event in events {
        let data = event.as_str().map_or_else(|| event.to_string(), str::to_owned);
        if answer.take(&data)? {
            break;
        }
    }
    Ok(answer.pieces.into())
}

fn choice(delta: Value, reason: Value) -> Value {
    json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] })
}

fn calls(pieces: Value) -> Value {
    choice(json!({ "tool_calls": pieces }), Value::Null)
}

fn start(index: usize, name: &str) -> Delta {
    Delta::CallStart { index, name: name.to_owned() }
}

fn part(index: usize, fragment: &str) -> Delta {
    Delta::CallArguments { index, fragment: fragment.to_owned() }
}

#[test]
fn text_comes_in_pieces_and_usage_in_an_event_of_its_own() {
    let usage = json!({ "choices": [], "usage": {
        "prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15,
        "prompt_tokens_details": { "cached_tokens": 8 }, "completion_tokens_details": null,
    } });
    let said = read(&[
        choice(json!({ "role": "assistant", "content": "" }), Value::Null),
        choice(json!({ "content": "Hel", "reasoning": "hm" }), Value::Null),
        choice(json!({ "content": "lo", "tool_calls": null }), Value::Null),
        choice(Value::Null, json!("stop")),
        usage,
        json!("[DONE]"),
    ]);
    let usage = Usage { input: 12, cached: 8, output: Some(3), reasoning: 0 };
    let expected = [
        Delta::Text("Hel".to_owned()),
        Delta::Text("lo".to_owned()),
        Delta::Stop(StopReason::Done),
        Delta::Usage(usage),
    ];
    assert_eq!(said.unwrap(), expected);
}

#[test]
fn a_call_is_put_together_however_its_pieces_are_marked() {
    let f = |name: Value, arguments: Value| json!({ "name": name, "arguments": arguments });
    let fragments = [
        json!([{ "index": 0, "id": "a", "function": f(json!("one"), json!("")) }]),
        json!([{ "index": 0, "function": f(Value::Null, json!("{\"x\"")) }]),
        json!([{ "index": 1, "id": "b", "function": f(json!("two"), json!("{}")) }]),
        json!([{ "index": 0, "id": "a", "function": { "arguments": ":1}" } }]),
    ];
    let fragments: Vec<Value> = fragments.into_iter().map(calls).collect();
    let expected =
        [start(0, "one"), part(0, "{\"x\""), start(1, "two"), part(1, "{}"), part(0, ":1}")];
    assert_eq!(read(&fragments).unwrap(), expected);

    let whole = |first: Value, second: Value| {
        let pair = json!([
            { "index": first, "id": "a", "function": f(json!("one"), json!({ "x": 1 })) },
            { "index": second, "id": "b", "function": f(json!("two"), json!("{}")) },
        ]);
        read(&[calls(pair)]).unwrap()
    };
    let expected = [start(0, "one"), part(0, "{\"x\":1}"), start(1, "two"), part(1, "{}")];
    for (first, second) in [(json!(0), json!(1)), (json!(0), json!(0)), (json!(null), json!(null))]
    {
        assert_eq!(whole(first.clone(), second.clone()), expected, "{first} {second}");
    }
    let nameless = json!([
        { "function": f(json!("one"), json!("{}")) }, { "function": f(json!("two"), json!("{")) },
        { "function": f(Value::Null, json!("}")) },
    ]);
    let expected = [start(0, "one"), part(0, "{}"), start(1, "two"), part(1, "{"), part(1, "}")];
    assert_eq!(read(&[calls(nameless)]).unwrap(), expected);
    let late = [
        calls(json!([{ "index": 0, "id": "a" }])),
        calls(json!([{ "index": 0, "function": f(json!("one"), Value::Null) }])),
    ];
    assert_eq!(read(&late).unwrap(), [start(0, ""), start(0, "one")]);
}

#[test]
fn an_answer_ends_in_one_way_only() {
    for (reason, expected) in [
        ("stop", StopReason::Done),
        ("tool_calls", StopReason::Done),
        ("eos", StopReason::Done),
        ("length", StopReason::Length),
        ("content_filter", StopReason::Filtered),
    ] {
        let after = choice(json!({ "content": "late" }), json!("stop"));
        let said = read(&[choice(json!({}), json!(reason)), after, json!("[DONE]")]);
        assert_eq!(said.unwrap(), [Delta::Stop(expected)], "{reason}");
    }
    assert_eq!(read(&[json!("[DONE]")]).unwrap(), [Delta::Stop(StopReason::Done)]);
    for empty in [json!({}), json!({ "choices": null }), json!({ "choices": [{}] }), json!("")] {
        assert_eq!(read(std::slice::from_ref(&empty)).unwrap(), [], "{empty}");
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for wrong in ["{", "7", r#"{"choices":[{"delta":7}]}"#, r#"{"choices":{}}"#] {
        let error = read(&[json!(wrong)]).unwrap_err();
        assert!(matches!(error, ModelError::Malformed), "{wrong}: {error}");
    }
    let error = json!({ "error": { "code": 502, "message": "a canary" } });
    let error = read(&[error]).unwrap_err();
    assert!(!error.to_string().contains("canary") && error.to_string().contains("502"));
}

#[test]
fn an_event_is_no_longer_than_an_answer_and_has_few_calls() {
    let text = |length: usize| choice(json!({ "content": "x".repeat(length) }), Value::Null);
    assert_eq!(read(&[text(500_000)]).unwrap().len(), 1);
    let error = read(&[text(600_000)]).unwrap_err();
    assert!(matches!(error, ModelError::TooLong), "{error}");
    let many = (0..100_000).map(|_| json!({ "id": "" })).collect::<Vec<_>>();
    let error = read(&[calls(json!(many))]).unwrap_err();
    assert!(matches!(error, ModelError::TooLong), "{error}");
    let many = (0..1000).map(|n| json!({ "index": n, "function": { "name": "x" } }));
    let begun = read(&[calls(many.collect())]).unwrap();
    assert_eq!(begun.len(), 65, "one more than an answer may have, which says that it is too long");
}

/// Events as they come.
fn sent(events: Vec<Value>) -> Vec<Bytes> {
    events.into_iter().map(|data| format!("data: {data}\n\n").into()).collect()
}

/// The last piece of an answer whose bytes come like this.
async fn last(bytes: impl Stream<Item = Bytes> + Send + 'static, silence: Duration) -> String {
    let pieces: Vec<_> = deltas(bytes.map(Ok).boxed(), silence).collect().await;
    match pieces.last().expect("there is a last one") {
        Ok(delta) => format!("{delta:?}"),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test]
async fn what_may_follow_an_answer_is_not_waited_for_as_long_as_the_answer() {
    let text = choice(json!({ "content": "Yes." }), Value::Null);
    let whole = sent(vec![text.clone(), choice(json!({}), json!("stop"))]);
    let hour = Duration::from_secs(3600);
    assert_eq!(last(stream::iter(whole).chain(stream::pending()), hour).await, "Stop(Done)");
    let begun = stream::iter(sent(vec![text])).chain(stream::pending());
    assert_eq!(last(begun, Duration::from_millis(50)).await, "Silent");
}

#[tokio::test]
async fn a_server_that_goes_on_behind_the_end_is_not_followed_for_ever() {
    for junk in ["data: {\"choices\":[]}\n\n", ": ping\n\n", "data:"] {
        let whole = sent(vec![choice(json!({ "content": "Yes." }), json!("stop"))]);
        let mut left = 10_000_000;
        let more = stream::repeat_with(move || {
            left -= 1;
            assert!(left > 0, "it is read for ever");
            Bytes::from_static(junk.as_bytes())
        });
        // Between two of them, others get their turn.
        let more = more.then(|junk| async move {
            tokio::task::yield_now().await;
            junk
        });
        let answer = stream::iter(whole).chain(more);
        assert_eq!(last(answer, Duration::from_millis(50)).await, "Stop(Done)", "{junk}");
    }
}

#[tokio::test]
async fn a_comment_is_a_sign_of_life() {
    let silence = Duration::from_millis(200);
    let whole = sent(vec![choice(json!({ "content": "Late." }), json!("stop"))]);
    // For longer than the server may be silent.
    let begun = Instant::now();
    let comments = stream::unfold((), move |()| async move {
        tokio::task::yield_now().await;
        let comment = Bytes::from_static(b": OPENROUTER PROCESSING\n\n");
        (begun.elapsed() < silence * 3).then_some((comment, ()))
    });
    assert_eq!(last(comments.chain(stream::iter(whole)), silence).await, "Stop(Done)");
    let comment = stream::iter([Bytes::from_static(b": ping\n\n")]);
    assert_eq!(last(comment.chain(stream::pending()), silence).await, "Silent");
}
