//! The setting `registration`: nobody signs up without an invitation, unless everybody may.

use byline_shared::model::Role;
use serde_json::json;

use crate::desk::first_run::without_admin;
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_up_where_people_are_invited() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    assert_eq!(admin.get("/v1/admin/settings", 200).await.text("/registration"), "invited");
    app.create_user("known@example.com", "Known", Role::Reader).await;
    let body = json!({ "email": "lin@example.com", "role": "author" });
    admin.post("/v1/users/invitations", body, 201).await;
    app.invitation_token("lin@example.com").await;
    let mails = app.byline.mailbox.mails().len();
    // The first request from a network makes its bucket.
    let first = json!({ "email": "first@example.com", "name": "N" });
    app.anonymous().post("/v1/auth/register", first, 403).await;
    // The answer and the work are the same for everybody, and it says who can help.
    let mut all = Vec::new();
    for email in
        ["known@example.com", "unknown@example.com", "lin@example.com", "admin@example.com"]
    {
        let before = app.byline.observer.calls("auth-register");
        let body = json!({ "email": email, "name": "N" });
        let refused = app.anonymous().post("/v1/auth/register", body, 403).await;
        refused.is_problem("registration_closed");
        assert!(refused.text("/detail").contains("Ask an admin"), "{}", refused.body);
        let body = refused.body.replace(&refused.text("/request_id"), "(id)");
        all.push((body, app.byline.observer.calls("auth-register") - before));
    }
    assert!(all.iter().all(|seen| *seen == all[0]), "{all:?}");
    assert_eq!(app.byline.mailbox.mails().len(), mails);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_opens_and_closes_the_sign_up() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    let set = |registration: &str| json!({ "registration": registration });
    let open = admin.patch("/v1/admin/settings", set("open"), 200).await;
    assert_eq!(open.text("/registration"), "open");
    app.sign_up("ada@example.com", "Ada").await;
    let body = json!({ "email": "late@example.com", "name": "Late" });
    app.anonymous().post("/v1/auth/register", body.clone(), 202).await;
    let token = app.mailed_token("late@example.com").await;
    admin.patch("/v1/admin/settings", set("invited"), 200).await;
    app.anonymous().post("/v1/auth/register", body, 403).await.is_problem("registration_closed");
    app.verify(&token, 403).await.is_problem("registration_closed");
    // Its link works again with the setting.
    admin.patch("/v1/admin/settings", set("open"), 200).await;
    app.verify(&token, 200).await;
    let wrong = admin.patch("/v1/admin/settings", set("closed"), 422).await;
    assert_eq!(wrong.faults()[0].0, "/registration");
    let editor = app.user(Role::Editor).await;
    editor.patch("/v1/admin/settings", set("open"), 403).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn until_there_is_an_admin_only_the_named_address_gets_in() {
    let app = App::by_invitation().await;
    let cx = &app.byline.context;
    // As a stack is before anybody is there.
    without_admin(&app).await;
    let sign_up = |email: &str| json!({ "email": email, "name": "Somebody" });
    let stranger = sign_up("stranger@example.com");
    let theirs = app.anonymous().post("/v1/auth/register", stranger, 202).await;
    let own = app.anonymous().post("/v1/auth/register", sign_up("admin@example.com"), 202).await;
    assert_eq!(theirs.body, own.body, "nobody learns whose address is named");
    let token = app.mailed_token("admin@example.com").await;
    app.verify(&token, 200).await;
    let admin = app.admin().await;
    assert_eq!(admin.get("/v1/users/me", 200).await.text("/role"), "admin");
    let theirs = admin.get("/v1/users?limit=10", 200).await;
    assert!(!theirs.body.contains("stranger@example.com"));
    // The outbox is empty again, and held no mail for the stranger.
    let is_done = || async {
        let later = cx.clock.now().plus_seconds(3600);
        cx.store.outbox().list_due(later, 10).await.unwrap().is_empty()
    };
    app.eventually(is_done).await;
    let mails = app.byline.mailbox.mails();
    assert!(mails.iter().all(|mail| mail.to != "stranger@example.com"), "a link was mailed");
    let late = sign_up("admin@example.com");
    app.anonymous().post("/v1/auth/register", late, 403).await.is_problem("registration_closed");
}
