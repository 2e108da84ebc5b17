//! Starting and stopping the real binary: what it says when it cannot.

use std::path::Path;
use std::process::{Command, Output};

use crate::harness::cargo::binary;

/// Runs `byline` with these arguments; it is expected to give up.
fn gives_up(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } =
        Command::new(binary("byline")).args(arguments).env_clear().output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[test]
fn a_port_that_is_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = gives_up(&["--memory", "--port", &port]);
    assert!(said.contains(&format!("127.0.0.1:{port}")), "{said}");
    assert!(said.contains("Choose another port with --port"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let app = crate::harness::App::start_with(|options| {
        options.data = local::engine::Data::Folder(folder.path().to_owned());
    })
    .await;
    let said = gives_up(&["--data", path, "--port", "0"]);
    assert!(said.contains("is in use by another Byline"), "{said}");
    app.byline.stop().await;
}

#[test]
fn a_data_folder_that_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("byline.sqlite"), "no database ".repeat(1000)).unwrap();
    let said = gives_up(&["--data", folder.path().to_str().unwrap(), "--port", "0"]);
    assert!(said.contains("cannot be read"), "{said}");
    assert!(said.contains("backup"), "{said}");
    let kept = std::fs::read_to_string(folder.path().join("byline.sqlite")).unwrap();
    assert!(kept.starts_with("no database"), "what was there is still there");
}

#[test]
fn a_data_folder_that_cannot_be_made() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = Path::new(file.path()).join("data");
    let said = gives_up(&["--data", below.to_str().unwrap(), "--port", "0"]);
    assert!(said.contains("Choose another one with --data"), "{said}");
}

#[test]
fn an_admin_password_that_is_too_short() {
    let said = gives_up(&["--memory", "--port", "0", "--admin-password", "short"]);
    assert!(said.contains("at least 12 characters"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_is_there_after_a_restart() {
    use crate::harness::{App, draft};
    let folder = tempfile::tempdir().unwrap();
    let data = || local::engine::Data::Folder(folder.path().to_owned());
    let app = App::start_with(|options| options.data = data()).await;
    let before = app.admin().await;
    let post = before.post("/v1/manage/posts", draft("Kept"), 201).await;
    app.byline.stop().await;
    // The port is another one now, and so the issuer: sign in again.
    let app = App::start_with(|options| options.data = data()).await;
    assert!(!app.byline.admin.is_new);
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let kept = app.admin().await.get(&path, 200).await;
    assert_eq!(kept.json, post.json);
}
