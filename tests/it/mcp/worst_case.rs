//! The longest inputs, of characters that take the most room in JSON: every response is bounded and
//! arrives in time.

use std::time::Duration;

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{ask, call, code, modern, pair, request};
use crate::harness::{Answer, App, Client};

/// The limit of a response, in characters.
const MOST: usize = 25_000;

/// Quotes and backslashes are escaped twice when JSON is sent as text.
const FILLINGS: [&str; 4] = ["\"", "\\", "\u{1f600}", "\u{e4}\""];

fn within(answer: &Answer, what: &str) {
    let length = answer.body.chars().count();
    assert!(length <= MOST, "{what} answers with {length} characters");
}

async fn bounded(agent: &Client, tool: &str, arguments: Value) -> Answer {
    let what = format!("{tool} {arguments}");
    let answer = tokio::time::timeout(Duration::from_secs(60), call(agent, tool, arguments));
    let answer = answer.await.unwrap_or_else(|_| panic!("{what} does not come to an end"));
    within(&answer, &what);
    answer
}

fn first(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text("/result/content/0/text")).unwrap()
}

/// So many characters of a filling.
fn full(filling: &str, length: usize) -> String {
    filling.chars().cycle().take(length).collect()
}

/// A post with every field as long as it may be.
fn longest(filling: &str, slug: &str) -> Value {
    let tag = |number: usize| format!("t{number:02}{}", full(filling, 47));
    let heading = format!("# {}\n\n", full(filling, 200));
    let body = format!("# Start\n\n{}\n\n{}", full(filling, 30_000), heading.repeat(150));
    json!({
        "title": full(filling, 200), "body": body, "slug": slug,
        "excerpt": full(filling, 500), "tags": (0..20).map(tag).collect::<Vec<_>>(),
        // Addresses hold neither quotes nor backslashes.
        "canonical_url": format!("https://a/{}", full("\u{1f600}", 2038)),
        "meta_title": full(filling, 200), "meta_description": full(filling, 500),
        "language": "de-Latn-AT",
    })
}

