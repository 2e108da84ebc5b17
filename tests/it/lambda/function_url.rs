//! Behind its Function URL, the agent answers as behind the HTTP API.

use std::collections::BTreeSet;

use byline_shared::endpoint::Operation;
use serde_json::{Value, json};

use super::same_shape;
use super::world::World;
use crate::harness::function_url::DOMAIN;
use crate::harness::{events, tier};

/// The event of the same request at the Function URL, which knows no routes.
fn at_url(mut event: Value) -> Value {
    event["routeKey"] = Operation::DEFAULT_PATH.into();
    event["headers"]["host"] = DOMAIN.into();
    event["requestContext"]["domainName"] = DOMAIN.into();
    event["requestContext"]["routeKey"] = Operation::DEFAULT_PATH.into();
    event.as_object_mut().unwrap().remove("pathParameters");
    event
}

/// The names of an answer's headers. Without a body, no media type counts.
fn header_names(answer: &Value) -> BTreeSet<&str> {
    let names = answer["headers"].as_object().unwrap().keys().map(String::as_str);
    names.filter(|name| *name != "content-type" || answer["statusCode"] != 204).collect()
}

/// The names of the events of a stream.
fn event_names(body: &str) -> Vec<&str> {
    body.lines().filter(|line| line.starts_with("event: ")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_doors_answer_the_same() {
    for url in byline_local::function_urls() {
        for operation in url.operations.iter().step_by(tier().pick(4, 1)) {
            let name = operation.name;
            let world = World::new(name, operation.module).await;
            let at_api = world.invoke(name, &events::of(operation)).await;
            let world = World::new(name, operation.module).await;
            let there = world.invoke(url.fallback.name, &at_url(events::of(operation))).await;
            assert_eq!(there["statusCode"], at_api["statusCode"], "{name}: {there}");
            assert_eq!(header_names(&there), header_names(&at_api), "{name}");
            for header in ["content-type", "cache-control", "content-security-policy", "vary"] {
                if header != "content-type" || operation.status != 204 {
                    let (one, other) = (&there["headers"][header], &at_api["headers"][header]);
                    assert_eq!(one, other, "{header} of {name}");
                }
            }
            let body = |answer: &Value| answer["body"].as_str().unwrap_or_default().to_owned();
            let (one, other) = (body(&there), body(&at_api));
            if let Ok(one) = serde_json::from_str(&one) {
                same_shape(&one, &serde_json::from_str(&other).unwrap(), name);
            } else {
                assert_eq!(event_names(&one), event_names(&other), "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_with_a_url_answers_its_sample_event() {
    for url in byline_local::function_urls() {
        let (name, module) = (url.fallback.name, url.fallback.module);
        let world = World::new(name, module).await;
        let answer = world.invoke(name, &events::read(module, name)).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        assert_eq!(answer["headers"]["content-type"], "application/json");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        // Its model is not there.
        assert_eq!((&body["object"], &body["status"]), (&json!("response"), &json!("failed")));
    }
}
