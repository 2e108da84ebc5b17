//! The first admin of a Byline as on AWS: nobody is there, and the deployment names an address.

use std::sync::Arc;

use byline_local::Options;
use byline_shared::context::Context;
use byline_shared::model::{Email, Registration};
use byline_shared::permission::Table;
use byline_shared::store::keys::{self, Key};
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, PASSWORD, login};

const ADMIN: &str = "admin@example.com";
const MAIL: &str = "Confirm your e-mail address and become the admin";
const URL: &str = "https://byline.example";

/// As a stack is before anybody is there: without the admin that every Byline on one machine has, and at an
/// address of its own, so that no mail stays on the machine.
async fn stack(registration: Registration) -> App {
    stack_with(registration, |_| {}).await
}

async fn stack_with(registration: Registration, change: impl FnOnce(&mut Options)) -> App {
    let given = serde_json::to_value(registration).unwrap().as_str().unwrap().to_owned();
    let app = App::start_with(|options| {
        options.variable = Arc::new(move |name: &str| match name {
            "BYLINE_REGISTRATION" => Some(given.clone()),
            "BYLINE_PUBLIC_URL" => Some(URL.to_owned()),
            "BYLINE_SITE_NAME" => Some("Field Notes".to_owned()),
            _ => None,
        });
        change(options);
    })
    .await;
    without_admin(&app).await;
    app
}

/// Takes away the admin that every Byline on one machine has from the start.
pub(crate) async fn without_admin(app: &App) {
    let cx = &app.byline.context;
    delete(cx, &keys::admins()).await;
    delete(cx, &keys::account(&app.byline.admin.email)).await;
}

async fn delete(cx: &Context, key: &Key) {
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let delete = client.delete_item().table_name(cx.store.table(Table::Identity));
    delete.set_key(Some(key.attributes())).send().await.unwrap();
}

/// The path of the link in the newest mail about a subject.
async fn link(app: &App, subject: &str) -> String {
    let mail = app.byline.mailbox.mail_about(ADMIN, subject).await;
    mail.links[0].strip_prefix(URL).unwrap_or_else(|| panic!("{:?}", mail.links)).to_owned()
}

/// How many mails were sent, once none waits any more.
async fn mails(app: &App) -> usize {
    let cx = &app.byline.context;
    let is_done = || async {
        let later = cx.clock.now().plus_seconds(3600);
        cx.store.outbox().list_due(later, 10).await.unwrap().is_empty()
    };
    app.eventually(is_done).await;
    app.byline.mailbox.mails().len()
}

