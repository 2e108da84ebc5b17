//! What the agent may do is what the person, their credential and the conversation allow, at every call.

use byline_shared::model::Role;
use serde_json::json;

use super::super::PATH;
use super::{RESPONSES, Step, ask, ask_in, calls, of_mode, said, statuses, with_model};

fn tools(request: &super::model::Asked) -> Vec<String> {
    let tools = request.body["tools"].as_array().into_iter().flatten();
    tools.map(|tool| tool["function"]["name"].as_str().unwrap().to_owned()).collect()
}

fn draft(title: &str) -> Step {
    Step::Calls("", vec![("draft_create", json!({ "text": title }))])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_gets_the_tools_that_mode_and_role_allow_and_no_others_run() {
    let (app, model) = with_model(Vec::new()).await;
    let author = app.user(Role::Author).await;
    let admin = app.admin().await;
    let common = vec!["echo", "fail", "long", "panic"];
    let with_drafts = [vec!["draft_create"], common.clone()].concat();
    for (client, mode, expected) in [
        (&author, "read", &common),
        (&author, "propose", &common),
        (&author, "draft", &with_drafts),
        (&admin, "draft", &with_drafts),
    ] {
        let id = of_mode(client, mode).await;
        let steps = vec![
            Step::Calls("", vec![("publish", json!({})), ("Echo", json!({})), ("", json!({}))]),
            Step::Says("No."),
        ];
        model.then(steps);
        let made = ask_in(client, &id, "Publish it").await;
        assert_eq!(tools(model.asked().last().unwrap()), *expected, "{mode}");
        assert_eq!(statuses(&made), ["failed", "failed", "failed", "completed"], "{mode}");
        let told = calls(&made)[0]["error"]["content"][0]["text"].as_str().unwrap().to_owned();
        assert!(told.contains("no such tool") && !told.contains("publish"), "{told}");
    }
    let posts = admin.get("/v1/manage/posts", 200).await;
    assert_eq!(posts.json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_another_mode_allows_is_told_what_the_mode_is() {
    let (app, model) = with_model(Vec::new()).await;
    let author = app.user(Role::Author).await;
    let mut ids = Vec::new();
    for (mode, says) in [
        ("read", "In this conversation the agent may only read. The user can change that."),
        ("propose", "In this conversation the agent may only read and propose changes. The user"),
    ] {
        let id = of_mode(&author, mode).await;
        model.then(vec![draft("Tides"), Step::Says("I may not.")]);
        let made = ask_in(&author, &id, "Write it").await;
        assert_eq!(statuses(&made), ["failed", "completed"]);
        let told = calls(&made)[0]["error"]["content"][0]["text"].as_str().unwrap().to_owned();
        assert!(told.starts_with(says) && told.ends_with("echo, fail, long, panic."), "{told}");
        ids.push(id);
    }
    // It is in the log, once for both.
    let log = app.admin().await.get("/v1/admin/audit?event=access_denied", 200).await;
    let [entry] = log.json["items"].as_array().unwrap().as_slice() else { panic!("{}", log.body) };
    assert_eq!(entry["agent"], json!({ "model": "scripted", "conversation_id": ids[0] }));
    assert_eq!(entry["actor"], author.get("/v1/users/me", 200).await.json["id"]);
    let detail = "The mode of the conversation does not allow the tool draft_create.";
    assert_eq!((&entry["detail"], &entry["count"]), (&json!(detail), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instructions_fit_the_tools() {
    const OTHER_MODE: &str = "the mode of the conversation must be changed first";
    const NOT_ALLOWED: &str = "role, API key or app does not allow";
    let (app, model) = with_model(vec![Step::Always(Box::new(Step::Says("Yes.")))]).await;
    let author = app.user(Role::Author).await;
    let all = ["posts:read", "posts:propose", "posts:write"];
    for (scopes, mode, has, lacks) in [
        (
            &all[..0],
            "read",
            vec!["You cannot read the posts", "posts:read", NOT_ALLOWED],
            OTHER_MODE,
        ),
        (&all[..1], "read", vec!["You find and read", "you only read", NOT_ALLOWED], OTHER_MODE),
        (&all[..2], "read", vec!["You find and read", "you only read", OTHER_MODE], NOT_ALLOWED),
        (&all[..2], "propose", vec!["also propose changes", NOT_ALLOWED], OTHER_MODE),
        (&all[..3], "propose", vec!["also propose changes", OTHER_MODE], NOT_ALLOWED),
        (&all[..3], "draft", vec!["and create and edit drafts"], "another change"),
    ] {
        let scopes = [&["conversations"], scopes].concat();
        let body = json!({ "name": "Key", "scopes": scopes });
        let key = author.post("/v1/auth/api-keys", body, 201).await.text("/key");
        let client = app.with_token(&key);
        let id = of_mode(&client, mode).await;
        ask_in(&client, &id, "Hello").await;
        let system = model.messages()[0]["content"].as_str().unwrap().to_owned();
        assert!(has.iter().all(|text| system.contains(text)), "{scopes:?} {mode}: {system}");
        assert!(!system.contains(lacks), "{scopes:?} {mode}: {system}");
        let has_tools = !tools(model.asked().last().unwrap()).is_empty();
        assert_eq!(has_tools, scopes.contains(&"posts:read"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_the_agent_names_the_agent_its_model_and_the_conversation() {
    let (app, _) = with_model(vec![draft("By the agent"), Step::Says("Done.")]).await;
    let author = app.user(Role::Author).await;
    let id = of_mode(&author, "draft").await;
    let made = ask_in(&author, &id, "Write it").await;
    let post = calls(&made)[0]["output"].as_str().unwrap().to_owned();
    let path = format!("/v1/manage/posts/{post}/revisions");
    let by = author.get(&path, 200).await.json["items"][0]["created_by"].take();
    let me = author.get("/v1/users/me", 200).await;
    assert_eq!(
        by,
        json!({
            "user_id": me.json["id"], "user_name": me.json["name"], "kind": "agent",
            "api_key_id": null, "api_key_name": null, "grant_id": null, "client": null,
            "model": "scripted", "conversation_id": id,
        })
    );
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_their_access_in_a_turn_loses_it_at_the_next_call() {
    let (app, model) = with_model(Vec::new()).await;
    let admin = app.admin().await;
    for how in ["signed out", "demoted", "disabled", "key revoked"] {
        let author = app.user(Role::Author).await;
        let me = author.get("/v1/users/me", 200).await.text("/id");
        let (client, key) = match how {
            "key revoked" => {
                let scopes = ["conversations", "posts:read", "posts:write"];
                let body = json!({ "name": "Key", "scopes": scopes });
                let made = author.post("/v1/auth/api-keys", body, 201).await;
                (app.with_token(&made.text("/key")), Some(made.text("/id")))
            }
            _ => (author.clone(), None),
        };
        let id = of_mode(&client, "draft").await;
        model.then(vec![draft("Before"), Step::Waits("", Box::new(draft("After")))]);
        let asked = model.asked().len();
        let turn = {
            let (client, id) = (client.clone(), id.clone());
            tokio::spawn(async move { ask_in(&client, &id, "Write two").await })
        };
        model.was_asked(asked + 2).await;
        let user = format!("/v1/users/{me}");
        match (how, key) {
            (_, Some(key)) => _ = author.delete(&format!("/v1/auth/api-keys/{key}"), 204).await,
            ("signed out", _) => _ = author.post("/v1/auth/logout", json!({}), 204).await,
            ("demoted", _) => _ = admin.patch(&user, json!({ "role": "reader" }), 200).await,
            _ => _ = admin.patch(&user, json!({ "disabled": true }), 200).await,
        }
        model.go_on();
        let made = turn.await.unwrap();
        assert_eq!(made.text("/status"), "incomplete", "{how}: {}", made.body);
        assert_eq!(made.text("/incomplete_details/reason"), "access_ended", "{how}");
        assert_eq!(statuses(&made), ["completed"], "{how}: the second call did not run");
    }
    let posts = admin.get("/v1/manage/posts?limit=100", 200).await;
    let posts = posts.json["items"].as_array().unwrap();
    assert!(posts.len() == 4 && posts.iter().all(|post| post["title"] == "Before"), "{posts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_that_is_changed_in_a_turn_counts_at_the_next_call() {
    let (app, model) = with_model(vec![
        draft("Before"),
        Step::Waits("", Box::new(draft("After"))),
        Step::Says("I may not."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let id = of_mode(&author, "draft").await;
    let turn = {
        let (author, id) = (author.clone(), id.clone());
        tokio::spawn(async move { ask_in(&author, &id, "Write two").await })
    };
    model.was_asked(2).await;
    author.post(&format!("{PATH}/{id}"), json!({ "metadata": { "mode": "read" } }), 200).await;
    model.go_on();
    let made = turn.await.unwrap();
    assert_eq!(statuses(&made), ["completed", "failed", "completed"]);
    assert_eq!(said(&made), ["I may not."]);
    assert!(!tools(&model.asked()[2]).contains(&"draft_create".to_owned()));
    let system = model.messages()[0]["content"].as_str().unwrap().to_owned();
    assert!(system.contains("you only read"), "{system}");
    let posts = author.get("/v1/manage/posts", 200).await;
    assert_eq!(posts.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(author.get(&format!("{PATH}/{id}"), 200).await.text("/metadata/mode"), "read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_is_its_owners_alone() {
    let (app, model) = with_model(vec![Step::Says("Private.")]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    let (id, conversation) = (made.text("/id"), made.text("/conversation/id"));
    for other in [app.user(Role::Author).await, app.user(Role::Editor).await, app.admin().await] {
        other.get(&format!("{RESPONSES}/{id}"), 404).await.is_problem("not_found");
        let cancel = format!("{RESPONSES}/{id}/cancel");
        other.post(&cancel, json!({}), 404).await.is_problem("not_found");
        for member in
            [json!({ "conversation": conversation }), json!({ "previous_response_id": id })]
        {
            let mut body = member;
            body["input"] = json!("Tell me");
            other.post(RESPONSES, body, 404).await.is_problem("not_found");
        }
    }
    let without = json!({ "name": "Key", "scopes": ["profile", "posts:read"] });
    let key = author.post("/v1/auth/api-keys", without, 201).await.text("/key");
    app.with_token(&key).get(&format!("{RESPONSES}/{id}"), 403).await.is_problem("forbidden");
    app.with_token(&key)
        .post(RESPONSES, json!({ "input": "a" }), 403)
        .await
        .is_problem("forbidden");
    assert_eq!(model.asked().len(), 1);
    // It goes with its conversation.
    author.delete(&format!("{PATH}/{conversation}"), 200).await;
    author.get(&format!("{RESPONSES}/{id}"), 404).await.is_problem("not_found");
}
