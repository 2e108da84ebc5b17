//! Chromium on the page of a conversation, while the agent answers: `tests/outside/browser/agent.py`. The screenshots are
//! left in `target/outside/browser/`.

use std::process::Command;

use byline_shared::model::Role;
use serde_json::json;

use super::remote::remote;
use super::{file, has_browser, results, run};
use crate::conversations::agent::{Step, with_model_of};
use crate::harness::{PASSWORD, draft};

const BEGINNING: &str = "Two drafts **wait** for a review:\n\n1. *Tides*, which Ada handed in on Monday.\n\
    2. *Rope*, which nobody has read yet.\n\nThe first one ";
const REST: &str = "is ready. The second one has no excerpt: shall I propose one?\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_grows_on_the_page_and_the_page_stays() {
    if !has_browser() {
        return;
    }
    let waits = |text, rest| Step::Waits(text, Box::new(Step::Says(rest)));
    let steps = vec![
        Step::Calls("I look.", vec![("search", json!({ "query": "tide" }))]),
        waits(BEGINNING, REST),
        waits("Half of it ", "never"),
        waits("Here it ", "is."),
        Step::Says("A whole answer."),
    ];
    let (app, model, clock) = with_model_of(steps, &[], byline_local::operations()).await;
    let author = app.user(Role::Author).await;
    author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let email = author.get("/v1/users/me", 200).await.text("/email");
    let mut browser = Command::new("python3");
    let url = format!("http://{}", app.byline.address);
    browser.arg(file("browser/agent.py")).args([&url, &email, PASSWORD]);
    browser.arg(remote(&model, &clock).await).arg(results("browser/agent"));
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 4, "{said}");
    assert_eq!(model.asked().len(), 5);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
