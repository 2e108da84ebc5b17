//! Every function answers its sample event as a process of its own, through the Runtime API. The full
//! tier starts each function's real binary; the quick tier some of them, by way of
//! `harness::functions`.

mod conversations;
mod cookies;
mod function_url;
mod mailed;
mod oauth;
mod previews;
mod samples;
mod world;

use byline_shared::worker::Trigger;
use serde_json::{Value, json};

use crate::harness::events;
use world::World;

/// Whether two JSON values have the same fields and types; null and an empty list fit all. An entry of a list is
/// compared with the first one of its kind.
fn same_shape(actual: &Value, example: &Value, at: &str) {
    match (actual, example) {
        (Value::Object(actual), Value::Object(example)) => {
            let keys = |object: &serde_json::Map<String, Value>| {
                let mut keys: Vec<String> = object.keys().cloned().collect();
                keys.sort();
                keys
            };
            assert_eq!(keys(actual), keys(example), "the fields at {at}");
            for (name, value) in actual {
                same_shape(value, &example[name], &format!("{at}/{name}"));
            }
        }
        (Value::Array(actual), Value::Array(example)) => {
            let Some(first) = example.first() else { return };
            assert!(!actual.is_empty(), "nothing at {at}");
            for value in actual {
                let kind = |value: &Value| (value["type"].clone(), value["role"].clone());
                let same = example.iter().find(|example| kind(example) == kind(value));
                same_shape(value, same.unwrap_or(first), at);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ => assert_eq!(
            std::mem::discriminant(actual),
            std::mem::discriminant(example),
            "the type at {at}: {actual}"
        ),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_worker_takes_its_sample_event() {
    for worker in byline_local::workers() {
        let world = World::new(worker.name, worker.module).await;
        let response = world.invoke(worker.name, &events::read(worker.module, worker.name)).await;
        let expected = match worker.trigger {
            Trigger::NewItems(_) => json!({ "batchItemFailures": [] }),
            Trigger::Every { .. } | Trigger::Called { .. } => Value::Null,
        };
        assert_eq!(response, expected, "{}", worker.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binary_answers_as_the_local_runner_does() {
    let world = World::new("posts-read", "byline_posts::posts_read").await;
    let operations = byline_local::operations();
    let read = operations.iter().find(|operation| operation.name == "posts-read").unwrap();
    let lambda = world.invoke(read.name, &events::of(read)).await;
    let local = world.app.anonymous().get("/v1/posts/hello-world", 200).await;
    assert_eq!(lambda["body"].as_str().unwrap(), local.body);
    for name in ["etag", "cache-control", "content-type", "content-security-policy", "vary"] {
        assert_eq!(lambda["headers"][name], local.header(name), "{name}");
    }
}

/// API Gateway hands on the query as it was sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_no_uri_has_is_read_as_its_sender_meant_it() {
    let world = World::new("posts-list", "byline_posts::posts_list").await;
    let operations = byline_local::operations();
    let list = operations.iter().find(|operation| operation.name == "posts-list").unwrap();
    let url = byline_local::function_urls().remove(0);
    let of_url = World::new(url.fallback.name, url.fallback.module).await;
    let with = |mut event: Value, query: &str| {
        event["rawQueryString"] = query.into();
        event
    };
    for (sent, meant) in [
        ("limit=<b> \"c\"", "limit=%3Cb%3E%20%22c%22"),
        ("tag=caf\u{e9}&limit=1", "tag=caf%C3%A9&limit=1"),
        ("limit=1#2", "limit=1%232"),
    ] {
        let answer = world.invoke(list.name, &with(events::of(list), sent)).await;
        let expected = world.invoke(list.name, &with(events::of(list), meant)).await;
        let same = |answer: &Value| (answer["statusCode"].clone(), answer["body"].clone());
        assert!(answer["statusCode"].is_u64(), "{sent}: {answer}");
        assert_eq!(same(&answer), same(&expected), "{sent}");
        let event = events::read(url.fallback.module, url.fallback.name);
        let answer = of_url.invoke(url.fallback.name, &with(event, sent)).await;
        assert!(answer["statusCode"].is_u64(), "{sent}: {answer}");
    }
}

/// API Gateway decodes the path, and routes HEAD by a route of its own.
#[tokio::test(flavor = "multi_thread")]
async fn decoded_paths_and_head_are_answered_as_by_the_local_runner() {
    let world = World::new("posts-read", "byline_posts::posts_read").await;
    let operations = byline_local::operations();
    let read = operations.iter().find(|operation| operation.name == "posts-read").unwrap();
    let request = |method: &str, path: &str| {
        let mut event = events::of(read);
        event["rawPath"] = path.into();
        event["requestContext"]["http"]["path"] = path.into();
        event["requestContext"]["http"]["method"] = method.into();
        event
    };
    for (sent, decoded) in [
        ("/v1/posts/hello%2Dworld", "/v1/posts/hello-world"),
        ("/v1/posts/hello%20world", "/v1/posts/hello world"),
        ("/v1/posts/caf%C3%A9", "/v1/posts/caf\u{e9}"),
        ("/v1/posts/50%25", "/v1/posts/50%"),
        ("/v1/posts/50%2525", "/v1/posts/50%25"),
        ("/v1/posts/a%3Fb", "/v1/posts/a?b"),
        ("/v1/posts/a%23b", "/v1/posts/a#b"),
        ("/v1/posts/a%2Fb", "/v1/posts/a/b"),
        ("/v1/posts/%7Bslug%7D", "/v1/posts/{slug}"),
    ] {
        let lambda = world.invoke(read.name, &request("GET", decoded)).await;
        let local = world.app.anonymous();
        let local = local.try_send(http::Method::GET, sent, &[], None).await.unwrap();
        assert_eq!(lambda["statusCode"], local.status, "{sent}: {lambda}");
        let body: Value = serde_json::from_str(lambda["body"].as_str().unwrap()).unwrap();
        for name in ["code", "detail", "errors", "id"] {
            assert_eq!(body[name], local.json[name], "{name} of {sent}");
        }
    }
    let get = world.invoke(read.name, &request("GET", "/v1/posts/hello-world")).await;
    let head = world.invoke(read.name, &request("HEAD", "/v1/posts/hello-world")).await;
    assert_eq!(
        (&head["statusCode"], &head["headers"]["etag"]),
        (&json!(200), &get["headers"]["etag"])
    );
    assert_eq!(head["body"].as_str().unwrap_or_default(), "");
    assert!(head["headers"]["content-length"].is_null(), "the gateway says how long it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fallback_answers_methods_and_preflights() {
    let world = World::new("fallback", "byline_site::fallback").await;
    let operations = byline_local::operations();
    let fallback = operations.iter().find(|operation| operation.is_default()).unwrap();
    let request = |method: &str, path: &str| {
        let mut event = events::of(fallback);
        event["rawPath"] = path.into();
        event["requestContext"]["http"]["path"] = path.into();
        event["requestContext"]["http"]["method"] = method.into();
        event["headers"]["origin"] = "http://localhost:3000".into();
        event["headers"]["access-control-request-method"] = "POST".into();
        event
    };
    let wrong = world.invoke("fallback", &request("PUT", "/v1/posts")).await;
    assert_eq!(wrong["statusCode"], 405);
    assert_eq!(wrong["headers"]["allow"], "GET, HEAD");
    let preflight = world.invoke("fallback", &request("OPTIONS", "/v1/auth/login")).await;
    assert_eq!(preflight["statusCode"], 200);
    let allowed = &preflight["headers"]["access-control-allow-origin"];
    assert_eq!(allowed, "http://localhost:3000");
}
