//! Passwords: what is refused, how one is replaced, how they are kept.

use std::sync::Arc;

use byline_shared::clock::Clock;
use byline_shared::config::{Config, PasswordCost};
use byline_shared::model::Email;
use serde_json::json;

use crate::harness::{App, PASSWORD, code, login};

const OTHER: &str = "entirely different words";

#[tokio::test(flavor = "multi_thread")]
async fn passwords_that_are_easily_guessed_are_refused_with_the_reason() {
    let app = App::unlimited().await;
    let verify = "/v1/auth/verify-email";
    for (place, (password, name)) in [
        ("password1234", "Ada"),
        ("aaaaaaaaaaaaaaaa", "Ada"),
        ("ada.lovelace1815", "Ada"),
        ("Lovelace Augusta", "Augusta Lovelace"),
        ("byline byline", "Ada"),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("ada.lovelace1815@{place}.example.com");
        let body = json!({ "email": email, "name": name });
        app.anonymous().post("/v1/auth/register", body, 202).await;
        let token = app.mailed_token(&email).await;
        let body = json!({ "token": token, "password": password });
        let answer = app.anonymous().post(verify, body, 422).await;
        assert_eq!(answer.faults(), [("/password".to_owned(), "too_guessable".to_owned())]);
        assert!(!answer.body.contains(password), "{}", answer.body);
        // The link stays valid for a better one.
        app.verify(&token, 200).await;
    }
    let long: String = (0..32).map(|n| format!("{:x}-", n * n * 7919 + 104_729)).collect();
    let long = long.chars().take(256).collect::<String>();
    // No rules of composition, and every character counts as it is.
    let fine = ["lower case only words", "\u{1f98a} fox \u{1f98a} tree \u{1f98a}", &long];
    for (place, password) in fine.into_iter().enumerate() {
        let email = format!("fine{place}@example.com");
        let body = json!({ "email": email, "name": "Ada" });
        app.anonymous().post("/v1/auth/register", body, 202).await;
        let token = app.mailed_token(&email).await;
        let body = json!({ "token": token, "password": password });
        app.anonymous().post(verify, body, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_mail_and_every_session_ends() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let before = app.sign_in("ada@example.com").await;
    app.anonymous()
        .post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202)
        .await;
    let mail = app.byline.mailbox.mail_about("ada@example.com", "Choose a new password").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    before.get("/v1/users/me", 200).await;
    let weak = json!({ "token": token, "new_password": "ada ada ada ada" });
    app.anonymous().post("/v1/auth/password/reset", weak, 422).await;
    let body = json!({ "token": token, "new_password": OTHER });
    app.anonymous().post("/v1/auth/password/reset", body.clone(), 200).await;
    before.get("/v1/users/me", 401).await;
    let again = app.anonymous().post("/v1/auth/password/reset", body, 422).await;
    assert_eq!(again.faults(), [("/token".to_owned(), "invalid_token".to_owned())]);
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 401).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 200).await;
    app.byline.mailbox.mail_about("ada@example.com", "A change to your account").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_ends_with_its_time_and_with_another_change() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let about = "Choose a new password";
    let arrived = || {
        let mails = app.byline.mailbox.mails().into_iter();
        mails.filter(|mail| mail.subject.starts_with(about)).collect::<Vec<_>>()
    };
    let mailed = async || {
        let before = arrived().len();
        let forgot = json!({ "email": "ada@example.com" });
        app.anonymous().post("/v1/auth/password/forgot", forgot, 202).await;
        app.eventually(|| async { arrived().len() > before }).await;
        arrived()[0].links[0].split_once("token=").unwrap().1.to_owned()
    };
    let reset = async |token: &str, status| {
        let body = json!({ "token": token, "new_password": OTHER });
        app.anonymous().post("/v1/auth/password/reset", body, status).await;
    };
    let late = mailed().await;
    clock.advance(30 * 60);
    reset(&late, 422).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 200).await;
    let (first, second) = (mailed().await, mailed().await);
    clock.advance(30 * 60 - 1);
    reset(&first, 200).await;
    reset(&second, 422).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_leaves_this_session_alone() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let (this, other) =
        (app.sign_in("ada@example.com").await, app.sign_in("ada@example.com").await);
    let path = "/v1/auth/password/change";
    let wrong = json!({ "current_password": "not it at all", "new_password": OTHER });
    let answer = this.post(path, wrong, 422).await;
    assert_eq!(answer.faults(), [("/current_password".to_owned(), "wrong_password".to_owned())]);
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER });
    this.post(path, body, 200).await;
    this.get("/v1/users/me", 200).await;
    other.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_counts_as_it_is_sent_and_a_reset_keeps_the_second_factor() {
    let (app, clock) = App::with_clock().await;
    let exact = "  Spaces and CASE count \u{e9}  ";
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let token = app.mailed_token("ada@example.com").await;
    let body = json!({ "token": token, "password": exact });
    app.anonymous().post("/v1/auth/verify-email", body, 200).await;
    for other in [exact.trim(), &exact.to_lowercase(), "  Spaces and CASE count e\u{301}  "] {
        app.anonymous().post("/v1/auth/login", login("ada@example.com", other), 401).await;
    }
    let signed_in =
        app.anonymous().post("/v1/auth/login", login("ada@example.com", exact), 200).await;
    let ada = app.with_token(&signed_in.text("/access_token"));
    let uri = ada.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let confirm = json!({ "code": code(&uri, clock.now()) });
    ada.post("/v1/auth/totp/confirm", confirm, 200).await;
    app.anonymous()
        .post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202)
        .await;
    let mail = app.byline.mailbox.mail_about("ada@example.com", "Choose a new password").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    let body = json!({ "token": token, "new_password": OTHER });
    app.anonymous().post("/v1/auth/password/reset", body, 200).await;
    let answer = app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 401).await;
    answer.is_problem("second_factor_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_may_pepper_its_hashes_later() {
    let folder = tempfile::tempdir().unwrap();
    let start = |pepper: bool| {
        let data = byline_local::engine::Data::Folder(folder.path().to_owned());
        App::start_with(move |options| {
            options.data = data;
            options.variable = Arc::new(move |name: &str| {
                (pepper && name == "BYLINE_PASSWORD_PEPPER").then(|| "on".to_owned())
            });
        })
    };
    let app = start(false).await;
    app.sign_up("ada@example.com", "Ada").await;
    app.byline.stop().await;
    let stored = |app: &App| {
        let cx = app.byline.context.clone();
        async move {
            let email = byline_shared::model::Email::trusted("ada@example.com");
            let id = cx.store.users().find_id_by_email(&email).await.unwrap().unwrap();
            cx.store.users().get(&id).await.unwrap().unwrap().password_hash
        }
    };
    let app = start(true).await;
    assert!(stored(&app).await.starts_with("$argon2id$"));
    app.sign_in("ada@example.com").await;
    assert!(stored(&app).await.starts_with("peppered$argon2id$"));
    app.sign_in("ada@example.com").await;
    app.byline.stop().await;
    let app = start(false).await;
    app.sign_in("ada@example.com").await;
    assert!(stored(&app).await.starts_with("$argon2id$"), "and back again");
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_cost_what_owasp_recommends_and_no_variable_changes_that() {
    let recommended = PasswordCost::RECOMMENDED;
    assert_eq!((recommended.memory, recommended.passes), (19 * 1024, 2));
    // Whatever the environment says: every variable that is read is answered with what would lower
    // the cost if it meant the cost.
    for value in ["on", "off", "1", "8", "http://localhost"] {
        let config = Config::from_lookup(|variable| {
            let url = [
                "BYLINE_ACCOUNT_PAGES_URL",
                "BYLINE_AGENT_BASE_URL",
                "BYLINE_AGENT_URL",
                "BYLINE_MEDIA_URL",
                "BYLINE_PUBLIC_URL",
                "BYLINE_SITE_URL",
                "BYLINE_UPLOAD_URL",
            ];
            let given = match variable {
                known if url.contains(&known) => "http://localhost",
                "BYLINE_PASSWORD_PEPPER" | "BYLINE_OAUTH_REGISTRATION" => "on",
                "BYLINE_OAUTH_DOCUMENTS" => "on",
                "BYLINE_AGENT_PROVIDER" => "openai",
                "BYLINE_AGENT_RETENTION_DAYS" | "BYLINE_AGENT_SILENCE_SECONDS" => "90",
                "BYLINE_AGENT_CONTEXT_TOKENS" => "90000",
                "BYLINE_AGENT_MONTHLY_TOKENS" | "BYLINE_AGENT_MONTHLY_TOKENS_PER_USER" => "90",
                "BYLINE_REGISTRATION" => "invited",
                "BYLINE_OAUTH_REDIRECT_URIS" => "myapp://callback",
                "BYLINE_CORS_ORIGINS" => "http://localhost",
                "BYLINE_SECURITY_CONTACT" => "mailto:security@example.com",
                _ => value,
            };
            Ok(Some(given.to_owned()))
        });
        assert_eq!(config.unwrap().password_cost, recommended);
    }
    // A Byline that is started as `cargo dev` starts it.
    let cost = byline_local::Options::in_memory().password_cost;
    assert_eq!(cost, recommended);
    let app = App::start_with(|options| options.password_cost = cost).await;
    app.sign_up("ada@example.com", "Ada").await;
    let cx = &app.byline.context;
    let id = cx
        .store
        .users()
        .find_id_by_email(&Email::trusted("ada@example.com"))
        .await
        .unwrap()
        .unwrap();
    let stored = cx.store.users().get(&id).await.unwrap().unwrap().password_hash;
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    app.sign_in("ada@example.com").await;
}
