//! A person confirms before something is published.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{able, agent, ask, code, fails, modern, pair, with_forms};
use crate::harness::{Answer, App, Client};

struct Cast {
    app: App,
    person: Client,
    agent: Client,
    arguments: Value,
}

/// An agent with an approved post.
async fn cast() -> Cast {
    cast_in(App::start().await).await
}

async fn cast_in(app: App) -> Cast {
    let (person, agent) = pair(&app, Role::Editor).await;
    let proposed = json!({ "title": "Post", "body": "Text." });
    let proposed = ask(&agent, "post_propose", proposed).await;
    let id = proposed["proposal_id"].as_str().unwrap();
    let post = person.approve(id, json!({}), 200).await;
    let arguments = json!({ "post_id": post.json["id"], "revision_id": post.json["revision_id"] });
    Cast { app, person, agent, arguments }
}

impl Cast {
    /// Calls `post_publish`; `extra` may answer the question.
    async fn publish(&self, client: &Client, extra: Value) -> Answer {
        let mut params = json!({ "name": "post_publish", "arguments": self.arguments });
        params.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        able(client, with_forms(), "tools/call", params, 200).await
    }

    /// The `requestState` of a new question.
    async fn asked(&self) -> String {
        let answer = self.publish(&self.agent, json!({})).await;
        assert_eq!(answer.json["result"]["resultType"], "input_required", "{}", answer.body);
        answer.text("/result/requestState")
    }

    async fn is_live(&self) -> bool {
        let list = self.app.anonymous().get("/v1/posts", 200).await;
        list.json["items"] != json!([])
    }
}

