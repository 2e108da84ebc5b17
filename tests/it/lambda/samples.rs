//! The sample events, one test per domain so that the domains run side by side.

use std::collections::BTreeSet;

use byline_local::generate::domain;
use byline_shared::endpoint::Operation;
use serde_json::Value;

use super::same_shape;
use super::world::World;
use crate::harness::{events, tier};

macro_rules! domains {
    ($($domain:ident),*) => {
        const DOMAINS: &[&str] = &[$(stringify!($domain)),*];

        $(#[tokio::test(flavor = "multi_thread")]
        async fn $domain() {
            domain_answers(stringify!($domain)).await;
        })*
    };
}

domains!(accounts, conversations, desk, editorial, mcp, media, oauth, posts, site);

#[test]
fn no_domain_is_left_out() {
    let operations = byline_local::operations();
    let known: BTreeSet<&str> = operations.iter().map(|known| domain(known.module)).collect();
    assert_eq!(known, DOMAINS.iter().copied().collect());
}

/// Every operation of a domain in the full tier, every fourth in the quick one.
async fn domain_answers(name: &str) {
    let operations = byline_local::operations();
    let of_domain = operations.iter().filter(|operation| domain(operation.module) == name);
    for operation in of_domain.step_by(tier().pick(4, 1)) {
        answers(operation).await;
    }
}

async fn answers(operation: &Operation) {
    let world = World::new(operation.name, operation.module).await;
    let response = world.invoke(operation.name, &events::of(operation)).await;
    let body = response["body"].as_str().unwrap_or_default();
    assert_eq!(response["statusCode"], operation.status, "{}: {body}", operation.name);
    assert!(response["headers"]["x-request-id"].is_string(), "{}", operation.name);
    if let Some(example) = (operation.example)().output {
        let actual: Value = serde_json::from_str(body).unwrap();
        same_shape(&actual, &example, operation.name);
    } else if operation.status != 204 {
        let content_type = response["headers"]["content-type"].as_str().unwrap();
        let refused = operation.status >= 400;
        let media_type = if refused { operation.error_media_type } else { operation.produces };
        assert!(content_type.starts_with(media_type), "{content_type}");
        assert!(!body.is_empty(), "{}", operation.name);
    }
}
