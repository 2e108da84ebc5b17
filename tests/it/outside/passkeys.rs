//! Chromium with a virtual authenticator: `tests/outside/browser/passkeys.py`. The screenshots are left in
//! `target/outside/browser/passkeys/`.

use std::process::Command;

use byline_shared::model::Role;

use super::{file, has_browser, results, run};
use crate::harness::{App, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_adds_a_passkey_and_signs_in_with_it() {
    if !has_browser() {
        return;
    }
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let email = author.get("/v1/users/me", 200).await.text("/email");
    let mut browser = Command::new("python3");
    browser.arg(file("browser/passkeys.py"));
    browser.args([&format!("http://{}", app.byline.address), &email, PASSWORD]);
    browser.arg(results("browser/passkeys"));
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 3, "{said}");
    assert!(app.byline.observer.violations().is_empty());
}