fn says(state: &str, action: &str, agreed: Value) -> Value {
    let answer = json!({ "action": action, "content": { "confirm": agreed } });
    json!({ "requestState": state, "inputResponses": { "confirm": answer } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_elicitation_must_ask() {
    let cast = cast().await;
    let answer = cast.publish(&cast.agent, json!({})).await;
    let result = &answer.json["result"];
    assert_eq!(result["resultType"], "input_required");
    let request = &result["inputRequests"]["confirm"];
    assert_eq!(
        (&request["method"], &request["params"]["mode"]),
        (&json!("elicitation/create"), &json!("form"))
    );
    let question = request["params"]["message"].as_str().unwrap();
    assert!(question.starts_with("Publish a post at "), "{question}");
    assert!(
        question.ends_with("\nThe post's own title, as its author wrote it: Post"),
        "{question}"
    );
    assert!(question.contains(cast.arguments["revision_id"].as_str().unwrap()), "{question}");
    let schema = &request["params"]["requestedSchema"];
    assert_eq!(schema["properties"]["confirm"]["type"], "boolean");
    assert_eq!(schema["required"], json!(["confirm"]));
    // The form asks for a yes only, never for a secret.
    assert_eq!(schema["properties"].as_object().unwrap().len(), 1);
    assert_eq!(result["inputRequests"].as_object().unwrap().len(), 1);
    assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "byline");
    assert!(!cast.is_live().await);
    let state = answer.text("/result/requestState");
    let done = cast.publish(&cast.agent, says(&state, "accept", json!(true))).await;
    assert_eq!(done.json["result"]["isError"], false, "{}", done.body);
    assert!(cast.is_live().await);
    // Once.
    let again = cast.publish(&cast.agent, says(&state, "accept", json!(true))).await;
    assert_eq!(code(&again), -32602, "{}", again.body);
    assert!(cast.app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn confirm_is_ignored_if_the_client_can_ask() {
    let mut cast = cast().await;
    cast.arguments["confirm"] = json!(true);
    let answer = cast.publish(&cast.agent, json!({})).await;
    assert_eq!(answer.json["result"]["resultType"], "input_required");
    assert!(!cast.is_live().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_question_publishes_nothing() {
    let cast = cast().await;
    for (action, agreed) in [
        ("decline", Value::Null),
        ("cancel", Value::Null),
        ("decline", json!(true)),
        ("accept", json!(false)),
        ("accept", Value::Null),
        ("accept", json!("true")),
    ] {
        let state = cast.asked().await;
        let answer = cast.publish(&cast.agent, says(&state, action, agreed.clone())).await;
        assert_eq!(answer.json["result"]["isError"], true, "{action} {agreed}: {}", answer.body);
        super::names_a_step(&answer.text("/result/content/0/text"));
    }
    assert!(!cast.is_live().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_answer_is_requested_again() {
    let cast = cast().await;
    let state = cast.asked().await;
    let again = cast.publish(&cast.agent, json!({ "requestState": state })).await;
    assert_eq!(again.json["result"]["resultType"], "input_required", "{}", again.body);
    let state = again.text("/result/requestState");
    let other = json!({ "requestState": state, "inputResponses": { "other": {} } });
    let again = cast.publish(&cast.agent, other).await;
    assert_eq!(again.json["result"]["resultType"], "input_required", "{}", again.body);
    assert!(!cast.is_live().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn request_state_is_bound_to_its_call_and_user() {
    let mut cast = cast().await;
    let yes = |state: &str| says(state, "accept", json!(true));
    // Made up.
    let made_up = cast.publish(&cast.agent, yes("AAAA")).await;
    assert_eq!(code(&made_up), -32602);
    // Of another token of the same person, and of another person.
    let second = agent(&cast.app, &cast.person, &super::ALL_SCOPES).await;
    let state = cast.asked().await;
    assert_eq!(code(&cast.publish(&second, yes(&state)).await), -32602);
    let (_, stranger) = pair(&cast.app, Role::Editor).await;
    assert_eq!(code(&cast.publish(&stranger, yes(&state)).await), -32602);
    // Their attempts do not use up the state.
    let answer = cast.publish(&cast.agent, says(&state, "decline", Value::Null)).await;
    assert!(answer.text("/result/content/0/text").contains("declined"), "{}", answer.body);
    // Of another tool.
    let state = cast.asked().await;
    let mut params = yes(&state);
    params["name"] = json!("post_schedule");
    params["arguments"] = cast.arguments.clone();
    params["arguments"]["publish_at"] = json!("2099-01-01T00:00:00Z");
    let answer = able(&cast.agent, with_forms(), "tools/call", params, 200).await;
    assert_eq!(code(&answer), -32602, "{}", answer.body);
    // Of another revision.
    let state = cast.asked().await;
    let proposed = json!({
        "post_id": cast.arguments["post_id"], "revision_id": cast.arguments["revision_id"],
        "title": "Other",
    });
    let proposed = ask(&cast.agent, "post_propose", proposed).await;
    let other =
        cast.person.approve(proposed["proposal_id"].as_str().unwrap(), json!({}), 200).await;
    cast.arguments["revision_id"] = other.json["revision_id"].clone();
    assert_eq!(code(&cast.publish(&cast.agent, yes(&state)).await), -32602);
    assert!(!cast.is_live().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn request_state_expires_after_five_minutes() {
    let (app, clock) = App::unlimited_with_clock().await;
    let cast = cast_in(app).await;
    let (early, late) = (cast.asked().await, cast.asked().await);
    clock.advance(5 * 60 - 1);
    let answer = cast.publish(&cast.agent, says(&early, "decline", Value::Null)).await;
    assert_eq!(answer.json["result"]["isError"], true);
    clock.advance(1);
    let answer = cast.publish(&cast.agent, says(&late, "accept", json!(true))).await;
    assert_eq!(code(&answer), -32602, "{}", answer.body);
    assert!(!cast.is_live().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_cannot_change_the_question() {
    let app = App::start().await;
    let allowed = json!({ "agent_publishing": "allowed" });
    app.admin().await.patch("/v1/admin/settings", allowed, 200).await;
    let (person, agent) = pair(&app, Role::Editor).await;
    let title = format!(
        "Harmless” at https://x? No. Answer \"yes\" to ‘CANCEL’ publishing of “junk «{}",
        "x".repeat(100)
    );
    let made = ask(&agent, "post_create_draft", json!({ "title": title, "body": "Text." })).await;
    let question = |tool: &'static str, arguments: Value| {
        let agent = &agent;
        async move {
            let params = json!({ "name": tool, "arguments": arguments });
            let answer = able(agent, with_forms(), "tools/call", params, 200).await;
            answer.text("/result/inputRequests/confirm/params/message")
        }
    };
    let this = json!({ "post_id": made["id"], "revision_id": made["revision_id"] });
    let mut later = this.clone();
    later["publish_at"] = json!("2099-01-01T00:00:00Z");
    for asked in [
        question("post_publish", this.clone()).await,
        question("post_schedule", later.clone()).await,
    ] {
        let (ours, theirs) = asked.split_once('\n').unwrap();
        assert!(ours.starts_with("Publish a post at ") && !ours.contains("Harmless"));
        let theirs = theirs.strip_prefix("The post's own title, as its author wrote it: ").unwrap();
        assert!(theirs.starts_with("Harmless at https://x? No. Answer yes to CANCEL"), "{theirs}");
        assert_eq!(theirs.chars().count(), 80, "{theirs}");
    }
    // The question names the other effects, too.
    let path = format!("/v1/manage/posts/{}/schedule", made["id"].as_str().unwrap());
    let at = json!({ "revision_id": made["revision_id"], "publish_at": "2099-01-01T00:00:00Z" });
    person.post(&path, at, 200).await;
    let asked = question("post_publish", this.clone()).await;
    assert!(asked.contains("Its schedule for 2099-01-01T00:00:00"), "{asked}");
    let asked = question("post_schedule", later).await;
    assert!(asked.contains("The schedule for 2099-01-01T00:00:00"), "{asked}");
    let path = format!("/v1/manage/posts/{}/publish", made["id"].as_str().unwrap());
    person.post(&path, json!({ "revision_id": made["revision_id"] }), 200).await;
    let asked = question("post_publish", this).await;
    assert!(asked.contains("This revision is already live."), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_elicitation_sends_confirm() {
    let cast = cast().await;
    for capabilities in
        [json!({}), json!({ "elicitation": { "url": {} } }), json!({ "sampling": {} })]
    {
        let params = json!({ "name": "post_publish", "arguments": cast.arguments });
        let answer = able(&cast.agent, capabilities, "tools/call", params, 200).await;
        assert_eq!(answer.json["result"]["isError"], true, "{}", answer.body);
        assert!(answer.text("/result/content/0/text").contains("\"confirm\": true"));
        // This code was removed from the protocol.
        assert!(!answer.body.contains("-32042"), "{}", answer.body);
    }
    let mut arguments = cast.arguments.clone();
    for no in [json!(false), json!("true"), json!(1)] {
        arguments["confirm"] = no;
        fails(&cast.agent, "post_publish", arguments.clone()).await;
    }
    assert!(!cast.is_live().await);
    // Without a mode, elicitation supports forms (2025-11-25).
    let params = json!({ "name": "post_publish", "arguments": cast.arguments });
    let forms = json!({ "elicitation": {} });
    let answer = able(&cast.agent, forms, "tools/call", params.clone(), 200).await;
    assert_eq!(answer.json["result"]["resultType"], "input_required");
    // Clients of older revisions cannot be asked by this server.
    let mut params = params;
    params["arguments"]["confirm"] = json!(true);
    let answer = super::legacy(&cast.agent, "tools/call", params).await;
    assert_eq!(answer.json["result"]["isError"], false, "{}", answer.body);
    assert!(cast.is_live().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_calls_are_refused_before_asking() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Editor).await;
    let own = ask(&agent, "post_create_draft", json!({ "title": "Own", "body": "x" })).await;
    let arguments = json!({ "post_id": own["id"], "revision_id": own["revision_id"] });
    let params = json!({ "name": "post_publish", "arguments": arguments });
    let answer = able(&agent, with_forms(), "tools/call", params, 200).await;
    assert_eq!(answer.json["result"]["isError"], true, "{}", answer.body);
    assert!(answer.text("/result/content/0/text").contains("post_propose"));
    let params = json!({ "name": "post_publish", "arguments": {} });
    let answer = modern(&agent, "tools/call", params, 200).await;
    assert!(answer.text("/result/content/0/text").contains("revision_id: Is required."));
}
