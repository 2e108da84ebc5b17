//! The tools, from a draft to a published post.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{able, ask, call, fails, pair};
use crate::harness::{App, Client, draft};

/// The metadata and the Markdown that `post_get` returns.
async fn text(agent: &Client, arguments: Value) -> (Value, String) {
    let answer = call(agent, "post_get", arguments).await;
    let head = serde_json::from_str(&answer.text("/result/content/0/text")).unwrap();
    (head, answer.text("/result/content/1/text"))
}

async fn approve(person: &Client, proposal: &Value) -> Value {
    person.approve(proposal.as_str().unwrap(), json!({}), 200).await.json
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_drafts_edits_proposes_and_publishes_what_was_approved() {
    let app = App::start().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let arguments = json!({
        "title": "Field notes", "body": "# One\n\nRed fish.\n\n# Two\n\nBlue fish.\n",
        "tags": ["Ideas"], "excerpt": "On fish.",
    });
    let made = ask(&agent, "post_create_draft", arguments).await;
    assert_eq!((&made["status"], &made["slug"]), (&json!("draft"), &json!("field-notes")));
    let listed = ask(&agent, "posts_list", json!({ "status": "draft", "mine": true })).await;
    assert_eq!(listed["posts"][0]["id"], made["id"]);

    let (head, body) = text(&agent, json!({ "post_id": "field-notes" })).await;
    assert_eq!((&head["revision_id"], &head["version"]), (&made["revision_id"], &json!(1)));
    assert_eq!(head["tags"], json!(["Ideas"]));
    assert!(body.ends_with("Blue fish.\n"), "{body}");
    let outline =
        ask(&agent, "post_get", json!({ "post_id": made["id"], "part": "outline" })).await;
    let headings: Vec<&Value> =
        outline["sections"].as_array().unwrap().iter().map(|s| &s["heading"]).collect();
    assert_eq!(headings, ["One", "Two"]);
    let section = json!({ "post_id": made["id"], "part": "section", "heading": "two" });
    assert_eq!(text(&agent, section).await.1, "# Two\n\nBlue fish.\n");

    let edit = json!({
        "post_id": made["id"], "revision_id": made["revision_id"],
        "edits": [{ "find": "Red", "replace": "Green" }],
        "sections": [{ "heading": "Two", "markdown": "# Two\n\nNo fish." }],
    });
    let edited = ask(&agent, "post_edit", edit.clone()).await;
    let (_, body) = text(&agent, json!({ "post_id": made["id"] })).await;
    assert_eq!(body, "# One\n\nGreen fish.\n\n# Two\n\nNo fish.\n");
    let stale = fails(&agent, "post_edit", edit).await;
    assert!(stale.contains("post_get"), "{stale}");
    let diff = call(&agent, "post_diff", json!({ "post_id": made["id"] })).await;
    let unified = diff.text("/result/content/1/text");
    assert!(unified.contains("-Red fish.\n+Green fish.\n"), "{unified}");

    let proposal = json!({
        "post_id": made["id"], "revision_id": edited["revision_id"], "note": "Shorter.",
        "edits": [{ "find": "Green fish.", "replace": "Fish." }],
    });
    let proposed = ask(&agent, "post_propose", proposal).await;
    let waiting = ask(&agent, "proposals_list", json!({})).await;
    assert_eq!(waiting["proposals"][0]["id"], proposed["proposal_id"]);
    let status = ask(&agent, "drafts_status", json!({})).await;
    assert_eq!(status["pending_proposals"][0]["note"], "Shorter.");
    let mut shown = json!({ "proposal_id": proposed["proposal_id"] });
    // Nothing is live, so approving would show all of it to readers.
    let review = call(&agent, "proposal_get", shown.clone()).await;
    assert!(review.text("/result/content/1/text").contains("+# One\n"), "{}", review.body);
    shown["part"] = json!("diff");
    let shown = call(&agent, "proposal_get", shown).await;
    assert!(shown.text("/result/content/1/text").contains("-Green fish.\n+Fish.\n"));

    // Only an approved revision can be published.
    let publish = |revision: &Value, confirm: bool| json!({ "post_id": made["id"], "revision_id": revision, "confirm": confirm });
    let refused = fails(&agent, "post_publish", publish(&edited["revision_id"], true)).await;
    assert!(refused.contains("post_propose"), "{refused}");
    let approved = approve(&editor, &proposed["proposal_id"]).await;
    assert_eq!(approved["revision_id"], proposed["revision_id"]);
    let asked = fails(&agent, "post_publish", publish(&approved["revision_id"], false)).await;
    assert!(asked.contains("Publish a post at "), "{asked}");
    app.anonymous().get("/v1/posts/field-notes", 404).await;
    let live = ask(&agent, "post_publish", publish(&approved["revision_id"], true)).await;
    assert_eq!(live["live_revision_id"], approved["revision_id"]);
    let read = app.anonymous().get("/v1/posts/field-notes", 200).await;
    assert!(read.text("/body").contains("\nFish.\n"));

    let found = ask(&agent, "search", json!({ "query": "FISH notes" })).await;
    assert_eq!(found["results"].as_array().unwrap().len(), 1);
    assert!(found["results"][0]["url"].as_str().unwrap().ends_with("/posts/field-notes"));
    let fetched = ask(&agent, "fetch", json!({ "id": found["results"][0]["id"] })).await;
    assert_eq!((&fetched["title"], &fetched["id"]), (&json!("Field notes"), &made["id"]));
    assert!(fetched["text"].as_str().unwrap().starts_with("# One"));
    let tags = ask(&agent, "tags_list", json!({})).await;
    assert_eq!(tags["tags"][0], json!({ "name": "Ideas", "slug": "ideas", "posts": 1 }));
    let revisions = ask(&agent, "revisions_list", json!({ "post_id": made["id"] })).await;
    assert_eq!(revisions["revisions"].as_array().unwrap().len(), 3);
    assert_eq!(revisions["revisions"][0]["approved"], true);
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn agent_publishing_limits_what_agents_publish() {
    let app = App::start().await;
    let admin = app.admin().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    for setting in ["never", "approved", "allowed"] {
        let body = json!({ "agent_publishing": setting });
        admin.patch("/v1/admin/settings", body, 200).await;
        assert_eq!(ask(&agent, "whoami", json!({})).await["agent_publishing"], setting);
        let draft = json!({ "title": "Own", "body": "Text." });
        let own = ask(&agent, "post_create_draft", draft).await;
        let proposed = json!({ "title": "Proposed", "body": "Text." });
        let proposed = ask(&agent, "post_propose", proposed).await;
        let approved = approve(&editor, &proposed["proposal_id"]).await;
        for (post, may) in [(&own, setting == "allowed"), (&approved, setting != "never")] {
            let at = app.byline.context.clock.now().plus_seconds(3600);
            let mut arguments = json!({
                "post_id": post["id"], "revision_id": post["revision_id"], "publish_at": at,
                "confirm": true,
            });
            if may {
                let scheduled = ask(&agent, "post_schedule", arguments.clone()).await;
                assert_eq!(scheduled["status"], "scheduled");
                assert_eq!(scheduled["scheduled"]["revision_id"], post["revision_id"]);
            } else {
                fails(&agent, "post_schedule", arguments.clone()).await;
            }
            arguments.as_object_mut().unwrap().remove("publish_at");
            if may {
                ask(&agent, "post_publish", arguments).await;
            } else {
                // `confirm` does not replace the approval.
                fails(&agent, "post_publish", arguments).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_edit_changes_nothing_and_says_why() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let body = "# A\n\nred fish\n\n# B\n\nred  Fish, red fish\n\n# A\n\nend\n";
    let made = ask(&agent, "post_create_draft", json!({ "title": "Fish", "body": body })).await;
    let edit = |change: Value| {
        let mut arguments = json!({ "post_id": made["id"], "revision_id": made["revision_id"] });
        arguments.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        arguments
    };
    let find = |text: &str| json!({ "edits": [{ "find": text, "replace": "x" }] });
    for (change, says) in [
        (find("red fish"), "edits/0/find: Stands 2 times, on the lines 3, 7."),
        (find("green"), "edits/0/find: Stands nowhere in the text (0 times)."),
        (find("red  fish,"), "Something like it begins on line 7."),
        (json!({ "sections": [{ "heading": "C", "markdown": "x" }] }), "no such heading"),
        (json!({ "sections": [{ "heading": "A", "markdown": "x" }] }), "line:1, line:9"),
        (json!({}), "Send at least one change."),
        (json!({ "body": "x", "edits": [{ "find": "end", "replace": "x" }] }), "either"),
        (json!({ "colour": 1, "title": "" }), "colour: There is no such field."),
        (
            json!({ "revision_id": "rev_01KE6P6V000000000000000000", "title": "X" }),
            "has changed since",
        ),
        (json!({ "slug": "Not a slug" }), "slug: Must be lower-case"),
        (json!({ "body": "x".repeat(256 * 1024 + 1) }), "a post may have 262144"),
    ] {
        let text = fails(&agent, "post_edit", edit(change)).await;
        assert!(text.contains(says), "{says} in {text}");
    }
    let both = json!({ "sections": [{ "heading": "line:7", "markdown": "" }],
        "edits": [{ "find": "red fish\n\n# B", "replace": "# B" }] });
    ask(&agent, "post_edit", edit(both)).await;
    let (head, now) = text(&agent, json!({ "post_id": "fish" })).await;
    assert_eq!(
        (now.as_str(), &head["version"]),
        ("# A\n\n# B\n\nred  Fish, red fish\n\n", &json!(2))
    );
    for (tool, arguments, says) in [
        (
            "post_get",
            json!({ "post_id": "fish", "part": "section" }),
            "heading: Is required for part section.",
        ),
        ("post_get", json!({ "post_id": "fish", "part": "section", "heading": "C" }), "outline"),
        ("post_get", json!({ "post_id": "Not a slug" }), "There is no such post"),
        ("post_diff", json!({ "post_id": made["id"], "to": made["revision_id"] }), "the first"),
        ("post_propose", json!({ "title": "X" }), "body: A new post needs it"),
        (
            "post_propose",
            json!({ "post_id": made["id"], "title": "X" }),
            "revision_id: Is required",
        ),
        ("posts_list", json!({ "cursor": "made-up" }), "cursor: Not a cursor"),
        ("posts_list", json!({ "limit": 0 }), "limit: Must be at least 1."),
        ("fetch", json!({ "id": "fish#x" }), "id: Is not a valid id"),
        ("media_request_upload", json!({}), "filename: Is required"),
        (
            "media_request_upload",
            json!({ "complete": "media_01KE6P6V000000000000000000" }),
            "no such",
        ),
        ("proposal_get", json!({ "proposal_id": "prop_01KE6P6V000000000000000000" }), "no such"),
        ("search", json!({}), "query: Is required."),
    ] {
        let text = fails(&agent, tool, arguments).await;
        assert!(text.contains(says), "{says} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_and_listed() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
    let announce = json!({ "filename": "dot.gif", "content_type": "image/gif", "size": gif.len() });
    let announced = ask(&agent, "media_request_upload", announce).await;
    let id = &announced["media"]["id"];
    let complete = json!({ "complete": id, "alt": "A dot" });
    let text = fails(&agent, "media_request_upload", complete.clone()).await;
    assert!(text.contains("Nothing has been uploaded yet"), "{text}");
    let upload = &announced["upload"];
    assert_eq!(upload["method"], "PUT");
    let mut put = reqwest::Client::new().put(upload["url"].as_str().unwrap());
    for (name, value) in upload["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    let sent = put.body(gif.to_vec()).send().await.unwrap();
    assert!(sent.status().is_success(), "{}", sent.status());
    let done = ask(&agent, "media_request_upload", complete).await;
    assert_eq!((&done["media"]["status"], &done["media"]["width"]), (&json!("ready"), &json!(1)));
    let listed = ask(&agent, "media_list", json!({ "kind": "image" })).await;
    assert_eq!((&listed["media"][0]["id"], &listed["media"][0]["alt"]), (id, &json!("A dot")));
    let draft = json!({ "title": "Dot", "body": "Text.", "cover": id });
    ask(&agent, "post_create_draft", draft).await;
    let bare = json!({ "title": "Bare", "body": "Text." });
    let bare = ask(&agent, "post_create_draft", bare).await;
    let change = json!({ "post_id": bare["id"], "revision_id": bare["revision_id"], "cover": id });
    let proposed = ask(&agent, "post_propose", change.clone()).await;
    let proposal = json!({ "proposal_id": proposed["proposal_id"] });
    assert_eq!(ask(&agent, "proposal_get", proposal).await["review"]["cover"]["id"], *id);
    ask(&agent, "post_edit", change).await;
    let full = json!({ "post_id": bare["id"], "detail": "full" });
    assert_eq!(ask(&agent, "post_get", full).await["cover"], *id);
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_record_client_and_model() {
    let app = App::start().await;
    let (person, agent) = pair(&app, Role::Author).await;
    let client = json!({ "name": "Claude\u{202e}\n Code", "version": "2.0" });
    let params = json!({
        "name": "post_create_draft", "arguments": { "title": "Post", "body": "Text." },
        "_meta": {
            "io.modelcontextprotocol/clientInfo": client, "app.byline/model": "claude-opus-5",
        },
    });
    let made = able(&agent, json!({}), "tools/call", params, 200).await;
    let id = made.text("/result/structuredContent/id");
    let path = format!("/v1/manage/posts/{id}/provenance");
    let by = person.get(&path, 200).await.json["revisions"][0]["created_by"].clone();
    assert_eq!(by["kind"], "mcp_client");
    assert_eq!((&by["client"], &by["model"]), (&json!("Claude Code 2.0"), &json!("claude-opus-5")));
    assert!(by["api_key_id"].is_string());
    // In older revisions, the User-Agent names the client.
    let params = json!({ "name": "post_create_draft", "arguments": { "title": "B", "body": "x" } });
    let headers = [("user-agent", "cursor/1.7 (linux)")];
    let body = super::request("tools/call", params);
    let made = agent.send(Method::POST, "/mcp", &headers, Some(body), 200).await;
    let id = made.text("/result/structuredContent/id");
    let revisions = ask(&agent, "revisions_list", json!({ "post_id": id })).await;
    let by = &revisions["revisions"][0]["by"];
    assert_eq!((&by["client"], &by["model"]), (&json!("cursor/1.7 (linux)"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_in_conflict_says_so_and_what_to_do() {
    let app = App::start().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Fish"), 201).await;
    let (id, base) = (&post.json["id"], &post.json["revision_id"]);
    let change = |body: &str| json!({ "post_id": id, "revision_id": base, "body": body });
    let proposed = ask(&agent, "post_propose", change("Red fish.")).await;
    let read = json!({ "proposal_id": proposed["proposal_id"] });
    let head_of = |answer: &str| serde_json::from_str::<Value>(answer).unwrap();
    let waiting = call(&agent, "proposal_get", read.clone()).await;
    assert_eq!(head_of(&waiting.text("/result/content/0/text"))["conflict"], Value::Null);
    let edited = ask(&agent, "post_edit", change("Blue fish.")).await;
    let shown = call(&agent, "proposal_get", read).await;
    let head = head_of(&shown.text("/result/content/0/text"));
    assert_eq!(head["review"], Value::Null);
    assert_eq!(head["conflict"]["base_revision_id"], *base);
    assert_eq!(head["conflict"]["head_revision_id"], edited["revision_id"]);
    assert!(head["conflict"]["next"].as_str().unwrap().contains("post_propose"), "{head}");
}
