//! The security log names what something was done to.

use byline_shared::model::Role;

use super::review::publish;
use super::visitor::{Visitor, text_of};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_people_and_posts() {
    let app = App::unlimited().await;
    let mut admin = Visitor::admin(&app).await;
    let (_, editor) = Visitor::with_role(&app, Role::Editor).await;
    let me = editor.get("/v1/users/me", 200).await;
    let post = editor.post("/v1/manage/posts", draft("What the tide leaves"), 201).await;
    publish(&editor, &post).await;
    let key = serde_json::json!({ "name": "Build server", "scopes": ["profile"] });
    editor.post("/v1/auth/api-keys", key, 201).await;
    let person = admin.get(&format!("/desk/people/{}", me.text("/id")), 200).await;
    admin.press(&person, "Change role", &[("role", "author")]).await;

    let page = admin.get("/desk/activity", 200).await;
    let words = text_of(&page);
    assert!(words.contains("What the tide leaves") && words.contains("an API key"), "{words}");
    for (kind, name, path) in [
        ("post_published", "What the tide leaves", format!("/desk/posts/{}", post.text("/id"))),
        ("role_changed", me.text("/name").as_str(), format!("/desk/people/{}", me.text("/id"))),
    ] {
        let page = admin.get(&format!("/desk/activity?kind={kind}"), 200).await;
        assert!(page.body.contains(&format!("href=\"{path}\"")), "{kind}: {}", page.body);
        assert!(text_of(&page).contains(name), "{kind}: {}", page.body);
    }
    assert!(!words.contains("without a known name"), "{words}");
    // No id is left among the words, neither of accounts nor of posts.
    for prefix in ["user_0", "post_0", "key_0", "rev_0", "sess_0"] {
        assert!(!words.contains(prefix), "{prefix}: {words}");
    }
    let count = || app.byline.observer.calls("desk-activity");
    let before = count();
    admin.get("/desk/activity", 200).await;
    let made = count() - before;
    assert!((1..=super::queue::MOST_CALLS).contains(&made), "{made} calls");
}
