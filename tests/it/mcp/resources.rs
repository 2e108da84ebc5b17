//! Resources, prompts, and the completion of their arguments.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{ask, code, modern, pair};
use crate::harness::{Answer, App, Client};

async fn read(client: &Client, uri: &str) -> Answer {
    modern(client, "resources/read", json!({ "uri": uri }), 200).await
}

async fn complete(client: &Client, reference: Value, name: &str, value: &str) -> Value {
    let params = json!({ "ref": reference, "argument": { "name": name, "value": value } });
    let answer = modern(client, "completion/complete", params, 200).await;
    answer.json["result"]["completion"].clone()
}

fn prompt(name: &str) -> Value {
    json!({ "type": "ref/prompt", "name": name })
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_are_listed_and_read() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let guide = json!({ "style_guide": "Short sentences.", "title": "The Daily" });
    app.admin().await.patch("/v1/admin/settings", guide, 200).await;
    let listed = modern(&agent, "resources/list", json!({}), 200).await;
    let listed = listed.json["result"]["resources"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 3);
    for resource in listed {
        let answer = read(&agent, resource["uri"].as_str().unwrap()).await;
        let contents = &answer.json["result"]["contents"][0];
        assert_eq!(contents["uri"], resource["uri"]);
        assert_eq!(contents["mimeType"], resource["mimeType"]);
        assert!(!contents["text"].as_str().unwrap().is_empty(), "{resource}");
    }
    let settings = read(&agent, "site://settings").await.text("/result/contents/0/text");
    let settings: Value = serde_json::from_str(&settings).unwrap();
    assert_eq!(
        (&settings["title"], &settings["agent_publishing"]),
        (&json!("The Daily"), &json!("approved"))
    );
    let guide = read(&agent, "site://style-guide").await;
    assert_eq!(guide.text("/result/contents/0/text"), "Short sentences.");
    let schema = read(&agent, "schema://post").await.text("/result/contents/0/text");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["properties"]["title"]["maxLength"], 200);
    let site = ask(&agent, "site_get", json!({})).await;
    assert_eq!(
        (&site["title"], &site["style_guide_characters"]),
        (&json!("The Daily"), &json!(16))
    );
    let full = super::call(&agent, "site_get", json!({ "detail": "full" })).await;
    assert_eq!(full.text("/result/content/1/text"), "Short sentences.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_read_with_the_callers_permissions() {
    let app = App::start().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let (_, reader) = pair(&app, Role::Reader).await;
    let post = editor.post("/v1/manage/posts", crate::harness::draft("Fish"), 201).await;
    let text = "/result/contents/0/text";
    assert_eq!(read(&agent, "post://fish").await.text(text), "About *Fish*.\n");
    assert_eq!(code(&read(&reader, "post://fish").await), -32602);
    super::publish(&editor, &post).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let version = editor.get(&path, 200).await;
    let seen = [("if-match", version.header("etag"))];
    let change = json!({ "body": "Newer.\n", "slug": "fishes" });
    editor.send(http::Method::PATCH, &path, &seen, Some(change), 200).await;
    assert_eq!(read(&agent, "post://fish").await.text(text), "Newer.\n");
    assert_eq!(read(&agent, "post://fishes").await.text(text), "Newer.\n");
    assert_eq!(read(&reader, "post://fish").await.text(text), "About *Fish*.\n");
    let templates = modern(&reader, "resources/templates/list", json!({}), 200).await;
    assert_eq!(templates.text("/result/resourceTemplates/0/uriTemplate"), "post://{slug}");
    for uri in ["post://", "post://..%2f", "post://fish/../x", "POST://fish", "site://"] {
        assert_eq!(code(&read(&agent, uri).await), -32602, "{uri}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prompts_include_the_texts_they_mention() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let guide = json!({ "style_guide": "Short sentences." });
    app.admin().await.patch("/v1/admin/settings", guide, 200).await;
    let made = json!({ "title": "Fish", "body": "Red fish.\n" });
    let made = ask(&agent, "post_create_draft", made).await;
    let change = json!({
        "post_id": made["id"], "revision_id": made["revision_id"], "body": "Blue fish.\n",
    });
    let proposed = ask(&agent, "post_propose", change).await;
    let listed = modern(&agent, "prompts/list", json!({}), 200).await;
    let listed = listed.json["result"]["prompts"].as_array().unwrap().clone();
    let names: Vec<&Value> = listed.iter().map(|prompt| &prompt["name"]).collect();
    assert_eq!(names, ["draft_post", "review_proposal", "revise_post"]);
    for (name, arguments, holds) in [
        ("draft_post", json!({ "topic": "eels", "tags": "Nature" }), "about: eels"),
        ("revise_post", json!({ "slug": "fish", "wish": "Funnier." }), "Red fish."),
        ("review_proposal", json!({ "proposal_id": proposed["proposal_id"] }), "+Blue fish."),
    ] {
        let params = json!({ "name": name, "arguments": arguments });
        let answer = modern(&agent, "prompts/get", params, 200).await;
        let messages = answer.json["result"]["messages"].to_string();
        assert!(messages.contains(holds), "{messages}");
        assert!(messages.contains("Short sentences."), "{messages}");
        let last = answer.json["result"]["messages"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["role"], &last["content"]["type"]), (&json!("user"), &json!("text")));
    }
    for (name, arguments) in [
        ("draft_post", json!({})),
        ("draft_post", json!({ "topic": " " })),
        ("draft_post", json!({ "topic": 1 })),
        ("draft_post", json!({ "topic": "x", "colour": "red" })),
        ("draft_post", json!({ "topic": "x".repeat(1001) })),
        ("revise_post", json!({ "slug": "no-such-post" })),
        ("review_proposal", json!({ "proposal_id": "nothing" })),
    ] {
        let params = json!({ "name": name, "arguments": arguments });
        let answer = modern(&agent, "prompts/get", params, 200).await;
        assert_eq!(code(&answer), -32602, "{name} {arguments}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_are_completed() {
    let app = App::start().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let (_, reader) = pair(&app, Role::Reader).await;
    for title in ["Blue fish", "Fish soup", "Eels"] {
        let post = editor.post("/v1/manage/posts", crate::harness::draft(title), 201).await;
        if title == "Eels" {
            super::publish(&editor, &post).await;
        }
    }
    let template = json!({ "type": "ref/resource", "uri": "post://{slug}" });
    let found = complete(&agent, template.clone(), "slug", "FISH").await;
    assert_eq!(found["values"], json!(["fish-soup", "blue-fish"]));
    assert_eq!(found["hasMore"], false);
    assert_eq!(complete(&reader, template.clone(), "slug", "").await["values"], json!(["eels"]));
    let found = complete(&agent, prompt("revise_post"), "slug", "ee").await;
    assert_eq!(found["values"], json!(["eels"]));
    let found = complete(&agent, prompt("draft_post"), "tags", "fi").await;
    assert_eq!(found["values"], json!(["Field notes"]));
    let found = complete(&agent, prompt("draft_post"), "topic", "fi").await;
    assert_eq!(found["values"], json!([]));
    let proposed = json!({ "title": "New", "body": "x" });
    let proposed = ask(&agent, "post_propose", proposed).await;
    let found = complete(&agent, prompt("review_proposal"), "proposal_id", "prop_").await;
    assert_eq!(found["values"], json!([proposed["proposal_id"]]));
    for (client, reference) in [
        (&agent, prompt("no_such_prompt")),
        (&agent, json!({ "type": "ref/resource", "uri": "site://{name}" })),
        (&reader, prompt("revise_post")),
    ] {
        let params = json!({ "ref": reference, "argument": { "name": "slug", "value": "" } });
        let answer = modern(client, "completion/complete", params, 200).await;
        assert_eq!(code(&answer), -32602, "{}", answer.body);
    }
}
