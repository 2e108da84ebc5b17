//! The pages for admins: people, settings and the security log.

use byline_shared::model::Role;
use serde_json::json;

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
    let words = text_of(&stale);
    assert!(words.contains("Name of the publication is now “Field Notes”"), "{words}");
    assert!(!words.contains("Style guide is now"), "what nobody else changed is no news: {words}");
    let kept = form(&stale, "Save settings");
    assert_eq!((kept.value("title"), kept.value("style_guide")), ("Field Notes", "Short words."));
    let settings = app.admin().await.get("/v1/admin/settings", 200).await;
    assert_eq!(
        (settings.text("/title"), settings.text("/style_guide")),
        ("Field Notes".into(), String::new())
    );
    // The form that came back has the changes of both: to send it as it is loses neither.
    let both = admin.press(&stale, "Save settings", &[]).await;
    assert_eq!(both.status, 200, "{}", both.body);
    let settings = app.admin().await.get("/v1/admin/settings", 200).await;
    assert_eq!(
        (settings.text("/title"), settings.text("/style_guide")),
        ("Field Notes".into(), "Short words.".into())
    );
}

/// Every setting by itself: one admin changes it, another one has the form open and changes something else,
/// or the same to something else.
#[tokio::test(flavor = "multi_thread")]
async fn whichever_setting_two_admins_change_the_second_is_told() {
    let app = App::unlimited().await;
    let (mut one, mut two) = (Visitor::admin(&app).await, Visitor::admin(&app).await);
    let settings = [
        ("title", "By one", "By two"),
        ("description", "All by one.", "All by two."),
        ("url", "https://one.example", "https://two.example"),
        ("language", "de", "fr"),
        ("time_zone", "Europe/Berlin", "Asia/Tokyo"),
        ("post_path", "/one/{slug}", "/two/{slug}"),
        ("page_path", "/one/{slug}", "/two/{slug}"),
        ("agent_publishing", "never", "allowed"),
        ("registration", "invited", "open"),
        ("style_guide", "As one writes.", "As two writes."),
    ];
    for (at, (name, theirs, own)) in settings.into_iter().enumerate() {
        let (other, elsewhere) =
            if name == "title" { ("description", "Mine") } else { ("title", "Mine") };
        let elsewhere = format!("{elsewhere} {at}");
        let (first, second) =
            (one.get("/desk/settings", 200).await, two.get("/desk/settings", 200).await);
        one.press(&first, "Save settings", &[(name, theirs)]).await;
        let stale = two.press(&second, "Save settings", &[(other, &elsewhere)]).await;
        assert_eq!(stale.status, 412, "{name}");
        let kept = form(&stale, "Save settings");
        assert_eq!((kept.value(name), kept.value(other)), (theirs, elsewhere.as_str()), "{name}");
        let saved = two.press(&stale, "Save settings", &[]).await;
        assert_eq!(form(&saved, "Save settings").value(name), theirs, "{name}");
        // Both change it: both values are told, and the later one decides.
        let (first, second) =
            (one.get("/desk/settings", 200).await, two.get("/desk/settings", 200).await);
        let now = if name == "registration" { "open" } else { own };
        one.press(&first, "Save settings", &[(name, now)]).await;
        let mine = match name {
            "url" => "https://three.example".to_owned(),
            "language" => "it".to_owned(),
            "time_zone" => "America/New_York".to_owned(),
            "post_path" | "page_path" => "/three/{slug}".to_owned(),
            "agent_publishing" => "approved".to_owned(),
            // Of two values, both have chosen the same.
            "registration" => continue,
            _ => format!("{own}, or three"),
        };
        let stale = two.press(&second, "Save settings", &[(name, &mine)]).await;
        assert_eq!(stale.status, 412, "{name}");
        assert_eq!(form(&stale, "Save settings").value(name), mine, "{name}");
        let words = text_of(&stale);
        assert!(words.contains("the form has yours, which replaces theirs"), "{name}: {words}");
        let saved = two.press(&stale, "Save settings", &[]).await;
        assert_eq!(form(&saved, "Save settings").value(name), mine, "{name}");
    }
    // A tick that one sets stays, though the other's form has none.
    let (first, second) =
        (one.get("/desk/settings", 200).await, two.get("/desk/settings", 200).await);
    one.press(&first, "Save settings", &[("author_publishing", "yes")]).await;
    let stale = two.press(&second, "Save settings", &[("title", "Last")]).await;
    assert!(
        text_of(&stale).contains("Authors publish their own posts is now “yes”"),
        "{}",
        stale.body
    );
    let saved = two.press(&stale, "Save settings", &[]).await;
    let kept = form(&saved, "Save settings");
    assert_eq!((kept.value("author_publishing"), kept.value("title")), ("yes", "Last"));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_come_back() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/settings", 200).await;
    let wrong =
        [("title", ""), ("url", "ftp://example.com"), ("time_zone", "?"), ("post_path", "posts")];
    let refused = admin.press(&page, "Save settings", &wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["title", "url", "time_zone", "post_path"] {
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

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_removes_a_public_profile() {
    const REMOVE: &str = "Remove the public profile";
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let (_, client) = Visitor::with_role(&app, Role::Author).await;
    let me = client.get("/v1/users/me", 200).await;
    let path = format!("/desk/people/{}", me.text("/id"));
    assert!(find(&admin.get(&path, 200).await, REMOVE).is_none(), "there is nothing to remove");
    let said = json!({
        "bio": "Buy <b>now</b>.", "links": [{ "label": "Shop", "url": "https://shop.example/" }],
    });
    client.patch("/v1/users/me", json!({ "profile": said }), 200).await;
    let page = admin.get(&path, 200).await;
    for part in ["Buy <b>now</b>.", "Shop", "https://shop.example/"] {
        assert!(text_of(&page).contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("<b>now"), "{}", page.body);
    let asked = admin.press(&page, REMOVE, &[]).await;
    assert_eq!(asked.status, 422, "{}", asked.body);
    assert!(asked.body.contains("href=\"#remove_profile\""), "{}", asked.body);
    let removed = admin.press(&page, REMOVE, &[("remove_profile", "yes")]).await;
    assert!(text_of(&removed).contains("The public profile was removed."), "{}", removed.body);
    assert!(find(&removed, REMOVE).is_none(), "{}", removed.body);
    assert!(client.get("/v1/users/me", 200).await.json["profile"]["bio"].is_null());
    let log = text_of(&admin.get("/desk/activity?kind=profile_changed", 200).await);
    let sentence = format!("Admin removed the public profile of {}.", me.text("/name"));
    assert!(log.contains(&sentence), "{log}");
}
