//! The story that everything serves: a person signs up and writes a post, an editor publishes it,
//! a reader reads it, an agent lists and drafts.

use byline_shared::model::Role;
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, draft};

#[tokio::test(flavor = "multi_thread")]
async fn from_sign_up_to_a_reader() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada Example").await;
    let signed_in = app.tokens("ada@example.com").await;
    assert_eq!(signed_in.json["token_type"], "Bearer");
    assert_eq!(signed_in.json["expires_in"], 600);
    assert_eq!(signed_in.json["user"]["email"], "ada@example.com");
    assert_eq!(signed_in.json["user"]["role"], "reader");
    let ada = app.with_token(&signed_in.text("/access_token"));

    // Readers read.
    ada.post("/v1/manage/posts", draft("Too early"), 403).await.is_problem("forbidden");
    let id = signed_in.text("/user/id");
    let admin = app.admin().await;
    let path = format!("/v1/users/{id}");
    let promoted = admin.patch(&path, json!({ "role": "author" }), 200).await;
    assert_eq!(promoted.json["role"], "author");

    // Authors draft.
    let created = ada.post("/v1/manage/posts", draft("Hello, world"), 201).await;
    let post_id = created.text("/id");
    assert_eq!(created.header("location"), format!("/v1/manage/posts/{post_id}"));
    assert_eq!(created.header("etag"), "\"v1\"");
    assert_eq!(created.json["slug"], "hello-world");
    assert_eq!(created.json["status"], "draft");
    assert_eq!(created.json["tags"], json!([{ "slug": "field-notes", "name": "Field notes" }]));
    assert_eq!(created.json["author"]["name"], "Ada Example");
    assert_eq!(created.json["author"]["slug"], "ada-example");
    assert_eq!(created.json["live_revision_id"], Value::Null);
    assert_eq!(created.json["published_at"], Value::Null);
    app.anonymous().get("/v1/posts/hello-world", 404).await.is_problem("not_found");

    // Authors do not publish; editors do.
    let publish = format!("/v1/manage/posts/{post_id}/publish");
    let revision = json!({ "revision_id": created.text("/revision_id") });
    ada.post(&publish, revision.clone(), 403).await.is_problem("forbidden");
    let editor = app.user(Role::Editor).await;
    let published = editor.post(&publish, revision, 200).await;
    assert_eq!(published.json["status"], "published");
    assert_eq!(published.json["live_revision_id"], published.json["revision_id"]);

    // Readers find it.
    let list = app.anonymous().get("/v1/posts?tag=field-notes", 200).await;
    assert_eq!(list.text("/items/0/slug"), "hello-world");
    let read = app.anonymous().get("/v1/posts/hello-world", 200).await;
    assert_eq!(read.text("/body"), "About *Hello, world*.\n");
    assert_eq!(read.text("/body_html"), "<p>About <em>Hello, world</em>.</p>\n");

    // An agent lists and drafts over MCP.
    let call = |name: &str, arguments: Value| {
        json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": name, "arguments": arguments },
        })
    };
    let agent = app.agent(&ada).await;
    let listed = agent.post("/mcp", call("posts_list", json!({})), 200).await;
    assert_eq!(listed.text("/result/structuredContent/posts/0/id"), post_id);
    let arguments = json!({ "title": "From an agent", "body": "Words." });
    let drafted = agent.post("/mcp", call("post_create_draft", arguments), 200).await;
    assert_eq!(drafted.text("/result/structuredContent/status"), "draft");
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sign_up_changes_nothing_and_is_told_by_mail_alone() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let first = app.byline.mailbox.mails().len();
    let again = json!({ "email": "ADA@example.com", "name": "M" });
    let known = app.anonymous().post("/v1/auth/register", again, 202).await;
    let new = json!({ "email": "new@example.com", "name": "New" });
    let unknown = app.anonymous().post("/v1/auth/register", new, 202).await;
    assert_eq!(known.body, unknown.body);
    app.mailed_token("new@example.com").await;
    let mail = app.byline.mailbox.mail_to("ADA@example.com").await;
    assert!(mail.subject.starts_with("You already have an account"), "{}", mail.subject);
    assert!(mail.links.iter().all(|link| !link.contains("token=")));
    assert_eq!(app.byline.mailbox.mails().len(), first + 2);
    app.tokens("ada@example.com").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_the_mailbox_chooses_the_password() {
    let app = App::start().await;
    // A stranger signs the address up, and its owner follows the only mail there is.
    let theirs =
        json!({ "email": "ada@example.com", "password": "the attacker's one", "name": "M" });
    let refused = app.anonymous().post("/v1/auth/register", theirs, 422).await;
    assert_eq!(refused.faults(), [("/password".to_owned(), "unknown_field".to_owned())]);
    let body = json!({ "email": "ada@example.com", "name": "Mallory" });
    app.anonymous().post("/v1/auth/register", body.clone(), 202).await;
    let theirs = app.mailed_token("ada@example.com").await;
    let verify = "/v1/auth/verify-email";
    let alone = app.anonymous().post(verify, json!({ "token": theirs }), 422).await;
    assert_eq!(alone.faults(), [("/password".to_owned(), "required".to_owned())]);
    let body = json!({ "token": theirs, "password": PASSWORD, "name": "Ada" });
    app.anonymous().post(verify, body.clone(), 200).await;
    app.anonymous().post(verify, body, 422).await.is_problem("invalid_input");
    let owner = app.sign_in("ada@example.com").await;
    assert_eq!(owner.get("/v1/users/me", 200).await.text("/name"), "Ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ups_by_strangers_do_not_hold_up_the_owners_own() {
    let app = App::start().await;
    let attempt = |name: &str| json!({ "email": "ada@example.com", "name": name });
    app.anonymous().post("/v1/auth/register", attempt("Before"), 202).await;
    let mut tokens = vec![app.mailed_token("ada@example.com").await];
    for name in ["Ada", "After"] {
        let before = app.byline.mailbox.mails().len();
        app.anonymous().post("/v1/auth/register", attempt(name), 202).await;
        app.eventually(|| async { app.byline.mailbox.mails().len() > before }).await;
        tokens.push(app.mailed_token("ada@example.com").await);
    }
    app.verify(&tokens[1], 200).await;
    let owner = app.sign_in("ada@example.com").await;
    assert_eq!(owner.get("/v1/users/me", 200).await.text("/name"), "Ada");
    // Nor does another sign-up come back when the account is gone.
    owner.delete("/v1/users/me", 204).await;
    app.verify(&tokens[0], 422).await;
    app.verify(&tokens[2], 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_links_to_one_address_one_makes_the_account() {
    let app = App::start().await;
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    let mut tokens = Vec::new();
    for count in 1..=2 {
        app.anonymous().post("/v1/auth/register", body.clone(), 202).await;
        app.eventually(|| async { app.byline.mailbox.mails().len() >= count }).await;
        tokens.push(app.mailed_token("ada@example.com").await);
    }
    let verify = |token: String| {
        let client = app.anonymous();
        async move {
            let body = json!({ "token": token, "password": PASSWORD }).to_string();
            let headers = [("content-type", "application/json")];
            let path = "/v1/auth/verify-email";
            client.try_send(http::Method::POST, path, &headers, Some(body)).await.unwrap()
        }
    };
    let (one, two) = tokio::join!(verify(tokens[0].clone()), verify(tokens[1].clone()));
    let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
    assert_eq!(won.status, 200, "{}", won.body);
    // It meets the account if it had found its own sign-up before that one made the account, and
    // else finds no sign-up: the first one uses up all of the address.
    match lost.status {
        409 => lost.is_problem("email_taken"),
        _ => assert_eq!(lost.faults(), [("/token".to_owned(), "invalid_token".to_owned())]),
    }
    let users = app.admin().await.get("/v1/users", 200).await;
    let addresses = users.json["items"].as_array().unwrap().iter();
    assert_eq!(addresses.filter(|user| user["email"] == "ada@example.com").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_an_address_that_has_an_account_by_now_makes_no_other() {
    let app = App::start().await;
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let token = app.mailed_token("ada@example.com").await;
    // Beside the sign-up, which therefore stays.
    app.create_user("ada@example.com", "Ada", Role::Reader).await;
    app.verify(&token, 409).await.is_problem("email_taken");
    app.tokens("ada@example.com").await;
}
