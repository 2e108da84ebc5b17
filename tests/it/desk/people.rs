//! Inviting people at the Desk, and the page that the mailed link opens.

use byline_shared::model::Role;
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, PASSWORD};

const EMAIL: &str = "lin@example.com";

/// The page that the newest invitation of an address leads to, opened by somebody with a browser of their
/// own, after a mail scanner did.
async fn opened(app: &App, email: &str) -> (Visitor, Answer) {
    let link = app.invitation_link(email).await;
    let own = format!("http://{}", app.byline.address);
    let path = link.strip_prefix(&own).unwrap().to_owned();
    assert!(path.starts_with("/desk/accept-invitation?token="), "{path}");
    for _ in 0..3 {
        Visitor::stranger(app).get(&path, 200).await;
    }
    let mut visitor = Visitor::stranger(app);
    let page = visitor.get(&path, 200).await;
    (visitor, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_invites_a_writer_who_accepts_and_is_in() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/people", 200).await;
    let fields = [("email", EMAIL), ("name", "Lin"), ("role", "author")];
    let sent = admin.press(&page, "Send invitation", &fields).await;
    let words = text_of(&sent);
    assert!(words.contains("The mail with the link is on its way."), "{words}");
    for part in [EMAIL, "Lin", "Invited by Admin", "author", "until"] {
        assert!(words.contains(part), "{part}: {words}");
    }

    let (mut lin, page) = opened(&app, EMAIL).await;
    let words = text_of(&page);
    assert!(words.contains("Admin invites you to Byline, as author."), "{words}");
    assert!(words.contains(&format!("You will sign in with {EMAIL}.")), "{words}");
    let accept = "Accept and sign in";
    assert_eq!(form(&page, accept).value("name"), "Lin", "the name of the invitation");
    let weak = lin.press(&page, accept, &[("password", "aaaaaaaaaaaaaaaa")]).await;
    assert_eq!(weak.status, 422);
    assert!(text_of(&weak).contains("easily guessed"), "{}", weak.body);
    let home = lin.press(&weak, accept, &[("password", PASSWORD), ("name", "Lin L.")]).await;
    assert_eq!(home.status, 200);
    assert!(text_of(&home).contains("Your account is ready."), "{}", home.body);
    lin.get("/desk/posts", 200).await;
    lin.get("/desk/people", 403).await;
    let me = app.sign_in(EMAIL).await.get("/v1/users/me", 200).await;
    assert_eq!((me.text("/name"), me.text("/role")), ("Lin L.".into(), "author".into()));

    // Once more: the link is used up.
    let mut other = Visitor::stranger(&app);
    let own = format!("http://{}", app.byline.address);
    let link = app.invitation_link(EMAIL).await;
    let spent = other.get(link.strip_prefix(&own).unwrap(), 200).await;
    assert!(text_of(&spent).contains("does not work any more"), "{}", spent.body);
    assert!(text_of(&spent).contains("ask an admin for another invitation"), "{}", spent.body);
    assert!(find(&spent, accept).is_none(), "nobody chooses a password in vain");
    let page = admin.get("/desk/people", 200).await;
    assert!(find(&page, "Withdraw").is_none(), "nobody waits any more");
    let log = admin.get("/desk/activity?kind=invitation_accepted", 200).await;
    assert!(
        text_of(&log).contains("accepted the invitation of Admin and joined as author"),
        "{}",
        log.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_without_a_name_asks_for_one() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/people", 200).await;
    admin.press(&page, "Send invitation", &[("email", EMAIL), ("role", "reader")]).await;
    let (mut lin, page) = opened(&app, EMAIL).await;
    let accept = "Accept and sign in";
    let nameless = lin.press(&page, accept, &[("password", PASSWORD)]).await;
    assert_eq!(nameless.status, 422);
    assert!(nameless.body.contains("href=\"#name\""), "{}", nameless.body);
    let home = lin.press(&nameless, accept, &[("password", PASSWORD), ("name", "Lin")]).await;
    assert!(text_of(&home).contains("Your account is ready."), "{}", home.body);
    lin.get("/desk/account", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_sent_again_and_withdrawn() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/people", 200).await;
    let fields = [("email", EMAIL), ("name", "Lin"), ("role", "editor")];
    let sent = admin.press(&page, "Send invitation", &fields).await;
    let first = app.invitation_link(EMAIL).await;
    let (mut early, old) = opened(&app, EMAIL).await;
    let again = admin.press(&sent, "Send again", &[]).await;
    assert!(text_of(&again).contains("The mail with the link is on its way."), "{}", again.body);
    app.eventually(|| async { app.invitation_link(EMAIL).await != first }).await;
    let accept = "Accept and sign in";
    let spent = early.press(&old, accept, &[("password", PASSWORD)]).await;
    assert!(text_of(&spent).contains("was withdrawn or replaced"), "{}", spent.body);

    let (mut lin, page) = opened(&app, EMAIL).await;
    let withdrawn = admin.press(&again, "Withdraw", &[]).await;
    assert!(text_of(&withdrawn).contains("Its link does not work any more."));
    assert!(find(&withdrawn, "Withdraw").is_none(), "{}", withdrawn.body);
    let spent = lin.press(&page, accept, &[("password", PASSWORD)]).await;
    assert_eq!(spent.status, 422);
    let (_, at_once) = opened(&app, EMAIL).await;
    assert!(text_of(&at_once).contains("was withdrawn or replaced"), "{}", at_once.body);
    lin.get("/desk", 303).await;
    // A second tab still has the button: it is done, unless there is an account by now.
    let late = admin.press(&again, "Withdraw", &[]).await;
    assert_eq!(text_of(&late), text_of(&withdrawn));
    app.create_user(EMAIL, "Lin", Role::Reader).await;
    let late = admin.press(&again, "Withdraw", &[]).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(text_of(&late).contains("was accepted before"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_invites_once() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/people", 200).await;
    let fields = [("email", EMAIL), ("name", "Lin"), ("role", "author")];
    let first = admin.press(&page, "Send invitation", &fields).await;
    let link = app.invitation_link(EMAIL).await;
    let again = admin.press(&first, "Send again", &[]).await;
    app.eventually(|| async { app.invitation_link(EMAIL).await != link }).await;
    let all =
        async || app.admin().await.get("/v1/users/invitations", 200).await.json["items"].clone();
    let now = all().await;
    let twice = admin.press(&first, "Send again", &[]).await;
    assert_eq!(text_of(&twice), text_of(&again), "it was done already");
    assert_eq!(all().await, now, "and nothing was sent");
    // Nor does it matter when both arrive at once.
    let page = admin.get("/desk/people", 200).await;
    let (mut one, mut two) = (admin.clone(), admin.clone());
    let fields = [("email", "two@example.com"), ("role", "reader")];
    let answers = tokio::join!(
        one.press(&page, "Send invitation", &fields),
        two.press(&page, "Send invitation", &fields),
    );
    assert_eq!((answers.0.status, answers.1.status), (200, 200), "{}", answers.1.body);
    assert_eq!(all().await.as_array().unwrap().len(), 2);
    // A form that was sent by mistake and goes with another role is another invitation.
    let corrected = [("email", "two@example.com"), ("role", "author")];
    admin.press(&page, "Send invitation", &corrected).await;
    assert_eq!(all().await.as_array().unwrap().len(), 2);
    assert_eq!(all().await[0]["role"], "author");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_comes_back() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/people", 200).await;
    let fields = [("email", "admin@example.com"), ("name", "Me"), ("role", "editor")];
    let taken = admin.press(&page, "Send invitation", &fields).await;
    assert_eq!(taken.status, 409);
    assert!(text_of(&taken).contains("has an account already"), "{}", taken.body);
    assert_eq!(form(&taken, "Send invitation").value("name"), "Me");
    assert_eq!(form(&taken, "Send invitation").value("role"), "editor");
    let wrong = [("email", "no address"), ("role", "author")];
    let refused = admin.press(&page, "Send invitation", &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("href=\"#email\""), "{}", refused.body);
    let refused =
        admin.press(&page, "Send invitation", &[("email", EMAIL), ("role", "owner")]).await;
    assert_eq!(refused.status, 422);
    // Nobody else may, whatever they send.
    let (mut editor, _) = Visitor::with_role(&app, Role::Editor).await;
    let own = editor.get("/desk/tags", 200).await;
    let mut sent = form(&own, "Create tag");
    sent.action = "/desk/people".to_owned();
    for (name, value) in [("action", "invite"), ("email", EMAIL), ("role", "admin")] {
        sent.set(name, value);
    }
    assert_eq!(editor.submit(&sent).await.status, 403);
    let all = app.admin().await.get("/v1/users/invitations", 200).await;
    assert_eq!(all.json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_let_everybody_sign_up() {
    let app = App::by_invitation().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/settings", 200).await;
    assert_eq!(form(&page, "Save settings").value("registration"), "invited");
    let saved = admin.press(&page, "Save settings", &[("registration", "open")]).await;
    assert_eq!(form(&saved, "Save settings").value("registration"), "open");
    let body = json!({ "email": EMAIL, "name": "Lin" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let mail = app.byline.mailbox.mail_about(EMAIL, "Confirm your e-mail address").await;
    let own = format!("http://{}", app.byline.address);
    let path = mail.links[0].strip_prefix(&own).unwrap();
    // Closed again, the link says what is needed, and leaves nothing behind.
    let mut lin = Visitor::stranger(&app);
    let page = lin.get(path, 200).await;
    let settings = admin.press(&saved, "Save settings", &[("registration", "invited")]).await;
    let closed = lin.press(&page, "Confirm and sign in", &[("password", PASSWORD)]).await;
    assert_eq!(closed.status, 403);
    assert!(text_of(&closed).contains("Ask an admin to invite your address."), "{}", closed.body);
    let at_once = lin.get(path, 200).await;
    assert!(text_of(&at_once).contains("Ask an admin to invite your address."), "{}", at_once.body);
    assert!(find(&at_once, "Confirm and sign in").is_none(), "{}", at_once.body);
    assert_eq!(form(&settings, "Save settings").value("registration"), "invited");
    lin.get("/desk/account", 303).await;
}
