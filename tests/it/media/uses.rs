//! Where a file is used: to find it out reads the heads of all posts.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::published;
use crate::desk::visitor::Visitor;
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn looks_for_the_posts_that_use_a_file_are_counted_and_few() {
    let (app, _clock) = App::with_clock().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let agent = app.agent(&editor).await;
    let file = format!("/v1/manage/media/{}", published(&editor).await.text("/id"));
    // What an agent may do anyway needs no look.
    let looks = || {
        let calls = app.byline.observer.actions("manage-media-update");
        calls.get("Query").copied().unwrap_or_default()
    };
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "allowed" }), 200).await;
    // The first token that is verified has its keys read.
    editor.patch(&file, json!({ "alt": "Dot" }), 200).await;
    let before = looks();
    agent.patch(&file, json!({ "alt": "A dot" }), 200).await;
    editor.patch(&file, json!({ "alt": "A dot." }), 200).await;
    assert_eq!(looks(), before);
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "approved" }), 200).await;
    agent.patch(&file, json!({ "alt": "One dot" }), 200).await;
    assert_eq!(looks(), before + 1);
    // The page of a file looks each time, and is read so often and no more.
    let email = editor.get("/v1/users/me", 200).await.text("/email");
    let mut visitor = Visitor::of(&app, &email).await;
    let page = file.replace("/v1/manage", "/desk");
    let mut read = 0;
    let refused = loop {
        let answer = visitor.send(Method::GET, &page, &[], None).await;
        if answer.status != 200 || read == 100 {
            break answer;
        }
        read += 1;
    };
    assert_eq!(refused.status, 429, "{read}: {}", refused.body);
    let policy = refused.header("ratelimit-policy");
    assert!(policy.starts_with("\"compare-account\""), "{policy}");
    editor.delete(&file, 429).await;
    // An agent has a bucket of its own, and uses up that of nobody else.
    let refused = loop {
        let headers = [("content-type", "application/json")];
        let alt = Some(json!({ "alt": "A dot" }).to_string());
        let answer = agent.try_send(Method::PATCH, &file, &headers, alt).await.unwrap();
        if answer.status != 200 {
            break answer;
        }
    };
    let policy = refused.header("ratelimit-policy");
    assert!(policy.starts_with("\"compare-account\""), "{policy}");
    agent.delete(&file, 429).await;
    // A person who describes it looks for nothing.
    editor.patch(&file, json!({ "alt": "The dot" }), 200).await;
}
