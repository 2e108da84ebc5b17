//! A site's own chat with `useChat` of the AI SDK and React, in Chromium: `tests/outside/chat/page.jsx` and
//! `tests/outside/browser/chat.py`. The screenshots are left in `target/outside/browser/`.

use std::process::Command;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use byline_shared::model::Role;
use serde_json::json;
use tokio::net::TcpListener;

use super::remote::remote;
use super::{file, has_browser, has_packages, results, run};
use crate::conversations::agent::{Step, with_model_and};

/// The page with the script that esbuild makes of it and of the packages; `None` if they are not there.
async fn page() -> Option<String> {
    let packages = ["esbuild", "ai", "@ai-sdk/react", "react", "react-dom"];
    let modules = has_packages(&packages)?;
    let folder = results("chat/page.jsx");
    std::fs::copy(file("chat/page.jsx"), folder.join("page.jsx")).unwrap();
    std::os::unix::fs::symlink(&modules, folder.join("node_modules")).unwrap();
    let mut bundle = Command::new(modules.join(".bin").join("esbuild"));
    bundle.current_dir(&folder).args(["page.jsx", "--bundle", "--format=esm", "--jsx=automatic"]);
    bundle.args(["--define:process.env.NODE_ENV=\"production\"", "--outfile=page.js"]);
    let (is_content, said) = run(bundle).await;
    assert!(is_content, "{said}");
    let script = std::fs::read_to_string(folder.join("page.js")).unwrap();
    let (head, tail) =
        ("<!doctype html><html lang=en><title>Chat</title><link rel=icon href=data:,>", "</html>");
    let body = "<div id=root></div>";
    Some(format!("{head}{body}<script type=module>{script}</script>{tail}"))
}

/// Serves the page, and says where.
async fn serve(page: String) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/", get(async || Html(page)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_reloaded_opened_elsewhere_and_stopped() {
    if !has_browser() {
        return;
    }
    let Some(page) = page().await else { return };
    let origin = serve(page).await;
    let given = [("BYLINE_CORS_ORIGINS", &*origin.clone().leak())].to_vec();
    let steps = vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "once" }))]),
        Step::Waits("It begins ", Box::new(Step::Says("and it ends."))),
        Step::Waits("Half of it ", Box::new(Step::Says("never"))),
    ];
    let (app, model, clock) = with_model_and(steps, given.leak()).await;
    let author = app.user(Role::Author).await;
    let body =
        json!({ "name": "Chat", "scopes": ["conversations", "posts:read", "posts:propose"] });
    let key = author.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let conversation = author.post("/v1/conversations", json!({}), 200).await.text("/id");
    let mut browser = Command::new("python3");
    let api = format!("http://{}/v1", app.byline.address);
    browser.arg(file("browser/chat.py")).args([&origin, &api, &key, &conversation]);
    browser.arg(remote(&model, &clock).await).arg(results("browser/chat"));
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 2, "{said}");
    assert_eq!(model.asked().len(), 3);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
