//! The security log says in one sentence who did what to which thing, and is narrowed by person, kind and
//! day.

use byline_shared::clock::Clock;
use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::review::publish;
use super::visitor::{Visitor, text_of};
use crate::harness::{App, draft, login};
use crate::oauth::World;

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_one_sentence_with_names() {
    let world = World::new().await;
    let app = &world.app;
    let mut admin = Visitor::admin(app).await;
    let editor = &world.person;
    let me = editor.get("/v1/users/me", 200).await;
    let (id, name) = (me.text("/id"), me.text("/name"));
    let post = editor.post("/v1/manage/posts", draft("What the tide leaves"), 201).await;
    publish(editor, &post).await;
    let key =
        json!({ "name": "Build server", "scopes": ["profile", "posts:read", "posts:propose"] });
    let key = editor.post("/v1/auth/api-keys", key, 201).await;
    let agent = app.with_token(&key.text("/key"));
    let post_path = format!("/v1/manage/posts/{}", post.text("/id"));
    let change =
        json!({ "title": "What the sea leaves", "base_revision_id": post.json["revision_id"] });
    agent.post(&format!("{post_path}/proposals"), change, 201).await;
    let key = format!("/v1/auth/api-keys/{}", key.text("/id"));
    editor.delete(&key, 204).await;
    world.tokens(&world.asks()).await;
    let mut owner = Visitor::of(app, &world.email).await;
    let grant = editor.get("/v1/auth/grants", 200).await.text("/items/0/id");
    let question = owner.get(&format!("/desk/account/apps?revoke={grant}"), 200).await;
    owner.press(&question, "Revoke its access", &[]).await;
    let page = admin.get("/desk/people", 200).await;
    let invited = [("email", "lin@example.com"), ("role", "author")];
    let page = admin.press(&page, "Send invitation", &invited).await;
    admin.press(&page, "Withdraw", &[]).await;
    let person = admin.get(&format!("/desk/people/{id}"), 200).await;
    admin.press(&person, "Change role", &[("role", "author")]).await;
    let guess = login(&world.email, "this is not the password");
    app.anonymous().post("/v1/auth/login", guess, 401).await;
    let guess = login("nobody@example.com", "this is not the password");
    app.anonymous().post("/v1/auth/login", guess, 401).await;

    let tried = admin.get(&format!("/desk/activity?kind=signed_in&person={id}"), 200).await;
    let tried = text_of(&tried);
    assert!(tried.contains("could not sign in to the account of"), "{tried}");
    assert!(!tried.contains("with an address"), "{tried}");
    let page = admin.get("/desk/activity", 200).await;
    let words = text_of(&page);
    for sentence in [
        format!("{name} began \u{201c}What the tide leaves\u{201d}."),
        format!("{name} published \u{201c}What the tide leaves\u{201d}."),
        format!("{name} created the API key \u{201c}Build server\u{201d}."),
        format!("Build server (API key of {name}) proposed \u{201c}What the sea leaves\u{201d}."),
        format!("{name} revoked the API key \u{201c}Build server\u{201d}."),
        "An app registered as \u{201c}Test agent\u{201d}.".to_owned(),
        format!("{name} let \u{201c}Test agent\u{201d} connect."),
        "It may: ".to_owned(),
        format!("The app \u{201c}Test agent\u{201d} was connected to the account of {name}."),
        format!("{name} ended the access of \u{201c}Test agent\u{201d}."),
        "Admin invited lin@example.com as author.".to_owned(),
        "Admin withdrew the invitation of lin@example.com.".to_owned(),
        format!("Admin changed the role of {name} from editor to author."),
        format!("{name} signed in."),
        format!("Somebody could not sign in to the account of {name}."),
        "Somebody could not sign in with an address.".to_owned(),
    ] {
        assert!(words.contains(&sentence), "{sentence}: {words}");
    }
    for path in [format!("/desk/posts/{}", post.text("/id")), format!("/desk/people/{id}")] {
        assert!(page.body.contains(&format!("href=\"{path}\"")), "{path}: {}", page.body);
    }
    // No id and no time is left among the words as programs write them.
    for raw in ["user_0", "post_0", "key_0", "rev_0", "sess_0", "prop_0", "an item", ".000Z"] {
        assert!(!words.contains(raw), "{raw}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_named_in_few_words() {
    let app = App::unlimited().await;
    let mut admin = Visitor::admin(&app).await;
    let body = login("admin@example.com", crate::harness::PASSWORD).to_string();
    let headers = [("user-agent", BROWSER), ("content-type", "application/json")];
    let signed_in = app.anonymous();
    let signed_in = signed_in.try_send(Method::POST, "/v1/auth/login", &headers, Some(body)).await;
    assert_eq!(signed_in.unwrap().status, 200);
    let page = admin.get("/desk/activity?kind=signed_in", 200).await;
    let words = text_of(&page);
    assert!(words.contains("127.0.0.1 · Firefox on Linux"), "{words}");
    assert!(!words.contains("Gecko"), "{words}");
    assert!(page.body.contains(&format!("title=\"{BROWSER}\"")), "{}", page.body);
    // The time is in words, and the exact one is where somebody points.
    assert!(words.contains("just now"), "{words}");
    assert!(page.body.contains(" UTC\">just now</time>"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_narrowed_by_person_kind_and_day() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (_, editor) = Visitor::with_role(&app, Role::Editor).await;
    let me = editor.get("/v1/users/me", 200).await;
    let (id, name) = (me.text("/id"), me.text("/name"));
    editor.post("/v1/manage/posts", draft("The first day"), 201).await;
    let first = clock.now().to_string()[..10].to_owned();
    clock.advance(24 * 3600);
    let second = clock.now().to_string()[..10].to_owned();
    let mut admin = Visitor::admin(&app).await;
    let writer = app.admin().await;
    writer.post("/v1/manage/posts", draft("The second day"), 201).await;

    let mut words = async |query: &str| {
        let page = admin.get(&format!("/desk/activity?{query}"), 200).await;
        text_of(&page).split_once("Show").unwrap().1.to_owned()
    };
    let (both, one, other) = ("kind=post_created", "The first day", "The second day");
    for (query, has_first, has_second) in [
        (both.to_owned(), true, true),
        (format!("{both}&person={id}"), true, false),
        (format!("from={first}&to={first}"), true, false),
        (format!("from={second}"), false, true),
        (format!("to={first}"), true, false),
        (format!("from={first}&to={second}"), true, true),
        (format!("from={second}&to={first}"), false, false),
        // What is no day and no account narrows nothing.
        (format!("{both}&from=yesterday&to=2026-02-30&person=nobody"), true, true),
    ] {
        let found = words(&query).await;
        assert_eq!(found.contains(one), has_first, "{query}: {found}");
        assert_eq!(found.contains(other), has_second, "{query}: {found}");
    }
    assert!(words("to=2020-01-01").await.contains("Nothing of this kind happened in this time."));
    // The form keeps what was chosen, and offers people by their names.
    let page = admin.get(&format!("/desk/activity?person={id}&from={first}"), 200).await;
    assert!(page.body.contains(&format!("<option value=\"{id}\" selected>{name}</option>")));
    assert!(page.body.contains(&format!("value=\"{first}\"")), "{}", page.body);

    // The API narrows by time in the same way.
    let start = format!("{second}T00:00:00Z");
    for (query, has_first, has_second) in [
        (format!("from={start}"), false, true),
        (format!("until={start}"), true, false),
        (format!("from={start}&until={start}"), false, false),
    ] {
        let path = format!("/v1/admin/audit?event=post_created&{query}");
        let log = writer.get(&path, 200).await;
        let at = |item: &serde_json::Value| item["at"].as_str().unwrap()[..10].to_owned();
        let days: Vec<String> = log.json["items"].as_array().unwrap().iter().map(at).collect();
        assert_eq!(days.contains(&first), has_first, "{query}: {days:?}");
        assert_eq!(days.contains(&second), has_second, "{query}: {days:?}");
    }
    writer.get("/v1/admin/audit?from=yesterday", 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_costs_few_calls() {
    let app = App::unlimited().await;
    let mut admin = Visitor::admin(&app).await;
    let (_, editor) = Visitor::with_role(&app, Role::Editor).await;
    editor.post("/v1/manage/posts", draft("A post"), 201).await;
    let count = || app.byline.observer.calls("desk-activity");
    let before = count();
    admin.get("/desk/activity", 200).await;
    let made = count() - before;
    assert!((1..=super::queue::MOST_CALLS).contains(&made), "{made} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_takes_its_address_along() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/people", 200).await;
    let invited = [("email", "lin@example.com"), ("name", "Lin"), ("role", "author")];
    admin.press(&page, "Send invitation", &invited).await;
    let token = app.invitation_token("lin@example.com").await;
    let body = json!({ "token": token, "password": crate::harness::PASSWORD });
    app.anonymous().post("/v1/auth/accept-invitation", body, 200).await;
    let lin = app.sign_in("lin@example.com").await;
    let owner = app.admin().await;
    let invited = "/v1/admin/audit?event=invited";
    let log = owner.get(invited, 200).await;
    assert_eq!(log.text("/items/0/subject_name"), "lin@example.com");
    let joined = admin.get("/desk/activity?kind=invitation_accepted", 200).await;
    let expected = "Lin accepted the invitation of Admin and joined as author.";
    assert!(text_of(&joined).contains(expected), "{}", joined.body);

    lin.delete("/v1/users/me", 204).await;
    app.eventually(|| async {
        let log = owner.get(invited, 200).await;
        log.json["items"][0]["subject_name"].is_null()
    })
    .await;
    let page = admin.get("/desk/activity", 200).await;
    let words = text_of(&page);
    assert!(!words.contains("lin@example.com") && !words.contains("Lin "), "{words}");
    assert!(words.contains("Admin invited an address as author."), "{words}");
    assert!(words.contains("A deleted account accepted the invitation of Admin"), "{words}");
    assert!(words.contains("Somebody deleted their account."), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_takes_its_former_addresses_along_however_they_are_spelt() {
    let app = App::by_invitation().await;
    let owner = app.admin().await;
    for email in ["LIN@example.com", "Lin@Example.com"] {
        let body = json!({ "email": email, "role": "author", "name": "Lin" });
        owner.post("/v1/users/invitations", body, 201).await;
    }
    let other = json!({ "email": "kim@example.com", "role": "author", "name": "Kim" });
    owner.post("/v1/users/invitations", other, 201).await;
    let token = app.invitation_token("Lin@Example.com").await;
    let body = json!({ "token": token, "password": crate::harness::PASSWORD });
    app.anonymous().post("/v1/auth/accept-invitation", body, 200).await;
    let lin = app.sign_in("lin@example.com").await;
    let old = lin.get("/v1/users/me", 200).await.text("/email");
    lin.patch("/v1/users/me", json!({ "email": "new@example.com" }), 200).await;
    for address in [old.as_str(), "new@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token, "password": crate::harness::PASSWORD });
        app.anonymous().post("/v1/auth/email-change/confirm", body, 200).await;
    }
    let named = async || {
        let log = owner.get("/v1/admin/audit?limit=100", 200).await;
        let names = log.json["items"].as_array().unwrap().iter();
        let names = names.filter_map(|entry| entry["subject_name"].as_str().map(str::to_lowercase));
        names.collect::<Vec<_>>()
    };
    let count = |names: &[String]| names.iter().filter(|name| *name == "lin@example.com").count();
    assert_eq!(count(&named().await), 2);
    app.sign_in("new@example.com").await.delete("/v1/users/me", 204).await;
    app.eventually(|| async { count(&named().await) == 0 }).await;
    assert!(named().await.contains(&"kim@example.com".to_owned()), "others keep theirs");
}
