//! What opens an account: its sessions, keys and apps.

use byline_shared::model::Role;

use super::visitor::{Visitor, form, text_of};
use crate::harness::App;
use crate::oauth::World;

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let email = client.get("/v1/users/me", 200).await.text("/email");
    let mut elsewhere = Visitor::of(&app, &email).await;
    let sessions = client.get("/v1/auth/sessions", 200).await;
    let api = sessions.json["items"].as_array().unwrap();
    let api = api.iter().find(|session| session["current"] == true).unwrap()["id"].clone();
    let api = api.as_str().unwrap();
    let page = visitor.get("/desk/account/sessions", 200).await;
    assert!(text_of(&page).contains("This browser"));
    // A visit is noted once an hour.
    assert!(text_of(&page).contains("seen within the last hour"), "{}", page.body);
    let ask = format!("/desk/account/sessions?end={api}");
    assert!(page.body.contains(&ask), "{}", page.body);
    let question = visitor.get(&ask, 200).await;
    client.get("/v1/users/me", 200).await;
    let done = visitor.press(&question, "End the session", &[]).await;
    assert!(text_of(&done).contains("The session was ended"));
    client.get("/v1/users/me", 401).await;
    visitor.get(&ask, 404).await;
    let question = visitor.get("/desk/account/sessions?others=1", 200).await;
    elsewhere.get("/desk/account", 200).await;
    let done = visitor.press(&question, "End all other sessions", &[]).await;
    assert!(text_of(&done).contains("All other sessions were ended"));
    elsewhere.get("/desk/account", 303).await;
    visitor.get("/desk/account", 200).await;
    // Somebody else's session is none of theirs.
    let other = app.user(Role::Author).await;
    let theirs = other.get("/v1/auth/sessions", 200).await.text("/items/0/id");
    visitor.get(&format!("/desk/account/sessions?end={theirs}"), 404).await;
    let mut forged = form(&question, "End all other sessions");
    forged.set("step", "");
    forged.set("session", &theirs);
    // It is not there for them, so there is nothing to end.
    assert_eq!(visitor.submit(&forged).await.status, 303);
    other.get("/v1/users/me", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_revoked() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get("/desk/account/keys", 200).await;
    assert!(!page.body.contains("value=\"admin\""), "the role limits the choice");
    let mut form = form(&page, "Create the key");
    form.set("name", "Build server");
    let mut greedy = form.clone();
    greedy.fields.push(("scope".to_owned(), "admin".to_owned()));
    assert_eq!(visitor.submit(&greedy).await.status, 422);
    let mut none = form.clone();
    none.fields.retain(|(name, _)| name != "scope");
    let none = visitor.submit(&none).await;
    assert_eq!(none.status, 422);
    assert!(none.body.contains("value=\"Build server\""), "what was entered is kept");
    let made = visitor.submit(&form).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.header("cache-control"), "no-store");
    let html = scraper::Html::parse_document(&made.body);
    let shown = scraper::Selector::parse("#key").unwrap();
    let key: String = html.select(&shown).next().unwrap().text().collect();
    app.with_token(&key).get("/v1/users/me", 200).await;
    let list = client.get("/v1/auth/api-keys", 200).await;
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
    let page = visitor.get("/desk/account/keys", 200).await;
    assert!(!page.body.contains(&key));
    assert!(text_of(&page).contains("Build server"));
    let id = list.text("/items/0/id");
    let question = visitor.get(&format!("/desk/account/keys?revoke={id}"), 200).await;
    assert!(text_of(&question).contains("Revoke Build server?"));
    let done = visitor.press(&question, "Revoke the key", &[]).await;
    assert!(text_of(&done).contains("The API key was revoked"));
    app.with_token(&key).get("/v1/users/me", 401).await;
    visitor.get(&format!("/desk/account/keys?revoke={id}"), 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_app_is_listed_and_revoked() {
    let world = World::new().await;
    let tokens = world.tokens(&world.asks()).await;
    let mut visitor = Visitor::of(&world.app, &world.email).await;
    let page = visitor.get("/desk/account/apps", 200).await;
    let text = text_of(&page);
    assert!(text.contains("Test agent") && text.contains("Create and edit drafts"), "{text}");
    let grant = world.person.get("/v1/auth/grants", 200).await.text("/items/0/id");
    let question = visitor.get(&format!("/desk/account/apps?revoke={grant}"), 200).await;
    assert!(world.opens_mcp(&tokens.text("/access_token")).await);
    let done = visitor.press(&question, "Revoke its access", &[]).await;
    assert!(text_of(&done).contains("The app has no access any more"));
    assert!(!world.opens_mcp(&tokens.text("/access_token")).await);
    assert!(text_of(&visitor.get("/desk/account/apps", 200).await).contains("No connected apps"));
}
