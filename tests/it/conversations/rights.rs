//! Who reaches a conversation: its owner, with the scope. And how refusals read.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{PATH, app, says, start, texts};
use crate::harness::{App, Client};

async fn key(app: &App, person: &Client, scopes: &[&str]) -> Client {
    let body = json!({ "name": "Key", "scopes": scopes });
    let key = person.post("/v1/auth/api-keys", body, 201).await.text("/key");
    app.with_token(&key)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_its_owners_alone() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &["private"]).await;
    let items = author.get(&format!("{path}/items"), 200).await;
    let item = format!("{path}/items/{}", items.text("/first_id"));
    let others = [app.user(Role::Author).await, app.user(Role::Editor).await, app.admin().await];
    for other in &others {
        let message = json!({ "items": [says("mine now")] });
        for (method, path, body) in [
            (Method::GET, path.clone(), None),
            (Method::POST, path.clone(), Some(json!({ "metadata": { "title": "Mine" } }))),
            (Method::DELETE, path.clone(), None),
            (Method::GET, format!("{path}/items"), None),
            (Method::POST, format!("{path}/items"), Some(message)),
            (Method::GET, item.clone(), None),
            (Method::DELETE, item.clone(), None),
        ] {
            let answer = other.send(method, &path, &[], body, 404).await;
            answer.is_problem("not_found");
            assert!(!answer.body.contains("private"));
        }
        assert_eq!(other.get(PATH, 200).await.json["data"], json!([]));
        // Nor by a message's id in a conversation of their own.
        let own = start(other, &["own"]).await;
        let item = item.replace(&path, &own);
        other.get(&item, 404).await;
        other.delete(&item, 404).await;
    }
    assert_eq!(texts(&author.get(&format!("{path}/items"), 200).await), ["private"]);
    let unknown = format!("{PATH}/{}", byline_shared::examples::CONVERSATION_ID);
    author.get(&unknown, 404).await.is_problem("not_found");
    author.get(&format!("{PATH}/conv_1"), 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_needs_the_scope_and_an_author() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let with = key(&app, &author, &["conversations"]).await;
    let path = start(&with, &["by key"]).await;
    // It is the owner's, by whatever credential.
    author.get(&path, 200).await;
    let without = key(&app, &author, &["profile", "posts:read", "posts:write"]).await;
    for path in [PATH, path.as_str(), "/v1/agent"] {
        let answer = without.get(path, 403).await;
        answer.is_problem("forbidden");
        assert!(answer.text("/error/message").contains("conversations"), "{}", answer.body);
    }
    let reader = app.user(Role::Reader).await;
    reader.get("/v1/agent", 403).await.is_problem("forbidden");
    reader.post(PATH, json!({}), 403).await.is_problem("forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_is_never_above_the_rights_of_who_chooses_it() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let modes = |answer: Value| answer["modes"].clone();
    let all = json!(["read", "propose", "draft"]);
    assert_eq!(modes(author.get("/v1/agent", 200).await.json), all);
    let chosen = |mode: &str| json!({ "metadata": { "mode": mode } });
    for (scopes, may, default) in [
        (vec!["conversations"], vec!["read"], "read"),
        (vec!["conversations", "posts:propose"], vec!["read", "propose"], "propose"),
        (vec!["conversations", "posts:write"], vec!["read", "draft"], "read"),
    ] {
        let key = key(&app, &author, &scopes).await;
        assert_eq!(modes(key.get("/v1/agent", 200).await.json), json!(may), "{scopes:?}");
        let made = key.post(PATH, json!({}), 200).await;
        assert_eq!(made.text("/metadata/mode"), default, "{scopes:?}");
        let path = format!("{PATH}/{}", made.text("/id"));
        for mode in ["read", "propose", "draft"] {
            let status = if may.contains(&mode) { 200 } else { 403 };
            for door in [PATH, path.as_str()] {
                key.post(door, chosen(mode), status).await;
            }
        }
    }
    assert_eq!(author.post(PATH, json!({}), 200).await.text("/metadata/mode"), "propose");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_the_member_that_openais_sdks_read() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let unknown = format!("{PATH}/{}", byline_shared::examples::CONVERSATION_ID);
    let items = json!({ "items": [{ "role": "assistant", "content": "Done." }] });
    let json_type = [("content-type", "application/json")];
    let malformed = Some("{".to_owned());
    for (answer, code, kind, param) in [
        (
            app.anonymous().get(PATH, 401).await,
            "unauthenticated",
            "authentication_error",
            Value::Null,
        ),
        (author.get(&unknown, 404).await, "not_found", "invalid_request_error", Value::Null),
        (
            author.post(PATH, items, 422).await,
            "invalid_input",
            "invalid_request_error",
            json!("items.0.role"),
        ),
        (
            author.send_raw(Method::POST, PATH, &json_type, malformed, 400).await,
            "malformed_request",
            "invalid_request_error",
            Value::Null,
        ),
        (
            author
                .post(PATH, json!({ "metadata": { "a": "b".repeat(4 * 1024 * 1024) } }), 413)
                .await,
            "payload_too_large",
            "invalid_request_error",
            Value::Null,
        ),
    ] {
        answer.is_problem(code);
        assert_eq!(answer.json["error"]["code"], code);
        assert_eq!(answer.json["error"]["type"], kind, "{}", answer.body);
        assert_eq!(answer.json["error"]["param"], param, "{}", answer.body);
        let message = answer.text("/error/message");
        let says = match param.as_str() {
            Some(param) => {
                message.starts_with(&format!("{param}: ")) && message.contains("of the user")
            }
            None => message == answer.text("/detail"),
        };
        assert!(says, "{message}");
        assert!(answer.headers.get("x-should-retry").is_none(), "{code}");
    }
    // Everywhere else problems stay as they are.
    let other = author.get("/v1/manage/posts?limit=0", 422).await;
    assert!(other.json.get("error").is_none(), "{}", other.body);
}
