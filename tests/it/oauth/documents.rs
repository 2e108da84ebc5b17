//! Client ID Metadata Documents at the edges of what is allowed.

use serde_json::{Value, json};

use super::asks;
use super::cimd::{Host, document, documented};

/// Serves the document with some members changed, which nobody keeps.
fn serve(host: &Host, changes: &[(&str, Value)]) {
    let mut document = document();
    for (name, value) in changes {
        document[*name] = value.clone();
    }
    host.serve(|served| {
        served.cache = "no-store";
        served.body = document.to_string();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_has_5120_bytes_at_most() {
    let host = Host::new().await;
    let mut browser = host.world.browser();
    for (size, status) in [(5120, 200), (5121, 400)] {
        serve(&host, &[]);
        host.serve(|served| {
            let spaces = size - served.body.len();
            served.body.push_str(&" ".repeat(spaces));
        });
        assert_eq!(browser.authorize(&asks(&documented())).await.status, status, "{size} bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_documents_redirect_uris_the_first_20_valid_ones_count() {
    let host = Host::new().await;
    let uri = |number: usize| format!("https://client.example/{number}");
    let mut uris = vec!["javascript:alert(1)".to_owned()];
    uris.extend((1..=21).map(uri));
    serve(&host, &[("redirect_uris", json!(uris))]);
    let mut browser = host.world.browser();
    for (number, status) in [(1, 200), (20, 200), (21, 400)] {
        let asks = asks(&documented()).with("redirect_uri", &uri(number));
        assert_eq!(browser.authorize(&asks).await.status, status, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_may_have_public_keys_and_must_use_codes() {
    let host = Host::new().await;
    let mut browser = host.world.browser();
    let keys = |key: Value| ("jwks", json!({ "keys": [{ "kty": "EC", "x": "x", "y": "y" }, key] }));
    for (changes, status) in [
        (vec![keys(json!({ "kty": "EC", "x": "x", "y": "y" }))], 200),
        (vec![keys(json!({ "kty": "EC", "x": "x", "y": "y", "d": "x" }))], 400),
        (vec![keys(json!({ "kty": "oct", "k": "x" }))], 400),
        (vec![("response_types", json!(["token", "code"]))], 200),
        (vec![("response_types", json!(["token"]))], 400),
        (vec![("grant_types", json!(["refresh_token"]))], 400),
        (vec![("grant_types", Value::Null), ("response_types", Value::Null)], 200),
        (vec![("client_name", json!("x".repeat(100)))], 200),
        (vec![("client_name", json!("x".repeat(101)))], 400),
        (vec![("client_name", json!("a\u{2028}b"))], 400),
        (vec![("client_name", json!("a\u{200b}b"))], 400),
        (vec![("client_name", json!("..."))], 400),
    ] {
        serve(&host, &changes);
        let page = browser.authorize(&asks(&documented())).await;
        assert_eq!(page.status, status, "{changes:?}");
    }
}

/// Without a way out to the internet, the page says what the owner of the server can do; a document with a
/// fault is for the makers of the app.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_document_that_could_not_be_loaded_is_worth_another_try() {
    let host = Host::new().await;
    let mut browser = host.world.browser();
    let page =
        browser.authorize(&asks(&documented()).with("client_id", "https://localhost/a")).await;
    assert!(page.body.contains("could not be loaded from localhost"), "{}", page.body);
    assert!(page.body.contains("Try again in a few minutes"), "{}", page.body);
    serve(&host, &[("client_id", json!("https://client.example/other.json"))]);
    let page = browser.authorize(&asks(&documented())).await;
    assert!(page.body.contains("its client_id is another URL"), "{}", page.body);
    assert!(!page.body.contains("Try again in a few minutes"), "{}", page.body);
}
