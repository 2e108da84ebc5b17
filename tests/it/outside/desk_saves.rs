//! Chromium in the editor of the Desk, with somebody who saves and goes on: `tests/outside/browser/path.py`.

use std::process::Command;

use byline_shared::model::Role;
use serde_json::json;

use super::{file, has_browser, results, run};
use crate::harness::{App, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn saving_again_and_again_on_one_page_meets_no_conflict_and_no_warning() {
    if !has_browser() {
        return;
    }
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let email = author.get("/v1/users/me", 200).await.text("/email");
    let plan = json!({ "email": email, "password": PASSWORD }).to_string();
    let url = format!("http://{}", app.byline.address);
    let mut browser = Command::new("python3");
    browser.arg(file("browser/path.py")).args(["saves", &url, "", &plan]);
    browser.arg(results("browser/path-saves"));
    let (went_well, said) = run(browser).await;
    assert!(went_well && said.contains("ok: "), "{said}");
    let post = author.get("/v1/manage/posts", 200).await;
    assert_eq!(post.text("/items/0/title"), "Saved twice");
    let revisions = format!("/v1/manage/posts/{}/revisions", post.text("/items/0/id"));
    let revisions = author.get(&revisions, 200).await;
    assert_eq!(revisions.json["items"].as_array().unwrap().len(), 3, "{}", revisions.body);
    assert!(app.byline.observer.violations().is_empty());
}
