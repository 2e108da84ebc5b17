//! The pages for admins: people, settings and the security log.

use byline_shared::model::Role;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_gives_a_role_and_takes_an_account_away() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let (mut reader, client) = Visitor::with_role(&app, Role::Reader).await;
    let id = client.get("/v1/users/me", 200).await.text("/id");
    reader.get("/desk/posts", 403).await;
    let list = admin.get("/desk/people?show=reader", 200).await;
    assert!(list.body.contains(&format!("/desk/people/{id}")), "{}", list.body);

    let page = admin.get(&format!("/desk/people/{id}"), 200).await;
    let changed = admin.press(&page, "Change role", &[("role", "author")]).await;
    assert!(text_of(&changed).contains("It takes effect with their next click."));
    reader.get("/desk/posts", 200).await;

    let asked = admin.press(&changed, "Disable account", &[]).await;
    assert_eq!(asked.status, 422, "{}", asked.body);
    reader.get("/desk/posts", 200).await;
    let disabled = admin.press(&changed, "Disable account", &[("disable", "yes")]).await;
    assert!(find(&disabled, "Enable account").is_some(), "{}", disabled.body);
    assert_eq!(
        reader.get("/desk/posts", 303).await.header("location"),
        "/desk/sign-in?next=%2Fdesk%2Fposts"
    );
    let log = admin.get("/desk/activity?kind=role_changed", 200).await;
    assert!(text_of(&log).contains("from reader to author"), "{}", log.body);
    assert!(!text_of(&log).contains("account disabled ·"), "{}", log.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let me = app.admin().await.get("/v1/users/me", 200).await.text("/id");
    let page = admin.get(&format!("/desk/people/{me}"), 200).await;
    for (button, changed) in
        [("Change role", vec![("role", "editor")]), ("Disable account", vec![("disable", "yes")])]
    {
        let refused = admin.press(&page, button, &changed).await;
        assert_eq!(refused.status, 409, "{button}");
        assert!(text_of(&refused).contains("This is the last admin."), "{}", refused.body);
    }
    let refused = admin.press(&page, "Change role", &[("role", "owner")]).await;
    assert_eq!(refused.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_two_admins_are_not_lost() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let first = admin.get("/desk/settings", 200).await;
    let second = admin.get("/desk/settings", 200).await;
    let saved = admin.press(&first, "Save settings", &[("title", "Field Notes")]).await;
    assert!(text_of(&saved).contains("Saved."), "{}", saved.body);
    let stale = admin.press(&second, "Save settings", &[("style_guide", "Short words.")]).await;
    assert_eq!(stale.status, 412);
    assert!(text_of(&stale).contains("Field Notes"), "what is saved now is shown");
    assert_eq!(form(&stale, "Save settings").value("style_guide"), "Short words.");
    let settings = app.admin().await.get("/v1/admin/settings", 200).await;
    assert_eq!(
        (settings.text("/title"), settings.text("/style_guide")),
        ("Field Notes".into(), String::new())
    );
    // The form that came back is based on what is saved now.
    let both = admin.press(&stale, "Save settings", &[("title", "Field Notes")]).await;
    assert_eq!(both.status, 200, "{}", both.body);
    let settings = app.admin().await.get("/v1/admin/settings", 200).await;
    assert_eq!(settings.text("/style_guide"), "Short words.");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_come_back() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/settings", 200).await;
    let wrong = [("title", ""), ("url", "ftp://example.com"), ("post_path", "posts")];
    let refused = admin.press(&page, "Save settings", &wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["title", "url", "post_path"] {
        assert!(refused.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", refused.body);
    }
    assert_eq!(form(&refused, "Save settings").value("url"), "ftp://example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn these_pages_are_for_admins() {
    let app = App::start().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let id = client.get("/v1/users/me", 200).await.text("/id");
    for path in ["/desk/people", &format!("/desk/people/{id}"), "/desk/settings", "/desk/activity"]
    {
        editor.get(path, 403).await;
    }
    let page = editor.get("/desk/tags", 200).await;
    let mut sent = form(&page, "Create tag");
    sent.action = format!("/desk/people/{id}");
    sent.set("action", "role");
    sent.set("role", "admin");
    assert_eq!(editor.submit(&sent).await.status, 403);
    assert_eq!(client.get("/v1/users/me", 200).await.text("/role"), "editor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_an_older_session_undoes_no_other_admins_change() {
    let app = App::start().await;
    let (mut first, mut second) = (Visitor::admin(&app).await, Visitor::admin(&app).await);
    let page = first.get("/desk/settings", 200).await;
    let other = second.get("/desk/settings", 200).await;
    let agents = |page| form(page, "Save settings").value("agent_publishing").to_owned();
    second.press(&other, "Save settings", &[("agent_publishing", "never")]).await;
    // They sign in again while the form is open.
    let mut again = Visitor::admin(&app).await;
    let kept = again.submit(&form(&page, "Save settings")).await;
    assert_eq!(kept.status, 409, "{}", kept.body);
    let stale = again.press(&kept, "Save settings", &[]).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    let now = again.get("/desk/settings", 200).await;
    assert_eq!(agents(&now), "never");
}