/// The first page of a stranger.
async fn first_page(visitor: &mut Visitor) -> Answer {
    let answer = visitor.get("/desk", 303).await;
    let page = visitor.follow(answer).await;
    assert_eq!(page.status, 200);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_needs_no_terminal() {
    let app = stack(Registration::Invited).await;
    let mut visitor = Visitor::stranger(&app);
    let page = first_page(&mut visitor).await;
    let words = text_of(&page);
    assert!(
        words.contains("Set up Field Notes") && words.contains("There is no admin yet"),
        "{words}"
    );
    assert!(words.contains("a•••@e•••.com"), "{words}");
    assert!(!page.body.contains(ADMIN), "strangers do not learn the address");
    // Whatever else the form holds, the mail goes to the address of the deployment.
    let fields = [("email", "stranger@example.com"), ("to", "stranger@example.com")];
    let sent = visitor.press(&page, "Send the link", &fields).await;
    let words = text_of(&sent);
    assert!(words.contains("Check your inbox") && words.contains("a•••@e•••.com"), "{words}");
    let path = link(&app, MAIL).await;
    assert!(path.starts_with("/desk/confirm?token="), "{path}");
    assert_eq!(mails(&app).await, 1);
    // A scanner follows the link first, and nothing happens.
    for _ in 0..2 {
        Visitor::stranger(&app).get(&path, 200).await;
    }
    let page = visitor.get(&path, 200).await;
    assert!(text_of(&page).contains("become the admin of Field Notes"), "{}", page.body);
    let nameless = visitor.press(&page, "Confirm and sign in", &[("password", PASSWORD)]).await;
    assert_eq!(nameless.status, 422, "{}", nameless.body);
    let fields = [("password", PASSWORD), ("name", "Ada Lovelace")];
    let home = visitor.press(&nameless, "Confirm and sign in", &fields).await;
    assert_eq!(home.status, 200, "{}", home.body);
    let words = text_of(&home);
    for part in [
        "Your address is confirmed",
        "Ada Lovelace",
        "Three ways to begin",
        "Write a post",
        "Connect an agent",
        "Import a site",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    visitor.get("/desk/people", 200).await;
    // From then on the page is the one to sign in on, and its form sends nothing.
    let mut stranger = Visitor::stranger(&app);
    let page = first_page(&mut stranger).await;
    assert!(!text_of(&page).contains("no admin"), "{}", page.body);
    let mut replayed = form(&page, "Sign in");
    replayed.set("step", "first");
    let answer = stranger.submit(&replayed).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk/sign-in"));
    assert_eq!(mails(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_make_one_admin() {
    let app = stack(Registration::Invited).await;
    let mut visitor = Visitor::stranger(&app);
    let page = first_page(&mut visitor).await;
    let mut pages = Vec::new();
    for _ in 0..4 {
        visitor.press(&page, "Send the link", &[]).await;
        let count = pages.len() + 1;
        app.eventually(|| async { app.byline.mailbox.mails().len() == count }).await;
        let path = link(&app, MAIL).await;
        let mut owner = Visitor::stranger(&app);
        let page = owner.get(&path, 200).await;
        pages.push((owner, form(&page, "Confirm and sign in")));
    }
    let mut all = tokio::task::JoinSet::new();
    for (mut owner, mut form) in pages {
        form.set("password", PASSWORD);
        form.set("name", "Ada");
        all.spawn(async move { owner.submit(&form).await });
    }
    let mut outcomes: Vec<(u16, String)> =
        all.join_all().await.into_iter().map(|answer| (answer.status, answer.body)).collect();
    outcomes.sort();
    let made = outcomes.iter().filter(|(status, _)| *status == 303).count();
    assert_eq!(made, 1, "{outcomes:?}");
    for (status, body) in outcomes.iter().filter(|(status, _)| *status != 303) {
        let is_told = body.contains("You have an account already")
            || body.contains("does not work any more")
            || body.contains("You need an invitation");
        assert!([403, 409, 422].contains(status) && is_told, "{status}: {body}");
    }
    let admin = app.sign_in(ADMIN).await;
    let people = admin.get("/v1/users?limit=10", 200).await;
    let roles = people.json["items"].as_array().unwrap().iter();
    // The account that was there before the test took the admin away is of the same address.
    let owners = roles.filter(|user| user["name"] == "Ada" && user["role"] == "admin").count();
    assert_eq!(owners, 1, "{}", people.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_is_limited_and_the_limit_is_told() {
    let app = stack(Registration::Invited).await;
    let mut visitor = Visitor::stranger(&app);
    let page = first_page(&mut visitor).await;
    for _ in 0..5 {
        let sent = visitor.press(&page, "Send the link", &[]).await;
        assert!(text_of(&sent).contains("Check your inbox"), "{}", sent.body);
    }
    let refused = visitor.press(&page, "Send the link", &[]).await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    assert!(text_of(&refused).contains("Try again in"), "{}", refused.body);
    assert!(find(&refused, "Send the link").is_some(), "{}", refused.body);
    assert_eq!(mails(&app).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_usable_address_the_page_says_what_to_do() {
    let nobody = stack_with(Registration::Invited, |options| {
        options.admin_email = Email::trusted("");
    })
    .await;
    let taken = stack(Registration::Open).await;
    taken.create_user(ADMIN, "Early", byline_shared::model::Role::Reader).await;
    for (app, says) in [
        (&nobody, "names no e-mail address for one"),
        (&taken, "has an account already, which stays as it is"),
    ] {
        let mut visitor = Visitor::stranger(app);
        let page = first_page(&mut visitor).await;
        let words = text_of(&page);
        assert!(words.contains(says) && words.contains("AdminEmail"), "{words}");
        assert!(find(&page, "Send the link").is_none(), "{}", page.body);
        let other = visitor.get("/desk/sign-in?by=password", 200).await;
        let mut crafted = form(&other, "Sign in");
        crafted.set("step", "first");
        let answer = visitor.submit(&crafted).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/desk/sign-in"));
        assert_eq!(mails(app).await, 0);
    }
    // Who has an account can sign in nevertheless.
    let mut reader = Visitor::stranger(&taken);
    let page = reader.get("/desk/sign-in?by=password", 200).await;
    let fields = [("email", ADMIN), ("password", PASSWORD)];
    reader.press(&page, "Sign in", &fields).await;
    reader.get("/desk/account", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_one_machine_the_mailbox_has_a_link_for_the_admin() {
    let app = App::by_invitation().await;
    let mut visitor = Visitor::stranger(&app);
    let page = first_page(&mut visitor).await;
    let words = text_of(&page);
    assert!(words.contains("This Byline runs on your machine"), "{words}");
    assert!(page.body.contains("href=\"/_local/mail\""), "{}", page.body);
    let sent = visitor.press(&page, "Send the admin a link", &[]).await;
    assert!(text_of(&sent).contains("Check your inbox"), "{}", sent.body);
    assert!(sent.body.contains("href=\"/_local/mail\""), "{}", sent.body);
    let mail = app.byline.mailbox.mail_about(ADMIN, "Sign in to").await;
    let own = format!("http://{}", app.byline.address);
    let page = visitor.get(mail.links[0].strip_prefix(&own).unwrap(), 200).await;
    let home = visitor.press(&page, "Sign in", &[]).await;
    assert!(text_of(&home).contains("Three ways to begin"), "{}", home.body);
    // A Byline that others reach says nothing of it: its mails leave the machine on AWS alone.
    let open = App::start_with(|options| {
        options.variable =
            Arc::new(|name: &str| (name == "BYLINE_PUBLIC_URL").then(|| URL.to_owned()));
    })
    .await;
    let page = first_page(&mut Visitor::stranger(&open)).await;
    assert!(find(&page, "Send the admin a link").is_none(), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_sends_the_first_admin_the_same_link() {
    let app = stack(Registration::Invited).await;
    let body = json!({ "email": ADMIN, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let path = link(&app, MAIL).await;
    let token = path.split_once("token=").unwrap().1;
    app.verify(token, 200).await;
    app.anonymous().post("/v1/auth/login", login(ADMIN, PASSWORD), 200).await;
}
