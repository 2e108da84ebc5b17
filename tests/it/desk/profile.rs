//! The public profile, and the end of the account.

use byline_shared::model::Role;
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, PASSWORD, draft, login};
use crate::media;

const PAGE: &str = "/desk/account/profile";
const END: &str = "/desk/account/delete";
const SAVE: &str = "Save the profile";
const DELETE: &str = "Delete my account for good";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_who_they_are_and_takes_it_back() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let picture = media::published(&client).await.text("/id");
    let page = visitor.get(PAGE, 200).await;
    assert!(text_of(&page).contains("Nobody has to approve it"), "{}", page.body);
    let fields = [
        ("bio", "Writes about tides.\n\nAnd ebbs."),
        ("picture", picture.as_str()),
        ("label_of_link_2", "Notes"),
        ("address_of_link_2", " https://notes.example "),
    ];
    let saved = visitor.press(&page, SAVE, &fields).await;
    assert!(text_of(&saved).contains("Readers see it with your posts."), "{}", saved.body);
    let profile = client.get("/v1/users/me", 200).await.json["profile"].clone();
    assert_eq!(profile["bio"], "Writes about tides.\n\nAnd ebbs.");
    assert_eq!(profile["picture"]["id"], picture);
    assert_eq!(profile["links"], json!([{ "label": "Notes", "url": "https://notes.example" }]));
    // The form has what is saved, and keeps what is wrong.
    let again = form(&saved, SAVE);
    assert_eq!(
        (again.value("picture"), again.value("label_of_link_1")),
        (picture.as_str(), "Notes")
    );
    let wrong = [
        ("label_of_link_1", ""),
        ("address_of_link_3", "http://plain.example"),
        ("bio", "New\u{e0041}"),
    ];
    let refused = visitor.press(&saved, SAVE, &wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["label_of_link_1", "label_of_link_3", "address_of_link_3", "bio"] {
        assert!(refused.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", refused.body);
    }
    assert!(text_of(&refused).contains("Address of link 3: "), "{}", refused.body);
    assert_eq!(form(&refused, SAVE).value("address_of_link_3"), "http://plain.example");
    assert_eq!(client.get("/v1/users/me", 200).await.json["profile"], profile);
    let gone =
        visitor.press(&saved, SAVE, &[("picture", "media_01AAAAAAAAAAAAAAAAAAAAAAAA")]).await;
    assert!(gone.body.contains("href=\"#picture\""), "{}", gone.body);
    // The library says where the picture is, and deleting it takes it out.
    let file = visitor.get(&format!("/desk/media/{picture}"), 200).await;
    let name = client.get("/v1/users/me", 200).await.text("/name");
    assert!(text_of(&file).contains(&format!("the profile of {name}")), "{}", file.body);
    visitor.press(&file, "Delete file", &[("delete", "yes")]).await;
    let page = visitor.get(PAGE, 200).await;
    assert_eq!(form(&page, SAVE).value("picture"), "");
    let empty = [("bio", ""), ("label_of_link_1", ""), ("address_of_link_1", "")];
    visitor.press(&page, SAVE, &empty).await;
    let left = client.get("/v1/users/me", 200).await.json["profile"].clone();
    assert_eq!(left, json!({ "bio": null, "picture": null, "links": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_have_no_profile_but_can_remove_one() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get(PAGE, 200).await;
    visitor.press(&page, SAVE, &[("bio", "Before.")]).await;
    let id = client.get("/v1/users/me", 200).await.text("/id");
    app.admin().await.patch(&format!("/v1/users/{id}"), json!({ "role": "reader" }), 200).await;
    let late = visitor.press(&page, SAVE, &[("bio", "After.")]).await;
    assert_eq!(late.status, 403, "{}", late.body);
    let page = visitor.get(PAGE, 200).await;
    assert!(find(&page, SAVE).is_none());
    let removed = visitor.press(&page, "Remove the profile", &[]).await;
    assert!(find(&removed, "Remove the profile").is_none(), "{}", removed.body);
    assert!(client.get("/v1/users/me", 200).await.json["profile"]["bio"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_deleted_with_its_address_typed() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let me = client.get("/v1/users/me", 200).await;
    let email = me.text("/email");
    client.post("/v1/manage/posts", draft("Left behind"), 201).await;
    let key = app.agent(&client).await;
    let account = visitor.get("/desk/account", 200).await;
    assert!(account.body.contains(&format!("href=\"{END}\"")), "{}", account.body);
    let page = visitor.get(END, 200).await;
    let words = text_of(&page);
    for part in [
        "signed out everywhere",
        "API keys",
        "Former author",
        "scheduled",
        "conversations with the agent are deleted",
        "Preview links that you made keep working",
        "cannot be brought back",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    for wrong in ["", "yes", "admin@example.com"] {
        let refused = visitor.press(&page, DELETE, &[("email", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.body.contains("href=\"#email\""), "{}", refused.body);
    }
    client.get("/v1/users/me", 200).await;
    // Not at a computer that somebody left.
    clock.advance(15 * 60 + 1);
    let mut sent = form(&page, DELETE);
    sent.set("email", &email);
    let late = visitor.submit(&sent).await;
    assert_eq!(late.status, 403);
    assert!(text_of(&late).contains("sign-in of the last 15 minutes"), "{}", late.body);
    assert!(find(&visitor.get(END, 200).await, DELETE).is_none());
    let mut visitor = Visitor::of(&app, &email).await;
    let page = visitor.get(END, 200).await;
    let done = visitor.press(&page, DELETE, &[("email", &email.to_uppercase())]).await;
    assert!(text_of(&done).contains("Your account was deleted."), "{}", done.body);
    visitor.get("/desk/account", 303).await;
    key.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login(&email, PASSWORD), 401).await;
    let admin = app.admin().await;
    admin.get(&format!("/v1/users/{}", me.text("/id")), 404).await;
    app.eventually(|| async {
        let posts = admin.get("/v1/manage/posts", 200).await;
        posts.json["items"][0]["author"]["name"] == "Former author"
    })
    .await;
    app.byline.mailbox.mail_about(&email, "A change to your account").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_is_told_that_they_stay() {
    let app = App::unlimited().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get(END, 200).await;
    assert!(text_of(&page).contains("You are the last admin"), "{}", page.body);
    assert!(find(&page, DELETE).is_none());
    // Two of them at once: one stays.
    let (mut second, other) = Visitor::with_role(&app, Role::Admin).await;
    let second_email = other.get("/v1/users/me", 200).await.text("/email");
    let (one, two) = (admin.get(END, 200).await, second.get(END, 200).await);
    let (one_email, two_email) =
        ([("email", "admin@example.com")], [("email", second_email.as_str())]);
    let answers = tokio::join!(
        admin.press(&one, DELETE, &one_email),
        second.press(&two, DELETE, &two_email),
    );
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", answers.0.body, answers.1.body);
    let kept = if answers.0.status == 409 { answers.0 } else { answers.1 };
    assert!(text_of(&kept).contains("You are the last admin"), "{}", kept.body);
}
