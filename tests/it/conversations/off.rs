//! While the agent is off.

use std::sync::Arc;

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{PATH, running_in, says, start, texts};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_started_and_what_is_there_stays_its_owners() {
    let folder = tempfile::tempdir().unwrap();
    let app = running_in(folder.path(), true).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let status = ada.get("/v1/agent", 200).await;
    assert_eq!(status.json["enabled"], true);
    assert_eq!(status.json["model"], "scripted");
    assert!(status.json["how"].is_null());
    assert!(!status.body.contains("127.0.0.1:9/"), "where the model is, is nobody's business");
    let path = start(&ada, &["before"]).await;
    app.byline.stop().await;

    let app = running_in(folder.path(), false).await;
    let ada = app.sign_in("ada@example.com").await;
    let status = ada.get("/v1/agent", 200).await;
    assert_eq!(status.json["enabled"], false);
    assert_eq!(status.json["model"], Value::Null);
    assert!(status.text("/how").contains("BYLINE_AGENT_PROVIDER"), "{}", status.body);
    for (door, body) in [
        (PATH.to_owned(), json!({})),
        (format!("{path}/items"), json!({ "items": [says("more")] })),
    ] {
        let refused = ada.post(&door, body, 503).await;
        refused.is_problem("agent_off");
        assert!(refused.text("/detail").contains("BYLINE_AGENT_PROVIDER"), "{}", refused.body);
        assert_eq!(refused.text("/error/code"), "agent_off");
        // OpenAI's clients would ask three times.
        assert_eq!(refused.header("x-should-retry"), "false");
    }
    let items = ada.get(&format!("{path}/items"), 200).await;
    assert_eq!(texts(&items), ["before"]);
    ada.get(&format!("{path}/items/{}", items.text("/first_id")), 200).await;
    let renamed = ada.post(&path, json!({ "metadata": { "title": "After" } }), 200).await;
    assert_eq!(renamed.text("/metadata/title"), "After");
    ada.delete(&format!("{path}/items/{}", items.text("/first_id")), 200).await;
    ada.delete(&path, 200).await;
    assert_eq!(ada.get(PATH, 200).await.json["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_is_not_whole_does_not_start() {
    for (values, says) in [
        (
            vec![("BYLINE_AGENT_PROVIDER", "azure")],
            "BYLINE_AGENT_PROVIDER: must be bedrock, openai",
        ),
        (vec![("BYLINE_AGENT_PROVIDER", "bedrock")], "BYLINE_AGENT_MODEL: is not set"),
        (
            vec![("BYLINE_AGENT_PROVIDER", "bedrock"), ("BYLINE_AGENT_MODEL", "m")],
            "AWS_ACCESS_KEY_ID: is not set",
        ),
        (vec![("BYLINE_AGENT_PROVIDER", "openai")], "BYLINE_AGENT_BASE_URL: is not set"),
        (vec![("BYLINE_AGENT_RETENTION_DAYS", "0")], "BYLINE_AGENT_RETENTION_DAYS: must be"),
    ] {
        let mut options = byline_local::Options::in_memory();
        options.variable = Arc::new(move |name: &str| {
            let given = values.iter().find(|(known, _)| *known == name);
            given.map(|(_, value)| (*value).to_owned())
        });
        let error = byline_local::Byline::start(options).await.err().unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
}
