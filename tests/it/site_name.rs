//! The publication's name and URL: whatever says them takes them from the settings.

use byline_shared::model::Role;
use serde_json::json;

use crate::desk::visitor::Visitor;
use crate::harness::events::root;
use crate::harness::{App, PASSWORD, draft};
use crate::oauth::{World, asks, register_client};

const NAME: &str = "Field Notes";
const URL: &str = "https://field.example";

/// A Byline whose settings were saved once, by an admin.
async fn named() -> App {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    let before = admin.get("/v1/admin/settings", 200).await;
    assert_eq!(
        (before.text("/title"), before.json["version"].as_u64()),
        ("Byline".into(), Some(0))
    );
    let changes = json!({ "title": NAME, "url": URL });
    admin.patch("/v1/admin/settings", changes, 200).await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_says_the_name_of_the_settings() {
    let app = named().await;
    let mut admin = Visitor::admin(&app).await;
    let mut stranger = Visitor::stranger(&app);
    let id = app.admin().await.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    // Each is a function of its own, which has read nothing before.
    for path in [
        "/desk".to_owned(),
        "/desk/posts".to_owned(),
        format!("/desk/posts/{id}"),
        format!("/desk/posts/{id}/history"),
        "/desk/media".to_owned(),
        "/desk/agent".to_owned(),
        "/desk/agent/new".to_owned(),
        "/desk/tags".to_owned(),
        "/desk/people".to_owned(),
        "/desk/settings".to_owned(),
        "/desk/activity".to_owned(),
        "/desk/account".to_owned(),
    ] {
        let page = admin.get(&path, 200).await;
        let title = page.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.ends_with(&format!(" · {NAME}")), "{path}: {title}");
        assert!(page.body.contains(&format!(">{NAME}</a>")), "{path}: {}", page.body);
    }
    for path in [
        "/desk/sign-in",
        "/desk/sign-up",
        "/desk/forgot-password?sent=1",
        "/desk/confirm?token=x",
        "/desk/accept-invitation?token=x",
        "/desk/change-address?token=x",
        "/desk/reset-password?token=x",
    ] {
        let page = stranger.get(path, 200).await;
        assert!(page.body.contains(&format!(">{NAME}</a>")), "{path}: {}", page.body);
        let rest = page.body.replace("This Byline runs on your machine", "");
        assert!(!rest.contains("Byline"), "{path}: {}", page.body);
    }
    let missing = admin.get("/desk/posts/post_01AAAAAAAAAAAAAAAAAAAAAAAA", 404).await;
    assert!(missing.body.contains(&format!(">{NAME}</a>")), "{}", missing.body);
    let mut form = crate::desk::visitor::form(&admin.get("/desk/account", 200).await, "Sign out");
    form.action = "/desk/tags".to_owned();
    let kept = stranger.submit(&form).await;
    assert!(kept.status == 403 && kept.body.contains(&format!(">{NAME}</a>")), "{}", kept.body);
    let home = app.anonymous().get("/", 200).await;
    assert!(home.body.contains(NAME) && home.body.contains(URL), "{}", home.body);
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_the_new_name_at_once() {
    let app = named().await;
    let mut admin = Visitor::admin(&app).await;
    let mut stranger = Visitor::stranger(&app);
    for name in ["One", "Two"] {
        let page = admin.get("/desk/settings", 200).await;
        admin.press(&page, "Save settings", &[("title", name)]).await;
        for (visitor, path) in [(&mut admin, "/desk/posts"), (&mut stranger, "/desk/sign-in")] {
            let page = visitor.get(path, 200).await;
            assert!(page.body.contains(&format!(">{name}</a>")), "{path}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_say_the_name_and_url_of_the_settings() {
    let app = named().await;
    let admin = app.admin().await;
    let mailbox = &app.byline.mailbox;
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let mail = mailbox.mail_about("ada@example.com", "Confirm your e-mail address").await;
    assert_eq!(mail.subject, format!("Confirm your e-mail address for {NAME}"));
    assert!(mail.html.contains(NAME) && mail.text.contains(NAME), "{}", mail.text);
    let body = json!({ "email": "lin@example.com", "role": "author" });
    admin.post("/v1/users/invitations", body, 201).await;
    let mail = mailbox.mail_to("lin@example.com").await;
    assert_eq!(mail.subject, format!("An invitation to {NAME}"));
    let (_, author) = Visitor::with_role(&app, Role::Author).await;
    author.post("/v1/manage/proposals", draft("Tides"), 201).await;
    let mail = mailbox.mail_about("admin@example.com", "For review at").await;
    assert!(mail.subject.contains(NAME) && mail.text.contains(NAME), "{}", mail.text);
    // Who lost an account finds the people behind the site at its URL.
    let reader = app.user(Role::Reader).await;
    let email = reader.get("/v1/users/me", 200).await.text("/email");
    reader.delete("/v1/users/me", 204).await;
    let mail = mailbox.mail_to(&email).await;
    assert_eq!(mail.subject, format!("A change to your account at {NAME}"));
    assert_eq!(mail.links, [URL]);
    for mail in mailbox.mails() {
        assert!(!mail.text.contains("Byline") && !mail.html.contains("Byline"), "{}", mail.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_passwords_and_one_time_codes_know_the_name_of_the_settings() {
    let app = named().await;
    for path in ["oauth-protected-resource", "oauth-protected-resource/mcp"] {
        let metadata = app.anonymous().get(&format!("/.well-known/{path}"), 200).await;
        assert_eq!(metadata.text("/resource_name"), NAME, "{path}");
    }
    let client = register_client(&app, crate::oauth::REDIRECT, "none").await;
    let world = World::of(app).await;
    let page = world.browser().authorize(&asks(&client)).await;
    assert!(page.body.contains(&format!("Sign in to {NAME}")), "{}", page.body);
    let page = world.signed_in().await.authorize(&asks(&client)).await;
    assert!(page.body.contains(NAME) && !page.body.contains("at Byline"), "{}", page.body);
    let app = &world.app;
    let person = app.sign_in("admin@example.com").await;
    let uri = person.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    assert!(uri.contains("issuer=Field%20Notes"), "{uri}");
    let weak = json!({ "current_password": PASSWORD, "new_password": "Field Notes 12" });
    let refused = person.post("/v1/auth/password/change", weak, 422).await;
    assert!(refused.body.contains("the site's"), "{}", refused.body);
    assert!(app.byline.observer.violations().is_empty());
}

/// The deployment's values are for those who read the settings, and for nobody else.
#[test]
fn only_the_settings_know_the_start_values() {
    let mut folders =
        vec![root().join("shared/src"), root().join("functions"), root().join("local/src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains("initial_title") || text.contains("initial_url") {
                    found.push(path.strip_prefix(root()).unwrap().display().to_string());
                }
            }
        }
    }
    found.sort();
    let known = ["shared/src/config/mod.rs", "shared/src/known_settings.rs"];
    assert_eq!(found, known);
}