/// Objects of nearly 8 KiB of JSON: one long value, one long name, and many short ones.
fn metadata(filling: &str) -> [Value; 3] {
    let bytes = serde_json::to_string(filling).unwrap().len() - 2;
    let count = 8000 / bytes;
    let long: String = filling.repeat(count);
    let pair = filling.repeat(8);
    let each = 2 * serde_json::to_string(&pair).unwrap().len() + 12;
    let many: serde_json::Map<String, Value> =
        (0..8000 / each).map(|number| (format!("{number}{pair}"), json!(pair))).collect();
    [json!({ "long": long }), json!({ long.clone(): 1 }), Value::Object(many)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_with_every_field_full_is_bounded() {
    let app = App::unlimited().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    for (place, filling) in FILLINGS.into_iter().enumerate() {
        for (form, metadata) in metadata(filling).into_iter().enumerate() {
            let slug = format!("post-{place}-{form}");
            let mut post = longest(filling, &slug);
            post["metadata"] = metadata;
            let post = editor.post("/v1/manage/posts", post, 201).await;
            for part in ["whole", "outline", "section"] {
                let arguments = json!({
                    "post_id": slug, "part": part, "heading": "Start", "detail": "full",
                });
                let answer = bounded(&agent, "post_get", arguments).await;
                let head = first(&answer);
                assert_eq!(head["id"], post.json["id"]);
                assert_eq!(head["slug"], slug);
                if part != "outline" {
                    assert!(answer.text("/result/content/1/text").chars().count() > 1000);
                    assert!(head["next_offset"].is_u64());
                }
            }
            let listed = json!({ "detail": "full", "limit": 1 });
            bounded(&agent, "posts_list", listed).await;
            let change = json!({
                "post_id": post.json["id"], "revision_id": post.json["revision_id"],
                "title": "Other", "excerpt": "", "tags": [], "body": "Short.\n",
            });
            let edited = ask(&agent, "post_edit", change).await;
            let both = json!({
                "post_id": post.json["id"], "from": post.json["revision_id"],
                "to": edited["revision_id"],
            });
            bounded(&agent, "post_diff", both).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_proposals_are_bounded() {
    let app = App::unlimited().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    for (place, filling) in FILLINGS.into_iter().enumerate() {
        for number in 0..4 {
            let mut new = longest(filling, &format!("new-{place}-{number}"));
            new["note"] = json!(full(filling, 2000));
            let proposed = agent.post("/v1/manage/proposals", new, 201).await;
            let id = proposed.text("/id");
            if number % 2 == 0 {
                let path = format!("/v1/manage/proposals/{id}/reject");
                let reason = json!({ "reason": full(filling, 2000) });
                editor.post(&path, reason, 200).await;
            }
            for part in ["diff", "text"] {
                let arguments = json!({ "proposal_id": id, "part": part });
                let answer = bounded(&agent, "proposal_get", arguments).await;
                assert_eq!(first(&answer)["proposal"]["id"], id);
                let note = first(&answer)["proposal"]["note"].as_str().unwrap().to_owned();
                assert!(
                    note.contains("[truncated: 2000 characters in total]") || note.len() > 1900
                );
            }
        }
    }
    for status in ["pending", "rejected"] {
        for limit in [1, 100] {
            let (mut seen, mut cursor) = (0, json!(""));
            while !cursor.is_null() {
                let arguments = json!({
                    "status": status, "detail": "full", "limit": limit, "cursor": cursor,
                });
                let answer = first(&bounded(&agent, "proposals_list", arguments).await);
                seen += answer["proposals"].as_array().unwrap().len();
                cursor = answer["next_cursor"].clone();
            }
            assert_eq!(seen, 8, "{status}");
        }
    }
    for detail in ["concise", "full"] {
        let status = bounded(&agent, "drafts_status", json!({ "detail": detail })).await;
        let status = first(&status);
        // `more` names the lists that are not complete.
        let shown = status["pending_proposals"].as_array().unwrap().len();
        let told = status["more"].as_array().unwrap().contains(&json!("pending_proposals"));
        assert_eq!(told, shown < 8, "{status}");
    }
    app.admin()
        .await
        .patch("/v1/admin/settings", json!({ "style_guide": full("\"", 20_000) }), 200)
        .await;
    let pending = first(&bounded(&agent, "proposals_list", json!({})).await);
    let review = json!({ "proposal_id": pending["proposals"][0]["id"] });
    let params = json!({ "name": "review_proposal", "arguments": review });
    within(&modern(&agent, "prompts/get", params, 200).await, "review_proposal");
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_and_prompts_are_bounded_and_say_where_the_rest_is() {
    let app = App::unlimited().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let admin = app.admin().await;
    for (place, filling) in FILLINGS.into_iter().enumerate() {
        let guide = full(filling, 14_000);
        let settings = json!({
            "title": full(filling, 200), "description": full(filling, 1000), "style_guide": guide,
        });
        admin.patch("/v1/admin/settings", settings, 200).await;
        let slug = format!("post-{place}");
        let post = editor.post("/v1/manage/posts", longest(filling, &slug), 201).await;
        super::publish(&editor, &post).await;
        for uri in
            [&format!("post://{slug}"), "site://style-guide", "site://settings", "schema://post"]
        {
            let answer = modern(&agent, "resources/read", json!({ "uri": uri }), 200).await;
            within(&answer, uri);
            let text = answer.text("/result/contents/0/text");
            let rest = if uri.starts_with("post") { "post_get" } else { "site_get" };
            if uri.starts_with("post") || (uri.contains("guide") && place < 2) {
                assert!(text.contains("Truncated: ") && text.contains(rest), "{uri}");
                assert!(answer.body.chars().count() > 20_000, "{uri} is truncated too much");
            }
        }
        let wish = full("\u{1}", 1000);
        for (name, arguments) in [
            ("draft_post", json!({ "topic": wish, "tags": wish })),
            ("revise_post", json!({ "slug": slug, "wish": wish })),
        ] {
            let params = json!({ "name": name, "arguments": arguments });
            within(&modern(&agent, "prompts/get", params, 200).await, name);
        }
        // The rest of the style guide can be read.
        let (mut joined, mut offset) = (String::new(), json!(0));
        while !offset.is_null() {
            let arguments = json!({ "detail": "full", "offset": offset });
            let answer = bounded(&agent, "site_get", arguments).await;
            joined.push_str(&answer.text("/result/content/1/text"));
            offset = first(&answer)["next_offset"].clone();
        }
        assert!(joined == guide);
        bounded(&agent, "search", json!({ "query": "t00" })).await;
        bounded(&agent, "fetch", json!({ "id": slug })).await;
        bounded(&agent, "tags_list", json!({})).await;
        let history = json!({ "post_id": post.json["id"], "limit": 100 });
        bounded(&agent, "revisions_list", history).await;
    }
    let filename = format!("{}.gif", full("\"", 250));
    let file = json!({ "filename": filename, "content_type": "image/gif", "size": 1 });
    let media = bounded(&agent, "media_request_upload", file).await;
    let path = format!("/v1/manage/media/{}", first(&media)["media"]["id"].as_str().unwrap());
    agent.patch(&path, json!({ "alt": full("\"", 1000) }), 200).await;
    bounded(&agent, "media_list", json!({ "limit": 100, "detail": "full" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_input_is_not_echoed() {
    let app = App::unlimited().await;
    let (_, agent) = pair(&app, Role::Editor).await;
    let long = "x".repeat(300_000);
    let is_short = |answer: &Answer| {
        let length = answer.body.chars().count();
        assert!(length < 8000, "{length}: {}", &answer.body[..200]);
    };
    // Names that a header repeats are limited by the length of a header; these are not.
    for (method, params) in [
        ("resources/read", json!({ "uri": format!("post://{long}") })),
        ("resources/read", json!({ "uri": long })),
        ("tools/call", json!({ "name": long })),
        ("tools/call", json!({ "name": "post_edit", "arguments": { long.clone(): 1 } })),
        ("tools/call", json!({ "name": "post_get", "arguments": { "post_id": long } })),
        ("prompts/get", json!({ "name": long })),
        ("prompts/get", json!({ "name": "draft_post", "arguments": { long.clone(): "x" } })),
        ("tools/list", json!({ "cursor": long })),
        (long.as_str(), json!({})),
    ] {
        let answer = agent.post("/mcp", request(method, params), 200).await;
        is_short(&answer);
    }
    let read = json!({ "uri": format!("post://{}", "x".repeat(2000)) });
    let answer = modern(&agent, "resources/read", read, 200).await;
    assert_eq!(code(&answer), -32602);
    is_short(&answer);
    assert!(answer.text("/error/data/uri").contains("[truncated: "), "{}", answer.body);
    let mut body = request("tools/list", json!({}));
    body["id"] = json!("\u{1}".repeat(60));
    let answer = agent.send(Method::POST, "/mcp", &[], Some(body.clone()), 400).await;
    assert_eq!(code(&answer), -32600);
    is_short(&answer);
}
