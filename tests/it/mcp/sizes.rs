//! Responses are bounded, and there is a way to read the rest.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{call, modern, pair};
use crate::harness::{Answer, App, Client};

/// The limit of a response, in characters.
const MOST: usize = 25_000;

async fn bounded(agent: &Client, tool: &str, arguments: Value) -> Answer {
    let answer = call(agent, tool, arguments).await;
    let length = answer.body.chars().count();
    assert!(length <= MOST, "{tool} answers with {length} characters");
    answer
}

fn first(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text("/result/content/0/text")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_tools_is_short() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Admin).await;
    let listed = modern(&agent, "tools/list", json!({}), 200).await;
    assert_eq!(super::names(&listed).len(), byline_tools::ALL.len());
    assert!(listed.body.len() < 32 * 1024, "{} bytes", listed.body.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_is_read_piece_by_piece() {
    let app = App::unlimited().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let line = "A \"quoted\" line with a backslash \\ and an umlaut \u{e4}.\n\n";
    let long = format!("# Start\n\n{}# End\n\nLast.\n", line.repeat(256 * 1024 / line.len() - 2));
    let body = json!({ "title": "Long", "body": long });
    let post = editor.post("/v1/manage/posts", body, 201).await;
    let (mut joined, mut offset) = (String::new(), json!(0));
    loop {
        let arguments = json!({ "post_id": "long", "offset": offset });
        let answer = bounded(&agent, "post_get", arguments).await;
        joined.push_str(&answer.text("/result/content/1/text"));
        offset = first(&answer)["next_offset"].clone();
        if offset.is_null() {
            break;
        }
    }
    assert!(joined == long);
    let (mut joined, mut id) = (String::new(), json!("long"));
    while !id.is_null() {
        let answer = first(&bounded(&agent, "fetch", json!({ "id": id })).await);
        joined.push_str(answer["text"].as_str().unwrap());
        id = answer["metadata"]["continue_with"].clone();
    }
    assert!(joined == long);
    let end = json!({ "post_id": "long", "part": "section", "heading": "End" });
    let end = bounded(&agent, "post_get", end).await;
    assert_eq!(end.text("/result/content/1/text"), "# End\n\nLast.\n");
    let behind = bounded(&agent, "post_get", json!({ "post_id": "long", "offset": 300_000 })).await;
    assert_eq!(behind.text("/result/content/1/text"), "");

    // Differences and proposals.
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let change = json!({
        "post_id": id, "revision_id": revision, "body": long.replace("quoted", "other"),
        "note": "n".repeat(2000),
    });
    let proposed = first(&bounded(&agent, "post_propose", change).await);
    let proposal = json!({ "proposal_id": proposed["proposal_id"] });
    let shown = bounded(&agent, "proposal_get", proposal.clone()).await;
    assert!(first(&shown)["next_offset"].is_u64());
    let mut text = proposal.clone();
    text["part"] = json!("text");
    bounded(&agent, "proposal_get", text).await;
    let edit = json!({ "post_id": id, "revision_id": revision, "body": "Short.\n" });
    bounded(&agent, "post_edit", edit).await;
    let (mut joined, mut offset) = (String::new(), json!(0));
    while !offset.is_null() {
        let arguments = json!({ "post_id": id, "offset": offset });
        let answer = bounded(&agent, "post_diff", arguments).await;
        joined.push_str(&answer.text("/result/content/1/text"));
        offset = first(&answer)["next_offset"].clone();
    }
    assert!(joined.ends_with("+Short.\n"), "{}", &joined[joined.len() - 100..]);

    // Resources and prompts have no offset: they contain the beginning.
    let body = json!({ "title": "Other", "body": long });
    editor.post("/v1/manage/posts", body, 201).await;
    let guide = json!({ "style_guide": "g".repeat(20_000) });
    app.admin().await.patch("/v1/admin/settings", guide, 200).await;
    let read = modern(&agent, "resources/read", json!({ "uri": "post://other" }), 200).await;
    assert!(read.text("/result/contents/0/text").contains("Truncated"));
    let prompt = json!({ "name": "revise_post", "arguments": { "slug": "other" } });
    let prompt = modern(&agent, "prompts/get", prompt, 200).await;
    assert!(prompt.body.chars().count() <= MOST && read.body.chars().count() <= MOST);
    bounded(&agent, "site_get", json!({ "detail": "full" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outline_of_many_headings_is_bounded() {
    let app = App::unlimited().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let heading = format!("# {}\n", "\"h\" ".repeat(100));
    let body = heading.repeat(400);
    let made = json!({ "title": "Many", "body": body });
    bounded(&agent, "post_create_draft", made).await;
    let outline = json!({ "post_id": "many", "part": "outline" });
    let outline = first(&bounded(&agent, "post_get", outline).await);
    let shown = outline["sections"].as_array().unwrap().len() as u64;
    assert_eq!(shown + outline["sections_left_out"].as_u64().unwrap(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_the_longest_entries_are_bounded_and_complete() {
    let app = App::unlimited().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let title = |number: usize| format!("{number:03} {}", "\"ä\" ".repeat(49));
    let tags: Vec<String> = (0..20).map(|tag| format!("{tag:02}{}", "\"ö\"".repeat(16))).collect();
    let excerpt = "\"ü\"\n".repeat(125);
    for number in 0..40 {
        let body = json!({
            "title": title(number), "body": "x", "excerpt": excerpt, "tags": tags,
            "slug": format!("{number:03}{}", "-slug".repeat(19)),
        });
        let post = editor.post("/v1/manage/posts", body.clone(), 201).await;
        if number < 20 {
            super::publish(&editor, &post).await;
        }
        let mut body = body;
        body.as_object_mut().unwrap().remove("slug");
        body["note"] = json!("\"ß\"\n".repeat(500));
        agent.post("/v1/manage/proposals", body, 201).await;
    }
    for (tool, list, of_id) in [
        ("posts_list", "posts", "id"),
        ("proposals_list", "proposals", "id"),
        ("tags_list", "tags", "slug"),
    ] {
        let (mut ids, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut arguments = json!({ "limit": 100 });
            if tool != "tags_list" {
                arguments["detail"] = json!("full");
            }
            if !cursor.is_null() {
                arguments["cursor"] = cursor;
            }
            let answer = first(&bounded(&agent, tool, arguments).await);
            let page = answer[list].as_array().unwrap();
            assert!(!page.is_empty());
            ids.extend(page.iter().map(|entry| entry[of_id].as_str().unwrap().to_owned()));
            cursor = answer["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        let expected = if tool == "tags_list" { 20 } else { 40 };
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), expected, "{tool}");
    }
    bounded(&agent, "posts_list", json!({ "limit": 100, "cursor": "" })).await;
    for detail in ["concise", "full"] {
        bounded(&agent, "drafts_status", json!({ "detail": detail })).await;
    }
    let found = bounded(&agent, "search", json!({ "query": "0" })).await;
    assert!(first(&found)["results"].as_array().unwrap().len() > 5);
    let slug = format!("000{}", "-slug".repeat(19));
    bounded(&agent, "post_get", json!({ "post_id": slug, "detail": "full" })).await;
    let post = first(&bounded(&agent, "post_get", json!({ "post_id": slug })).await);
    bounded(&agent, "revisions_list", json!({ "post_id": post["id"], "limit": 100 })).await;
    for file in 0..30 {
        let filename = format!("{file:02}{}.gif", "\"ä\"".repeat(80));
        let body = json!({ "filename": filename, "content_type": "image/gif", "size": 1 });
        let media = agent.post("/v1/manage/media", body, 201).await;
        let path = format!("/v1/manage/media/{}", media.text("/media/id"));
        agent.patch(&path, json!({ "alt": "\"ä\"\n".repeat(250) }), 200).await;
    }
    bounded(&agent, "media_list", json!({ "limit": 100, "detail": "full" })).await;
    // Errors do not repeat long arguments.
    let unknown = json!({ "name": "post_get", "arguments": { "post_id": "x".repeat(200_000) } });
    let refused = modern(&agent, "tools/call", unknown, 200).await;
    assert!(refused.body.chars().count() < 2_000, "{}", refused.body.len());
    let many: Vec<Value> = (0..50).map(|_| json!({ "find": "nope", "replace": "" })).collect();
    let edit = json!({ "post_id": post["id"], "revision_id": post["revision_id"], "edits": many });
    let params = json!({ "name": "post_edit", "arguments": edit });
    let refused = modern(&agent, "tools/call", params, 200).await;
    assert!(refused.body.chars().count() <= MOST);
}
