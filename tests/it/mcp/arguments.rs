//! Arguments as clients send them: null and empty texts for what is left out, whole numbers as floats,
//! and passages in other spellings.

use byline_shared::model::Role;
use serde_json::json;

use super::{ask, call, fails, pair};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn null_and_empty_texts_mean_that_an_argument_is_left_out() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Editor).await;
    // What OpenAI's strict mode sends for a call with two arguments.
    let arguments = json!({
        "title": "Fish", "body": "Red fish.\n", "slug": null, "excerpt": "", "tags": null,
        "cover": "", "language": null,
    });
    let made = ask(&agent, "post_create_draft", arguments).await;
    let edit = json!({
        "post_id": made["id"], "revision_id": made["revision_id"], "title": "Fishes", "body": "",
        "edits": null, "sections": "", "excerpt": null, "tags": null, "slug": "", "cover": null,
        "language": "",
    });
    let edited = ask(&agent, "post_edit", edit).await;
    assert_eq!((&edited["title"], &edited["changed"]), (&json!("Fishes"), &json!(["title"])));
    let head = ask(&agent, "posts_list", json!({ "status": "", "limit": 5.0, "cursor": "" })).await;
    assert_eq!(head["posts"][0]["title"], "Fishes");
    let text = call(&agent, "post_get", json!({ "post_id": made["id"], "offset": 0.0 })).await;
    assert_eq!(text.text("/result/content/1/text"), "Red fish.\n", "the body was left alone");
    // What a tool needs is not left out, and what is no whole number is none.
    let refused = fails(&agent, "post_create_draft", json!({ "title": "", "body": null })).await;
    assert!(refused.contains("title: ") && refused.contains("body: "), "{refused}");
    let refused = fails(&agent, "posts_list", json!({ "limit": 5.5 })).await;
    assert!(refused.contains("limit: "), "{refused}");
    // An empty replacement is a value: it removes the passage.
    let removes = json!({
        "post_id": made["id"], "revision_id": edited["revision_id"],
        "edits": [{ "find": "Red ", "replace": "" }],
    });
    assert_eq!(ask(&agent, "post_edit", removes).await["changed"], json!(["body"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_says_which_fields_it_changed() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Editor).await;
    let draft = json!({ "title": "Fish", "body": "Red fish.\n", "tags": ["Sea"] });
    let made = ask(&agent, "post_create_draft", draft).await;
    assert!(made.get("changed").is_none(), "a new post has no revision before");
    let edit = json!({
        "post_id": made["id"], "revision_id": made["revision_id"], "title": "Fish",
        "excerpt": "On fish.", "tags": ["Sea", "Fish"], "language": "en",
        "edits": [{ "find": "Red", "replace": "Blue" }],
    });
    let edited = ask(&agent, "post_edit", edit).await;
    assert_eq!(edited["changed"], json!(["body", "excerpt", "tags", "language"]), "not the title");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passage_is_found_whatever_its_line_ends_and_spelling() {
    let app = App::start().await;
    let (person, agent) = pair(&app, Role::Editor).await;
    // From a system with other line ends, and letters of two characters.
    let body = "# Cafe\u{301}\r\n\r\nOne line,\r\nand a second.\r\n";
    let draft = json!({ "title": "Lines", "body": body });
    let mut made = ask(&agent, "post_create_draft", draft).await;
    let path = format!("/v1/manage/posts/{}", made["id"].as_str().unwrap());
    let kept = person.get(&path, 200).await.text("/body");
    assert_eq!(kept, "# Cafe\u{301}\n\nOne line,\nand a second.\n", "lines end with a line feed");
    for (find, replace) in [
        ("One line,\r\nand", "Two lines,\r\nand"),
        ("Two lines,\nand a", "Three lines,\nand a"),
        ("# Caf\u{e9}", "# Caf\u{e9} au lait"),
    ] {
        let edit = json!({
            "post_id": made["id"], "revision_id": made["revision_id"],
            "edits": [{ "find": find, "replace": replace }],
        });
        made = ask(&agent, "post_edit", edit).await;
    }
    let kept = person.get(&path, 200).await.text("/body");
    assert_eq!(kept, "# Caf\u{e9} au lait\n\nThree lines,\nand a second.\n");
    let whole = json!({
        "post_id": made["id"], "revision_id": made["revision_id"], "body": "a\r\nb\rc\n",
    });
    ask(&agent, "post_edit", whole).await;
    assert_eq!(person.get(&path, 200).await.text("/body"), "a\nb\nc\n");
}
