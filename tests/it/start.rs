//! Starting and stopping the real binary: what it says, and what when it cannot.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::harness::cargo::binary;

/// Runs `byline` with these arguments; it is expected to give up.
fn gives_up(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } =
        Command::new(binary("byline")).args(arguments).env_clear().output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

/// What `byline` says once it is up; then it is killed.
fn says(arguments: &[&str], public_url: &str) -> String {
    let mut process = Command::new(binary("byline"))
        .args(["--memory", "--port", "0"])
        .args(arguments)
        .env_clear()
        .env("BYLINE_PUBLIC_URL", public_url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let said: Vec<String> = lines.take_while(|line| !line.starts_with("Press Ctrl-C")).collect();
    process.kill().unwrap();
    process.wait().unwrap();
    said.join("\n")
}

#[test]
fn clients_are_told_the_address_that_counts() {
    let at_home = says(&[], "");
    assert!(at_home.contains("MCP        http://127.0.0.1:"), "{at_home}");
    assert!(at_home.contains("Desk       http://127.0.0.1:"), "{at_home}");
    assert!(!at_home.contains("Listens"), "{at_home}");
    assert!(at_home.contains("Mailbox    http://127.0.0.1:"), "{at_home}");
    assert!(!at_home.contains("BYLINE_PUBLIC_URL"), "{at_home}");

    let behind = says(&[], "https://byline.example");
    for line in [
        "Desk       https://byline.example/desk/sign-in?token=",
        "API        https://byline.example\n",
        "Reference  https://byline.example/docs\n",
        "MCP        https://byline.example/mcp\n",
        "Listens    http://127.0.0.1:",
        "Mailbox    closed, because",
    ] {
        assert!(behind.contains(line), "no {line} in {behind}");
    }
    assert!(!behind.contains("BYLINE_PUBLIC_URL"), "{behind}");

    // There is no such address for a client.
    let open = says(&["--host", "0.0.0.0"], "");
    assert!(open.contains("set BYLINE_PUBLIC_URL to the https"), "{open}");
    for known in ["https://byline.example", "http://localhost"] {
        let open = says(&["--host", "0.0.0.0"], known);
        assert!(!open.contains("BYLINE_PUBLIC_URL"), "{open}");
    }
    // The name of all interfaces is none that a browser opens.
    let open = says(&["--host", "0.0.0.0"], "http://localhost");
    assert!(open.contains("Mailbox    http://127.0.0.1:"), "{open}");
}

#[test]
fn the_version_names_the_program() {
    let output = Command::new(binary("byline")).arg("--version").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("byline {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_variable_that_cannot_be_used_is_named_with_its_values() {
    for (name, value, says) in [
        ("BYLINE_RATE_LIMITS", "maybe", "BYLINE_RATE_LIMITS: must be on or off"),
        ("BYLINE_OAUTH_DOCUMENTS", "no", "BYLINE_OAUTH_DOCUMENTS: must be on or off"),
        ("BYLINE_OAUTH_REDIRECT_URIS", "myapp", "write it as example://oauth/callback"),
        ("RUST_LOG", "byline=loud", "Use error, warn, info or debug"),
    ] {
        let mut command = Command::new(binary("byline"));
        command.args(["--memory", "--port", "0"]).env_clear().env(name, value);
        let Output { status, stderr, .. } = command.output().unwrap();
        assert!(!status.success(), "{name}={value} was accepted");
        let said = String::from_utf8(stderr).unwrap();
        assert!(said.contains(says), "{said}");
    }
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
        options.data = byline_local::engine::Data::Folder(folder.path().to_owned());
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
    assert!(said.contains("Cannot read the database"), "{said}");
    assert!(said.contains("backup"), "{said}");
    let kept = std::fs::read_to_string(folder.path().join("byline.sqlite")).unwrap();
    assert!(kept.starts_with("no database"), "what was there is still there");
}

#[test]
fn a_data_folder_that_cannot_be_made() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = Path::new(file.path()).join("data");
    let said = gives_up(&["--data", below.to_str().unwrap(), "--port", "0"]);
    assert!(said.contains("Choose another folder with --data"), "{said}");
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
    let data = || byline_local::engine::Data::Folder(folder.path().to_owned());
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
