//! The pages of tags.

use byline_shared::model::Role;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_made_renamed_merged_and_deleted() {
    let app = App::start().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let page = editor.get("/desk/tags", 200).await;
    assert!(text_of(&page).contains("There are no tags yet"), "{}", page.body);
    let made = editor.press(&page, "Create tag", &[("name", "Sea")]).await;
    assert!(text_of(&made).contains("The tag is there."), "{}", made.body);
    assert!(find(&made, "Merge").is_none(), "there is no other tag");

    let changed = [("name", "Seas"), ("slug", "seas"), ("description", "Salt water.")];
    let renamed = editor.press(&made, "Save", &changed).await;
    assert_eq!(form(&renamed, "Save").action, "/desk/tags/seas");
    let tags = client.get("/v1/manage/tags", 200).await;
    assert_eq!(tags.text("/items/0/description"), "Salt water.");

    let page = editor.get("/desk/tags", 200).await;
    editor.press(&page, "Create tag", &[("name", "Ocean")]).await;
    let page = editor.get("/desk/tags/seas", 200).await;
    let merged = editor.press(&page, "Merge", &[("merge", "yes")]).await;
    assert_eq!(form(&merged, "Delete tag").action, "/desk/tags/ocean");
    editor.get("/desk/tags/seas", 404).await;

    // One click alone deletes nothing.
    let asked = editor.press(&merged, "Delete tag", &[]).await;
    assert_eq!(asked.status, 422, "{}", asked.body);
    assert!(text_of(&asked).contains("Tick the box first"), "{}", asked.body);
    assert!(asked.body.contains("href=\"#delete\"") && asked.body.contains("id=\"delete\""));
    let gone = editor.press(&merged, "Delete tag", &[("delete", "yes")]).await;
    assert!(text_of(&gone).contains("There are no tags yet"), "{}", gone.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_tag_comes_back_with_the_reason() {
    let app = App::start().await;
    let (mut editor, _) = Visitor::with_role(&app, Role::Editor).await;
    let page = editor.get("/desk/tags", 200).await;
    editor.press(&page, "Create tag", &[("name", "Sea")]).await;
    let page = editor.get("/desk/tags", 200).await;
    for (name, slug, status) in [("", "", 422), ("Sea", "", 409), ("Lake", "Not a slug", 422)] {
        let fields = [("name", name), ("slug", slug), ("description", "Kept.")];
        let refused = editor.press(&page, "Create tag", &fields).await;
        assert_eq!(refused.status, status, "{name} {slug}");
        let kept = form(&refused, "Create tag");
        assert_eq!((kept.value("name"), kept.value("description")), (name, "Kept."));
        assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_for_editors() {
    let app = App::start().await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    author.get("/desk/tags", 403).await;
    author.get("/desk/tags/sea", 403).await;
    let page = author.get("/desk/posts", 200).await;
    assert!(!page.body.contains("/desk/tags"), "the menu has what the role opens");
}
