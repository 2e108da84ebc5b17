//! Whether an address has an account cannot be told from outside: not by an answer, and not by the
//! work behind it, which is counted here, because times only hint.

use byline_shared::model::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, App, PASSWORD};

/// All of an answer but what differs between any two.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let own = ["x-request-id", "date"];
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    let body = match answer.json["request_id"].as_str() {
        Some(id) => answer.body.replace(id, "(id)"),
        None => answer.body.clone(),
    };
    (answer.status, headers, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_addresses_look_and_cost_alike() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("known@example.com", "Known").await;
    let body = json!({ "email": "pending@example.com", "name": "P" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let disabled = app.user(Role::Reader).await.get("/v1/users/me", 200).await;
    let path = format!("/v1/users/{}", disabled.text("/id"));
    app.admin().await.patch(&path, json!({ "disabled": true }), 200).await;
    let disabled = disabled.text("/email");

    let of = |email: &str| json!({ "email": email });
    let with = |email: &str, extra: Value| {
        let mut body = of(email);
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let addresses = ["known@example.com", "unknown@example.com", "pending@example.com", &disabled];
    for (operation, path, extra, hashes) in [
        ("auth-login", "/v1/auth/login", json!({ "password": "not the password" }), 1),
        ("auth-register", "/v1/auth/register", json!({ "name": "N" }), 0),
        ("auth-sign-in-link", "/v1/auth/sign-in-link", json!({}), 0),
        ("auth-verify-email-resend", "/v1/auth/verify-email/resend", json!({}), 0),
        ("auth-password-forgot", "/v1/auth/password/forgot", json!({}), 0),
    ] {
        // Every bucket is empty again; and what a process reads once is read.
        clock.advance(2 * 3600);
        let first = with("first@example.com", extra.clone());
        app.anonymous().try_post(path, first).await;
        let mut all = Vec::new();
        for address in addresses {
            let before = (app.byline.observer.calls(operation), app.byline.password_hashes());
            let answer = app.anonymous().try_post(path, with(address, extra.clone())).await;
            let after = (app.byline.observer.calls(operation), app.byline.password_hashes());
            assert_eq!(after.1 - before.1, hashes, "hashes of {operation} for {address}");
            all.push((address, seen(&answer), after.0 - before.0));
        }
        for (address, answer, calls) in &all[1..] {
            assert_eq!(*answer, all[0].1, "{operation} for {address}");
            assert_eq!(*calls, all[0].2, "calls of {operation} for {address}");
        }
    }
    clock.advance(2 * 3600);
    // The right password of a disabled account looks like a wrong one.
    let wrong = with("unknown@example.com", json!({ "password": "not the password" }));
    let wrong = app.anonymous().try_post("/v1/auth/login", wrong).await;
    let right = with(&disabled, json!({ "password": PASSWORD }));
    let right = app.anonymous().try_post("/v1/auth/login", right).await;
    assert_eq!(seen(&right), seen(&wrong));
}
