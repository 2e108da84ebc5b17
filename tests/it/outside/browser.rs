//! Chromium: people who sign in and authorize a client, and pages that call the API. The scripts are
//! in `tests/outside/browser/`; the screenshots are left in `target/outside/browser/`.

use std::process::Command;

use byline_shared::model::Role;

use super::{file, has_browser, python, results, run};
use crate::harness::{App, PASSWORD};

/// Runs a script with an editor's and an author's address, and holds it to the lines that it prints
/// when all went well.
async fn shows(script: &str, lines: usize) {
    if !has_browser() {
        return;
    }
    let app = App::unlimited().await;
    let email = python::editor(&app).await;
    let other = app.user(Role::Author).await.get("/v1/users/me", 200).await.text("/email");
    let url = format!("http://{}", app.byline.address);
    let screenshots = results(&format!("browser/{script}"));
    let mut browser = Command::new("python3");
    browser.arg(file(&format!("browser/{script}.py"))).args([&url, &email, PASSWORD]);
    browser.arg(&screenshots).arg(&other);
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), lines, "{said}");
    assert!(screenshots.read_dir().unwrap().count() > 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_authorizes_a_client_on_any_screen_by_keyboard_and_without_scripts() {
    shows("signin", 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_uses_codes_takes_turns_signs_out_elsewhere_and_is_asked_for_more() {
    shows("account", 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_sent_with_progress_and_what_goes_wrong_is_told() {
    shows("uploads", 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_listed_origin_reads_and_writes_and_no_other() {
    shows("site", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_finds_an_operation_reads_it_and_tries_it() {
    shows("docs", 5).await;
}
