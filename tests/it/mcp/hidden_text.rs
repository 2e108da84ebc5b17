//! What tools say of text that nobody sees, and of slugs that are none.

use byline_shared::model::Role;
use serde_json::json;

use super::{ask, fails, pair};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn hidden_text_is_refused_with_its_place() {
    let app = App::unlimited().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let new = json!({ "title": "Fine", "body": "One.\n\nTwo\u{e0069}\u{e0067}." });
    let said = fails(&agent, "post_create_draft", new).await;
    assert!(said.contains("U+E0069, a tag character, on line 3, column 4"), "{said}");
    // Of a flag, a part is left, though both texts of the edit are visible.
    let england = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
    let new = json!({ "title": "Fine", "body": format!("A flag: {england}\n") });
    let made = ask(&agent, "post_create_draft", new).await;
    let edit = |find: &str, replace: &str| {
        json!({
            "post_id": made["id"], "revision_id": made["revision_id"],
            "edits": [{ "find": find, "replace": replace }],
        })
    };
    let said = fails(&agent, "post_edit", edit("\u{1f3f4}", "")).await;
    assert!(said.contains("The edited text: Holds U+E0067"), "{said}");
    ask(&agent, "post_edit", edit(england, "none")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_no_slug_is_not_found() {
    let app = App::unlimited().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for name in ["--", "-a", "a-", "a--b", "A", "\u{e9}", "a\u{e0041}"] {
        let said = fails(&agent, "post_get", json!({ "post_id": name })).await;
        assert!(said.contains("no such post"), "{name:?}: {said}");
    }
    for name in ["--", "-a", "a-", "A"] {
        app.anonymous().get(&format!("/posts/{name}.md"), 404).await;
    }
}
