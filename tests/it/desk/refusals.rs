//! What the pages say where a rule of the API refuses: what to do on the page, and never what a program is to
//! send. [`Visitor`] holds every refusal of every test here to that; these are the ones that programs are told
//! something else.

use byline_shared::model::Role;

use super::review::{editor, page_of};
use super::visitor::{Visitor, form, text_of};
use crate::harness::{Answer, App, draft};

/// Presses the button, and returns the words of the refusal.
async fn refused(
    visitor: &mut Visitor,
    page: &Answer,
    button: &str,
    changed: &[(&str, &str)],
    status: u16,
) -> String {
    let answer = visitor.press(page, button, changed).await;
    assert_eq!(answer.status, status, "{button}: {}", answer.body);
    text_of(&answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_list_that_is_not_there_leads_back() {
    let app = App::unlimited().await;
    let mut admin = Visitor::admin(&app).await;
    for path in ["posts", "media", "tags", "people", "activity"] {
        let answer = admin.get(&format!("/desk/{path}?cursor=AAAA"), 422).await;
        let words = text_of(&answer);
        assert!(words.contains("There is nothing here"), "{path}: {words}");
        assert!(words.contains("Go back to its beginning"), "{path}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn going_live_says_what_to_do_on_the_page() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Editor).await;
    let post = client.post("/v1/manage/posts", draft("A post"), 201).await;
    let path = format!("/desk/posts/{}/go-live", post.text("/id"));
    let page = visitor.get(&format!("{path}?revision={}", post.text("/revision_id")), 200).await;
    let past = [("publish_at", "2020-01-01T09:00")];
    let words = refused(&mut visitor, &page, "Schedule", &past, 422).await;
    assert!(words.contains("Goes live at: Choose a time in the future"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_is_called_an_address() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Editor).await;
    let first = client.post("/v1/manage/posts", draft("The first"), 201).await;
    let second = client.post("/v1/manage/posts", draft("The second"), 201).await;
    let page = visitor.get(&format!("/desk/posts/{}", second.text("/id")), 200).await;
    let taken = [("slug", first.text("/slug"))];
    let taken: Vec<(&str, &str)> =
        taken.iter().map(|(name, slug)| (*name, slug.as_str())).collect();
    let answer = visitor.press(&page, "Save", &taken).await;
    let words = text_of(&answer);
    assert!(words.contains("Address: Another post has this address."), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_there_is_told_by_its_name() {
    let app = App::unlimited().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Editor).await;
    let page = visitor.get("/desk/tags", 200).await;
    visitor.press(&page, "Create tag", &[("name", "Field notes")]).await;
    // The form of a page that was opened before is the same one, sent twice.
    let page = visitor.get("/desk/tags", 200).await;
    let words = refused(&mut visitor, &page, "Create tag", &[("name", "Field notes")], 409).await;
    assert!(words.contains("Another tag has this name or address"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_keeps_what_was_entered() {
    let app = App::start().await;
    let (mut visitor, _, agent) = editor(&app).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Rope"), 201).await.text("/id");
    let page = visitor.get(&page_of(&proposal), 200).await;
    let own = [("title", ""), ("body", "My own words.")];
    let refused = visitor.press(&page, "Approve with edits", &own).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(form(&refused, "Approve with edits").value("body"), "My own words.");
    // What was entered for an earlier text is kept beside the text of now, which it must not undo.
    let mut stale = form(&page, "Approve with edits");
    stale.set("review", crate::harness::NO_REVIEW);
    stale.set("body", "My own words.");
    let shown = visitor.submit(&stale).await;
    assert_eq!(shown.status, 412, "{}", shown.body);
    let now = form(&page, "Approve with edits").value("body").to_owned();
    assert_eq!(form(&shown, "Approve with edits").value("body"), now);
    assert!(shown.body.contains("My own words."), "{}", shown.body);
}
