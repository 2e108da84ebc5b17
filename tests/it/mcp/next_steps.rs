//! The next step in errors and results is one that the caller can take.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{agent, ask, call, code, fails, modern, pair};
use crate::harness::App;

/// The text after `Next:`.
fn next(text: &str) -> &str {
    text.split_once("\nNext: ").unwrap_or_else(|| panic!("no next step in {text}")).1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_id_names_the_tool_that_lists_ids() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let made = ask(&agent, "post_create_draft", json!({ "title": "Fish", "body": "x" })).await;
    let (id, revision) = (&made["id"], &made["revision_id"]);
    for (tool, arguments, names) in [
        ("post_edit", json!({ "post_id": "fish", "revision_id": revision }), "post_get"),
        ("post_propose", json!({ "post_id": "fish", "revision_id": revision }), "post_get"),
        ("post_edit", json!({ "post_id": id, "revision_id": "1" }), "post_get"),
        ("proposal_get", json!({ "proposal_id": "fish" }), "proposals_list"),
        ("post_diff", json!({ "post_id": id, "from": "1" }), "revisions_list"),
        (
            "post_edit",
            json!({
                "post_id": id, "revision_id": revision, "cover": "media_01KE6P6V000000000000000000",
            }),
            "media_list",
        ),
    ] {
        let text = fails(&agent, tool, arguments).await;
        assert!(next(&text).starts_with(names), "{tool}: {text}");
        assert!(next(&text).ends_with(&format!("Then call {tool} again.")), "{text}");
    }
    // The message does not depend on who changed the post.
    let edit = json!({ "post_id": id, "revision_id": revision, "title": "Eel" });
    ask(&agent, "post_edit", edit.clone()).await;
    let text = fails(&agent, "post_edit", edit).await;
    assert!(!text.contains("omebody"), "{text}");
    assert!(next(&text).starts_with("post_get"), "{text}");
    let long = json!({ "title": "Long", "body": "x".repeat(256 * 1024 + 1) });
    for tool in ["post_create_draft", "post_propose"] {
        let text = fails(&agent, tool, long.clone()).await;
        assert!(next(&text).starts_with("shorten the text, or split it into two posts"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_available_tools_are_mentioned() {
    let app = App::start().await;
    let (person, all) = pair(&app, Role::Author).await;
    let made = ask(&all, "post_create_draft", json!({ "title": "Fish", "body": "x" })).await;
    let newer = json!({
        "post_id": made["id"], "revision_id": made["revision_id"], "title": "Eel",
    });
    ask(&all, "post_edit", newer.clone()).await;
    let writes = agent(&app, &person, &["profile", "posts:write"]).await;
    let reads = agent(&app, &person, &["profile"]).await;
    for (client, tool, arguments) in [
        (&writes, "post_edit", newer),
        (&writes, "post_edit", json!({ "post_id": "fish", "revision_id": "1" })),
        (&reads, "fetch", json!({ "id": "no-such-post" })),
        (&reads, "fetch", json!({})),
    ] {
        let text = fails(client, tool, arguments).await;
        let has = super::names(&modern(client, "tools/list", json!({}), 200).await);
        for known in byline_tools::ALL.iter().map(|tool| tool.name) {
            let named = next(&text).split(|c: char| !c.is_alphanumeric() && c != '_');
            let named = named.into_iter().any(|word| word == known);
            assert!(!named || has.contains(&known.to_owned()), "{known} in {text}");
        }
    }
    // The same holds for results.
    let proposes = agent(&app, &person, &["profile", "posts:propose"]).await;
    for (client, tool) in [(&proposes, "post_propose"), (&writes, "post_create_draft")] {
        let done = ask(client, tool, json!({ "title": "New", "body": "x" })).await;
        let next = done["next"].as_str().unwrap();
        for reads in ["proposal_get", "drafts_status", "post_diff", "post_get"] {
            assert!(!next.contains(reads), "{tool}: {next}");
        }
    }
    let params = json!({
        "ref": { "type": "ref/prompt", "name": "no_such_prompt" },
        "argument": { "name": "slug", "value": "" },
    });
    let answer = modern(&reads, "completion/complete", params, 200).await;
    assert_eq!(code(&answer), -32602);
    let text = answer.text("/error/message");
    assert!(text.contains("prompts/list") && !text.contains("call it"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_step_says_who_publishes() {
    let app = App::start().await;
    let admin = app.admin().await;
    let (_, editors) = pair(&app, Role::Editor).await;
    let (_, authors) = pair(&app, Role::Author).await;
    for (setting, editor_may) in [("never", false), ("approved", false), ("allowed", true)] {
        let body = json!({ "agent_publishing": setting });
        admin.patch("/v1/admin/settings", body, 200).await;
        for (agent, may) in [(&editors, editor_may), (&authors, false)] {
            let draft = json!({ "title": "Own", "body": "Text." });
            let made = ask(agent, "post_create_draft", draft).await;
            let edit = json!({
                "post_id": made["id"], "revision_id": made["revision_id"], "language": "de",
            });
            let edited = ask(agent, "post_edit", edit).await;
            for saved in [made, edited] {
                let next = saved["next"].as_str().unwrap();
                assert_eq!(next.contains("post_publish"), may, "{setting}: {next}");
                assert_eq!(next.contains("A person publishes it."), !may, "{setting}: {next}");
            }
        }
        if setting != "allowed" {
            let draft = json!({ "title": "Own", "body": "Text." });
            let made = ask(&editors, "post_create_draft", draft).await;
            let publish = json!({
                "post_id": made["id"], "revision_id": made["revision_id"], "confirm": true,
            });
            let text = fails(&editors, "post_publish", publish).await;
            let never = setting == "never";
            assert_eq!(next(&text).contains("editor or admin"), never, "{text}");
            assert_eq!(next(&text).contains("post_propose"), !never, "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schedules_are_listed_with_their_time() {
    let app = App::start().await;
    let (person, agent) = pair(&app, Role::Editor).await;
    let made = ask(&agent, "post_create_draft", json!({ "title": "Later", "body": "x" })).await;
    let path = format!("/v1/manage/posts/{}/schedule", made["id"].as_str().unwrap());
    let at = "2099-01-01T08:00:00.000Z";
    let body = json!({ "revision_id": made["revision_id"], "publish_at": at });
    person.post(&path, body, 200).await;
    let status = ask(&agent, "drafts_status", json!({})).await;
    assert_eq!(status["scheduled"][0]["publish_at"], at, "{status}");
    let listed = ask(&agent, "posts_list", json!({})).await;
    assert_eq!(listed["posts"][0]["publish_at"], at, "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_style_guide_is_explained() {
    let app = App::start().await;
    let (person, all) = pair(&app, Role::Author).await;
    let narrow = agent(&app, &person, &["profile"]).await;
    app.admin().await.patch("/v1/admin/settings", json!({ "style_guide": "" }), 200).await;
    let full = json!({ "detail": "full" });
    let text = |value: &Value| value["style_guide"].as_str().unwrap_or_default().to_owned();
    let none = text(&ask(&all, "site_get", full.clone()).await);
    assert_eq!(none, "This publication has no style guide.");
    let read = json!({ "uri": "site://style-guide" });
    let answer = modern(&all, "resources/read", read, 200).await;
    assert_eq!(answer.text("/result/contents/0/text"), none);
    let guide = json!({ "style_guide": "Short." });
    app.admin().await.patch("/v1/admin/settings", guide, 200).await;
    let lacking = text(&ask(&narrow, "site_get", full.clone()).await);
    assert!(lacking.contains("the scope posts:read"), "{lacking}");
    let whole = call(&all, "site_get", full).await;
    assert_eq!(whole.text("/result/content/1/text"), "Short.");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_author_field_can_be_edited_and_proposed() {
    let app = App::start().await;
    let (person, agent) = pair(&app, Role::Editor).await;
    let made = ask(&agent, "post_create_draft", json!({ "title": "Fish", "body": "x" })).await;
    let edit = json!({
        "post_id": made["id"], "revision_id": made["revision_id"], "language": "pt-br",
    });
    let edited = ask(&agent, "post_edit", edit).await;
    let full = json!({ "post_id": made["id"], "detail": "full" });
    let head = ask(&agent, "post_get", full.clone()).await;
    assert_eq!(head["language"], "pt-BR");
    let change = json!({
        "post_id": made["id"], "revision_id": edited["revision_id"], "slug": "eel",
        "language": "de",
    });
    let new = json!({ "title": "New", "body": "x", "slug": "new-eel", "language": "fr" });
    for (proposal, slug, language) in [(change, "eel", "de"), (new, "new-eel", "fr")] {
        let proposed = ask(&agent, "post_propose", proposal).await;
        let id = proposed["proposal_id"].as_str().unwrap();
        person.approve(id, json!({}), 200).await;
        let head = json!({ "post_id": proposed["post_id"], "detail": "full" });
        let head = ask(&agent, "post_get", head).await;
        assert_eq!((&head["slug"], &head["language"]), (&json!(slug), &json!(language)));
    }
}
