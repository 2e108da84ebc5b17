//! No exit by rendering, in Chromium: what the agent says and writes asks no server for anything, wherever the Desk shows
//! it: `tests/outside/browser/exits.py`.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::response::Html;
use byline_shared::model::Role;
use http::Uri;
use serde_json::json;
use tokio::net::TcpListener;

use super::remote::remote;
use super::{file, has_browser, results, run};
use crate::conversations::agent::{RESPONSES, Step, with_model_of};
use crate::desk::agent::hostile::ATTACKS;
use crate::harness::PASSWORD;

/// A server that notes what it is asked for. Its page `/control` has the same text as it was written.
async fn listener() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let page = on(&address);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let router = Router::new().fallback(async move |uri: Uri| {
        noted.lock().unwrap().push(uri.to_string());
        Html(if uri.path() == "/control" { page } else { String::new() })
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

/// The text that wants to ask this server.
fn on(address: &str) -> String {
    ATTACKS.replace("127.0.0.1:9", address)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_the_agent_says_or_writes_asks_a_server() {
    if !has_browser() {
        return;
    }
    let (address, asked) = listener().await;
    let text: &'static str = on(&address).leak();
    // Posts take no invisible signs; whatever else is in the text, they do.
    let body = text.replace(['\u{202e}', '\u{e0041}', '\u{e0042}'], "");
    let draft = json!({ "title": "A draft", "body": body });
    let proposal = json!({ "title": "A proposal", "body": body });
    let steps = vec![
        Step::Calls("", vec![("post_create_draft", draft), ("post_propose", proposal)]),
        Step::Says(text),
        // What stands before the pause is shown while the answer grows.
        Step::Waits(text, Box::new(Step::Says("The end."))),
    ];
    let (app, model, clock) = with_model_of(steps, &[], byline_local::operations()).await;
    let editor = app.user(Role::Editor).await;
    let email = editor.get("/v1/users/me", 200).await.text("/email");
    let mode = json!({ "metadata": { "mode": "draft" } });
    let conversation = editor.post("/v1/conversations", mode, 200).await.text("/id");
    let ask = json!({ "input": "Summarise the posts", "conversation": conversation });
    let answer = editor.post(RESPONSES, ask, 200).await;
    assert_eq!(answer.json["output"][1]["status"], "completed", "{}", answer.body);
    let draft = editor.get("/v1/manage/posts", 200).await.text("/items/0/id");
    let links = format!("/v1/manage/posts/{draft}/preview-links");
    let shared = editor.post(&links, json!({}), 201).await.text("/url");
    let proposal = editor.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let proposal = format!("/desk/proposals/{proposal}");
    let pages = json!({
        "email": email,
        "password": PASSWORD,
        "conversation": format!("/desk/agent/{conversation}"),
        "pages": [
            format!("/desk/posts/{draft}"),
            format!("/desk/posts/{draft}?view=preview"),
            &shared[shared.find("/preview/").unwrap()..],
            proposal,
            format!("{proposal}?view=text"),
            format!("{proposal}?view=result"),
        ],
    });
    let mut browser = Command::new("python3");
    let url = format!("http://{}", app.byline.address);
    browser.arg(file("browser/exits.py")).args([&url, &address, &pages.to_string()]);
    browser.arg(remote(&model, &clock).await).arg(results("browser/exits"));
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 3, "{said}");
    let asked = asked.lock().unwrap();
    assert_eq!(asked.first().map(String::as_str), Some("/control"), "{asked:?}");
    // The text works: as it was written, it asks for all that it wants.
    assert!(asked.iter().filter(|path| path.starts_with("/leak")).count() >= 3, "{asked:?}");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
