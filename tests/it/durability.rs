//! A kill loses nothing that was acknowledged.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use byline_local::engine::Data;
use byline_shared::clock::{Clock, SystemClock};
use byline_shared::model::Time;
use serde_json::json;
use tokio::sync::Notify;

use crate::conversations::agent::{RESPONSES, ScriptedModel, Step};
use crate::conversations::{PATH, on};
use crate::harness::cargo::binary;
use crate::harness::{App, Client, PASSWORD, draft};

/// After how many acknowledged writes the runner is killed.
const ENOUGH: usize = 60;

/// The real runner as a process of its own.
struct Runner {
    process: Child,
    client: Client,
}

impl Runner {
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    fn start_with(folder: &Path, variables: &[(&str, String)]) -> Self {
        let mut process = Command::new(binary("byline"))
            .args(["--port", "0", "--data", folder.to_str().unwrap()])
            .env("BYLINE_ADMIN_PASSWORD", PASSWORD)
            .env("BYLINE_PUBLIC_URL", "")
            .env("BYLINE_RATE_LIMITS", "off")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let api = lines.by_ref().map_while(Result::ok).find(|line| line.trim().starts_with("API"));
        let base = api.unwrap().split_whitespace().last().unwrap().to_owned();
        // A pipe that nobody empties would stop the runner.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, client: Client::new(reqwest::Client::new(), base, None) }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn sign_in(&self) -> Client {
        let body = json!({ "email": "admin@example.com", "password": PASSWORD });
        let tokens = self.client.post("/v1/auth/login", body, 200).await;
        self.client.with_token(&tokens.text("/access_token"))
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_200_writes_loses_no_acknowledged_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = Runner::start(folder.path());
    let admin = runner.sign_in().await;
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let enough = Arc::new(Notify::new());
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..200 {
        let (admin, acknowledged) = (admin.clone(), Arc::clone(&acknowledged));
        let enough = Arc::clone(&enough);
        writes.spawn(async move {
            let body = draft(&format!("Write {number}")).to_string();
            let headers = [("content-type", "application/json")];
            let path = "/v1/manage/posts";
            let answer =
                admin.try_send(http::Method::POST, path, &headers, Some(body)).await.ok()?;
            assert_eq!(answer.status, 201, "{}", answer.body);
            if acknowledged.fetch_add(1, Ordering::SeqCst) + 1 == ENOUGH {
                enough.notify_one();
            }
            Some((answer.text("/id"), answer.json))
        });
    }
    enough.notified().await;
    runner.kill();
    let kept: Vec<_> = writes.join_all().await.into_iter().flatten().collect();
    assert!(kept.len() >= ENOUGH);
    assert!(kept.len() < 200, "the kill came too late to show anything");

    let runner = Runner::start(folder.path());
    let admin = runner.sign_in().await;
    for (id, expected) in &kept {
        let found = admin.get(&format!("/v1/manage/posts/{id}"), 200).await;
        assert_eq!(&found.json, expected);
    }
    // Nor is anything half there: whatever is listed can be read whole.
    let mut next = "/v1/manage/posts?limit=100".to_owned();
    let mut listed = 0;
    loop {
        let page = admin.get(&next, 200).await;
        for item in page.json["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let post = admin.get(&format!("/v1/manage/posts/{id}"), 200).await;
            assert!(post.text("/body").starts_with("About "));
            listed += 1;
        }
        let Some(cursor) = page.json["next_cursor"].as_str() else {
            break;
        };
        next = format!("/v1/manage/posts?limit=100&cursor={cursor}");
    }
    assert!(listed >= kept.len());
}

/// A minute from now, when a lease that was held a moment ago is over.
struct InAMinute;

impl Clock for InAMinute {
    fn now(&self) -> Time {
        SystemClock.now().plus_seconds(60)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_an_answer_keeps_what_was_said_and_the_conversation_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let waits = Step::Waits("I think", Box::new(Step::Says("never")));
    let look = ("posts_list", json!({}));
    let model = ScriptedModel::start(vec![Step::Calls("I look.", vec![look]), waits]).await;
    let names = ["BYLINE_AGENT_PROVIDER", "BYLINE_AGENT_MODEL", "BYLINE_AGENT_BASE_URL"];
    let asked = model.clone();
    let variable = move |name: &str| asked.variable(name, on(name));
    let variables = names.map(|name| (name, variable(name).unwrap()));

    let mut runner = Runner::start_with(folder.path(), &variables);
    let admin = runner.sign_in().await;
    let id = admin.post(PATH, json!({}), 200).await.text("/id");
    let body = json!({ "input": "Hello", "conversation": id });
    let headers = [("content-type", "application/json")];
    let ask = admin.try_send(http::Method::POST, RESPONSES, &headers, Some(body.to_string()));
    tokio::select! {
        answered = ask => panic!("the model waits, and yet: {answered:?}"),
        () = model.was_asked(2) => {}
    }
    runner.kill();

    let data = Data::Folder(folder.path().to_owned());
    let app = App::start_with(move |options| {
        options.data = data;
        options.clock = Arc::new(InAMinute);
        options.variable = Arc::new(variable);
    });
    let app = app.await;
    let admin = app.admin().await;
    let running = admin.get(&format!("{PATH}/{id}"), 200).await.text("/running_response_id");
    let read = admin.get(&format!("{RESPONSES}/{running}"), 200).await;
    assert_eq!(read.text("/status"), "incomplete");
    assert_eq!(read.text("/incomplete_details/reason"), "interrupted");
    assert_eq!(read.text("/output/0/content/0/text"), "I look.");
    assert_eq!(read.text("/output/1/status"), "completed");
    model.now(vec![Step::Says("Here again.")]);
    let next = admin.post(RESPONSES, body, 200).await;
    assert_eq!(next.text("/status"), "completed", "{}", next.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = Runner::start(folder.path());
    runner.sign_in().await;
    let pid = runner.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert!(runner.process.wait().unwrap().success());
}
