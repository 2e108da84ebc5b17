//! Visibility: the role hides tools, missing scopes can be requested.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{agent, ask, code, fails, legacy, modern, names, pair, request};
use crate::harness::{App, draft};
use crate::oauth::World;

#[tokio::test(flavor = "multi_thread")]
async fn tools_follow_role_and_scopes() {
    let app = App::start().await;
    let (_, reader) = pair(&app, Role::Reader).await;
    let few = ["fetch", "search", "site_get", "whoami"];
    assert_eq!(names(&modern(&reader, "tools/list", json!({}), 200).await), few);
    assert_eq!(names(&legacy(&reader, "tools/list", json!({})).await), few);
    let (person, author) = pair(&app, Role::Author).await;
    let listed = names(&modern(&author, "tools/list", json!({}), 200).await);
    assert_eq!(listed.len(), byline_tools::ALL.len() - 2);
    assert!(!listed.contains(&"post_publish".to_owned()));
    let who = ask(&author, "whoami", json!({})).await;
    assert_eq!((&who["role"], &who["more_scopes"]), (&json!("author"), &json!([])));
    // Scopes that no tool requires are not suggested.
    let narrow = agent(&app, &person, &["profile", "posts:read"]).await;
    let more = json!(["posts:write", "posts:propose", "media:write"]);
    assert_eq!(ask(&narrow, "whoami", json!({})).await["more_scopes"], more);
    // An API key cannot get more scopes, so it does not see the other tools.
    let narrow = agent(&app, &person, &["profile"]).await;
    assert_eq!(names(&modern(&narrow, "tools/list", json!({}), 200).await), few);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_scope_gets_a_step_up_challenge() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let agent = agent(&app, &editor, &["profile", "posts:read"]).await;
    for (tool, scope) in [
        ("post_edit", "posts:write"),
        ("post_create_draft", "posts:write"),
        ("post_propose", "posts:propose"),
        ("post_publish", "posts:publish"),
        ("post_schedule", "posts:publish"),
        ("media_request_upload", "media:write"),
    ] {
        let params = json!({ "name": tool, "arguments": {} });
        let body = request("tools/call", params.clone());
        for answer in
            [modern(&agent, "tools/call", params, 403).await, agent.post("/mcp", body, 403).await]
        {
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("Bearer"), "{challenge}");
            assert!(challenge.contains(r#"error="insufficient_scope""#), "{challenge}");
            // The required and the held scopes, so that the new token loses none.
            let scopes = format!(r#"scope="profile posts:read {scope}""#);
            assert!(challenge.contains(&scopes), "{challenge}");
            assert!(challenge.contains(r#"resource_metadata="http"#), "{challenge}");
            assert!(challenge.contains("error_description="), "{challenge}");
            assert!(!challenge.contains("offline_access"), "{challenge}");
            assert_eq!((code(&answer), &answer.json["id"]), (403, &json!(7)));
            assert!(answer.text("/error/message").contains(scope), "{}", answer.body);
            assert_eq!(answer.header("content-type"), "application/json");
        }
    }
    let prompt = json!({ "name": "revise_post", "arguments": { "slug": "x" } });
    let answer = modern(&agent, "prompts/get", prompt, 403).await;
    assert!(answer.header("www-authenticate").contains("posts:propose"));
    let who = ask(&agent, "whoami", json!({})).await;
    assert_eq!(who["scopes"], json!(["profile", "posts:read"]));
    assert!(who["more_scopes"].as_array().unwrap().contains(&json!("posts:publish")));
    // A prompt that includes a draft or the style guide requires the scope to read them.
    let guide = json!({ "style_guide": "Short sentences." });
    app.admin().await.patch("/v1/admin/settings", guide, 200).await;
    editor.post("/v1/manage/posts", draft("Secret"), 201).await;
    let blind = super::agent(&app, &editor, &["profile", "posts:propose", "posts:write"]).await;
    let prompt = json!({ "name": "revise_post", "arguments": { "slug": "secret" } });
    let answer = modern(&blind, "prompts/get", prompt, 403).await;
    assert!(answer.header("www-authenticate").contains("posts:read"));
    let prompt = json!({ "name": "draft_post", "arguments": { "topic": "eels" } });
    let answer = modern(&blind, "prompts/get", prompt, 200).await;
    assert!(!answer.body.contains("Short sentences."), "{}", answer.body);
    // The audit log records it.
    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    assert!(log.body.contains("media:write"), "{}", log.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oauth_client_sees_everything_its_role_allows() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks().with("scope", "profile")).await;
    let client = world.app.with_token(&tokens.text("/access_token"));
    for send in [true, false] {
        let list = |method: &'static str| {
            let client = &client;
            async move {
                let answer = if send {
                    modern(client, method, json!({}), 200).await
                } else {
                    legacy(client, method, json!({})).await
                };
                answer.json["result"].clone()
            }
        };
        let count = |list: &Value, of: &str| list[of].as_array().unwrap().len();
        assert_eq!(count(&list("tools/list").await, "tools"), byline_tools::ALL.len());
        assert_eq!(count(&list("prompts/list").await, "prompts"), 3);
        assert_eq!(count(&list("resources/list").await, "resources"), 3);
    }
    for (method, params, scope) in [
        ("tools/call", json!({ "name": "posts_list", "arguments": {} }), "posts:read"),
        ("prompts/get", json!({ "name": "review_proposal" }), "posts:read"),
        ("resources/read", json!({ "uri": "site://style-guide" }), "posts:read"),
        ("resources/read", json!({ "uri": "schema://post" }), "posts:read"),
    ] {
        let answer = modern(&client, method, params, 403).await;
        let challenge = answer.header("www-authenticate");
        assert!(challenge.contains(r#"error="insufficient_scope""#), "{challenge}");
        assert!(challenge.contains(&format!(r#"scope="profile {scope}""#)), "{challenge}");
        assert!(challenge.contains("resource_metadata="), "{challenge}");
        assert_eq!(code(&answer), 403);
    }
    modern(&client, "resources/read", json!({ "uri": "site://settings" }), 200).await;
    let who = ask(&client, "whoami", json!({})).await;
    assert_eq!(who["scopes"], json!(["profile"]));
    let more = ["posts:read", "posts:write", "posts:propose", "posts:publish", "media:write"];
    assert_eq!(who["more_scopes"], json!(more));
    // Without the scope, a visible prompt completes nothing.
    let params = json!({
        "ref": { "type": "ref/prompt", "name": "revise_post" },
        "argument": { "name": "slug", "value": "" },
    });
    let answer = modern(&client, "completion/complete", params, 200).await;
    assert_eq!(answer.json["result"]["completion"]["values"], json!([]));
    // Errors mention only tools that the client may call now.
    let fetch = json!({ "name": "fetch", "arguments": { "id": "no-such-post" } });
    let answer = modern(&client, "tools/call", fetch, 200).await;
    let text = answer.text("/result/content/0/text");
    assert!(text.ends_with("Next: use search to find what you may read."), "{text}");
    // The role limits what is listed.
    let id = world.person.get("/v1/users/me", 200).await.text("/id");
    let role = json!({ "role": Role::Author });
    world.app.admin().await.patch(&format!("/v1/users/{id}"), role, 200).await;
    let listed = names(&modern(&client, "tools/list", json!({}), 200).await);
    assert_eq!(listed.len(), byline_tools::ALL.len() - 2);
    let site = super::call(&client, "site_get", json!({ "detail": "full" })).await;
    assert!(site.text("/result/content/0/text").contains("the scope posts:read"), "{}", site.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_role_forbids_appears_not_to_exist() {
    let app = App::start().await;
    let (_, author) = pair(&app, Role::Author).await;
    let publish = json!({ "name": "post_publish", "arguments": {} });
    let answer = modern(&author, "tools/call", publish.clone(), 200).await;
    assert_eq!(code(&answer), -32602);
    let unknown = json!({ "name": "no_such_tool", "arguments": {} });
    let unknown = modern(&author, "tools/call", unknown, 200).await;
    assert_eq!(answer.json["error"], unknown.json["error"]);
    // Without the scope, the error is the same.
    let person = app.user(Role::Author).await;
    let narrow = agent(&app, &person, &["profile"]).await;
    let answer = modern(&narrow, "tools/call", publish, 200).await;
    assert_eq!(answer.json["error"], unknown.json["error"]);
    let (_, reader) = pair(&app, Role::Reader).await;
    let hidden = legacy(&reader, "tools/call", json!({ "name": "posts_list" })).await;
    assert_eq!(code(&hidden), -32602);
    assert_eq!(
        code(&modern(&reader, "resources/read", json!({ "uri": "schema://post" }), 200).await),
        -32602
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_of_other_authors_appear_not_to_exist() {
    let app = App::start().await;
    let (other, others_agent) = pair(&app, Role::Author).await;
    let post = other.post("/v1/manage/posts", draft("Foreign"), 201).await;
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let proposal = json!({ "title": "New", "body": "Text." });
    let proposal = ask(&others_agent, "post_propose", proposal).await["proposal_id"].clone();
    let file = json!({ "filename": "dot.gif", "content_type": "image/gif", "size": 43 });
    let file = ask(&others_agent, "media_request_upload", file).await["media"]["id"].clone();
    let (_, agent) = pair(&app, Role::Author).await;
    for (tool, arguments) in [
        ("media_request_upload", json!({ "complete": file })),
        ("post_get", json!({ "post_id": id })),
        ("post_get", json!({ "post_id": "foreign" })),
        ("fetch", json!({ "id": id })),
        ("fetch", json!({ "id": "foreign" })),
        ("post_diff", json!({ "post_id": id })),
        ("revisions_list", json!({ "post_id": id })),
        ("proposal_get", json!({ "proposal_id": proposal })),
        ("post_edit", json!({ "post_id": id, "revision_id": revision, "title": "X" })),
        ("post_propose", json!({ "post_id": id, "revision_id": revision, "title": "X" })),
    ] {
        let text = fails(&agent, tool, arguments).await;
        assert!(text.contains("There is no such"), "{tool}: {text}");
    }
    for (tool, arguments, list) in [
        ("posts_list", json!({}), "posts"),
        ("media_list", json!({}), "media"),
        ("search", json!({ "query": "foreign" }), "results"),
        ("proposals_list", json!({}), "proposals"),
        ("drafts_status", json!({}), "drafts"),
    ] {
        assert_eq!(ask(&agent, tool, arguments).await[list], json!([]), "{tool}");
    }
    let read = modern(&agent, "resources/read", json!({ "uri": "post://foreign" }), 200).await;
    assert_eq!(code(&read), -32602);
    for (kind, argument) in [("review_proposal", "proposal_id"), ("revise_post", "slug")] {
        let params = json!({
            "ref": { "type": "ref/prompt", "name": kind },
            "argument": { "name": argument, "value": "" },
        });
        let found = modern(&agent, "completion/complete", params, 200).await;
        assert_eq!(found.json["result"]["completion"]["values"], json!([]), "{kind}");
        let params = json!({ "name": kind, "arguments": { argument: Value::from("foreign") } });
        assert_eq!(code(&modern(&agent, "prompts/get", params, 200).await), -32602);
    }
}
