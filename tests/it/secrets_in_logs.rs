//! A run with every secret known finds none of them in the log, the security log or an error.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use crate::harness::cargo::binary;
use crate::harness::{Client, RECHECK, code};
use crate::oauth::browser::{Browser, form};
use crate::oauth::{self, OAuthClient};

const MARKED: &str = "planted marker horse battery";
const WRONG: &str = "wrong planted marker password";
const NEW: &str = "another planted marker staple";
const QUERY: &str = "planted-query-marker";

/// Collects what a stream says.
fn collect(stream: impl Read + Send + 'static, into: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut text = into.lock().unwrap();
            text.push_str(&line);
            text.push('\n');
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_written_down() {
    let mut process = Command::new(binary("byline"))
        .args(["--port", "0", "--memory"])
        .env("BYLINE_PUBLIC_URL", "")
        .env("BYLINE_REGISTRATION", "open")
        .env("BYLINE_ADMIN_PASSWORD", MARKED)
        .env("RUST_LOG", "trace,hyper=info,h2=info,mio=info")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    collect(process.stdout.take().unwrap(), Arc::clone(&log));
    collect(process.stderr.take().unwrap(), Arc::clone(&log));
    let base = loop {
        let text = log.lock().unwrap().clone();
        let line = text.lines().find(|line| line.trim().starts_with("API"));
        if let Some(base) = line.and_then(|line| line.split_whitespace().last()) {
            break base.to_owned();
        }
        tokio::time::sleep(RECHECK).await;
    };
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = Client::new(http.build().unwrap(), base, None);
    let (secrets, errors, audit) = story(&client).await;
    process.kill().unwrap();
    process.wait().unwrap();
    let log = log.lock().unwrap().clone();
    assert!(log.contains("/v1/auth/login") && log.contains("TRACE"), "the log is a full one");
    assert!(secrets.len() >= 12 && errors.len() > 5);
    let find = |place: &str, text: &str| {
        for (what, secret) in &secrets {
            let line = text.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{what} in the {place}: {}", line.unwrap_or_default());
        }
    };
    find("log", &log);
    find("security log", &audit);
    for error in errors {
        find("error", &error);
    }
}

/// Uses everything that has to do with secrets; hands back the secrets, the errors and the
/// security log.
async fn story(client: &Client) -> (Vec<(&'static str, String)>, Vec<String>, String) {
    let mut secrets = vec![
        ("a password", MARKED.to_owned()),
        ("a wrong password", WRONG.to_owned()),
        ("a new password", NEW.to_owned()),
        ("a query", QUERY.to_owned()),
    ];
    let mut errors = Vec::new();
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    client.post("/v1/auth/register", body, 202).await;
    let token = mailed(client, "Confirm your e-mail address").await;
    let verify = json!({ "token": token, "password": MARKED });
    let verified = client.post("/v1/auth/verify-email", verify.clone(), 200).await;
    secrets.push(("a first device token", verified.text("/device_token")));
    errors.push(client.post("/v1/auth/verify-email", verify, 422).await.body);
    secrets.push(("a mailed token", token));

    let login = |password: &str| json!({ "email": "ada@example.com", "password": password });
    errors.push(client.post("/v1/auth/login", login(WRONG), 401).await.body);
    let signed_in = client.post("/v1/auth/login", login(MARKED), 200).await;
    for name in ["access_token", "refresh_token", "device_token"] {
        secrets.push((name, signed_in.text(&format!("/{name}"))));
    }
    let refresh = json!({ "refresh_token": signed_in.text("/refresh_token") });
    let refreshed = client.post("/v1/auth/refresh", refresh, 200).await;
    secrets.push(("another refresh token", refreshed.text("/refresh_token")));
    let ada = client.with_token(&signed_in.text("/access_token"));

    let enrolment = ada.post("/v1/auth/totp", json!({}), 200).await;
    secrets.push(("a TOTP secret", enrolment.text("/secret")));
    errors.push(ada.post("/v1/auth/totp/confirm", json!({ "code": "x" }), 422).await.body);
    let now = byline_shared::clock::Clock::now(&byline_shared::clock::SystemClock);
    let body = json!({ "code": code(&enrolment.text("/otpauth_uri"), now) });
    let codes = ada.post("/v1/auth/totp/confirm", body, 200).await;
    let recovery = codes.text("/recovery_codes/0");
    let mut with_code = login(MARKED);
    with_code["code"] = recovery.clone().into();
    client.post("/v1/auth/login", with_code.clone(), 200).await;
    errors.push(client.post("/v1/auth/login", with_code, 401).await.body);
    secrets.push(("a recovery code", recovery));

    queries(client, &ada).await;
    let body = json!({ "name": "Key", "scopes": ["posts:read"] });
    let key = ada.post("/v1/auth/api-keys", body, 201).await.text("/key");
    errors.push(client.with_token(&key).get("/v1/manage/posts", 403).await.body);
    errors.push(client.with_token(&format!("{key}x")).get("/v1/manage/posts", 401).await.body);
    secrets.push(("an API key", key));

    secrets.extend(authorized_client(client, &ada, &mut errors).await);

    let change = json!({ "current_password": WRONG, "new_password": NEW });
    errors.push(ada.post("/v1/auth/password/change", change, 422).await.body);
    client.post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202).await;
    let token = mailed(client, "Choose a new password").await;
    let reset = json!({ "token": token, "new_password": NEW });
    let known = client.post("/v1/auth/password/reset", reset.clone(), 200).await;
    secrets.push(("a new device token", known.text("/device_token")));
    errors.push(client.post("/v1/auth/password/reset", reset, 422).await.body);
    secrets.push(("a reset token", token));

    client.post("/v1/auth/sign-in-link", json!({ "email": "ada@example.com" }), 202).await;
    let token = mailed(client, "Sign in to").await;
    let confirm = json!({ "token": token });
    client.post("/v1/auth/sign-in-link/confirm", confirm.clone(), 200).await;
    errors.push(client.post("/v1/auth/sign-in-link/confirm", confirm, 422).await.body);
    secrets.push(("a token to sign in with", token));

    let admin = json!({ "email": "admin@example.com", "password": MARKED });
    let admin = client.post("/v1/auth/login", admin, 200).await;
    let admin = client.with_token(&admin.text("/access_token"));
    let new = json!({ "title": "Draft", "body": "Words." });
    let post = admin.post("/v1/manage/posts", new, 201).await.text("/id");
    let links = format!("/v1/manage/posts/{post}/preview-links");
    let made = admin.post(&links, json!({}), 201).await;
    let token = made.text("/token");
    for path in ["/preview/", "/v1/previews/"] {
        client.get(&format!("{path}{token}"), 200).await;
    }
    for (path, status) in misspelled(&token) {
        let answer = client.try_send(http::Method::GET, &path, &[], None).await.unwrap();
        assert_eq!(answer.status, status, "{path}");
    }
    errors.push(client.get(&format!("/v1/previews/{token}?format=x"), 422).await.body);
    admin.delete(&format!("{links}/{}", made.text("/id")), 204).await;
    errors.push(client.get(&format!("/v1/previews/{token}"), 404).await.body);
    secrets.push(("the token of a preview link", token));
    let audit = admin.get("/v1/admin/audit?limit=100", 200).await.body;
    (secrets, errors, audit)
}

/// Addresses of a preview as somebody mistypes them, or an app builds them, and how they are answered.
fn misspelled(token: &str) -> [(String, u16); 10] {
    [
        (format!("//preview/{token}"), 308),
        (format!("/preview//{token}"), 308),
        (format!("/preview/{token}/"), 308),
        (format!("/v1//previews/{token}"), 308),
        (format!("/%2Fpreview/{token}"), 308),
        (format!("/preview%2F%2F{token}"), 308),
        (format!("/preview%252F{token}"), 404),
        (format!("/Preview/{token}"), 404),
        (format!("/v1/preview/{token}"), 404),
        (format!("/desk/previews/{token}/x"), 404),
    ]
}

/// Asks with a marked query for what is there, what is not, and what may not be asked for.
async fn queries(client: &Client, ada: &Client) {
    for path in [
        "/v1/posts?cursor=",
        "/v1/posts?",
        "/v1/posts/none?x=",
        "/v1/manage/posts?x=",
        "/v1/users/me?x=",
        "/no/such/path?x=",
        "/mcp?x=",
        "/oauth/authorize?state=",
        "/feed.json?x=",
        "/health?x=",
    ] {
        let path = format!("{path}{QUERY}");
        let answer = ada.try_send(http::Method::GET, &path, &[], None).await.unwrap();
        assert!(answer.status < 500, "{path}: {}", answer.body);
    }
    let (method, headers) = (http::Method::POST, [("content-type", "application/json")]);
    let path = format!("/v1/auth/login?x={QUERY}");
    client.send_raw(method, &path, &headers, Some("{".to_owned()), 400).await;
}

/// An OAuth client is authorized, and does everything twice.
async fn authorized_client(
    client: &Client,
    ada: &Client,
    errors: &mut Vec<String>,
) -> Vec<(&'static str, String)> {
    let body = json!({ "client_name": "Agent", "redirect_uris": [oauth::REDIRECT] });
    let made = client.post("/oauth/register", body, 201).await;
    let secret = made.text("/client_secret");
    let redirect_uri = oauth::REDIRECT.to_owned();
    let oauth_client =
        OAuthClient { id: made.text("/client_id"), secret: Some(secret.clone()), redirect_uri };
    let asks = oauth::asks(&oauth_client);
    let mut browser = Browser::new(client.clone());
    let page = browser.authorize(&asks).await;
    let wrong = browser.sign_in(&page, "ada@example.com", WRONG).await;
    errors.push(wrong.body);
    ada.delete("/v1/auth/totp", 204).await;
    let ask = form(&page, "sign_in").with("email", "ada@example.com").with("by", "mail");
    let sent = browser.post(&ask).await;
    let text = mail(client, "Your code to sign in").await["text"].as_str().unwrap().to_owned();
    let code = text.lines().find(|line| line.len() == 15 && line.contains('-')).unwrap();
    let mut other = browser.clone();
    let enter = form(&sent, "mail_code").with("mail_code", code);
    assert_eq!(other.post(&enter).await.status, 303);
    errors.push(browser.post(&enter).await.body);
    let mailed_code = [("a mailed code", code.to_owned()), ("its token", code.replace('-', ""))];
    let signed_in = browser.sign_in(&page, "ada@example.com", MARKED).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    let mut secrets = vec![("a client secret", secret.clone())];
    secrets.extend(mailed_code);
    secrets.extend(browser.cookies.0.values().map(|value| ("a cookie", value.clone())));
    let page = browser.authorize(&asks).await;
    let code = oauth::parameter(&browser.allow(&page).await, "code");
    let basic = BASE64_STANDARD.encode(format!("{}:{secret}", oauth_client.id));
    let basic = format!("Basic {basic}");
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
    let exchange = oauth::exchange(&oauth_client, &code);
    let post = |form: oauth::Form, status| {
        let (client, headers) = (client.clone(), headers);
        async move {
            let (method, body) = (http::Method::POST, Some(form.text()));
            client.send_raw(method, "/oauth/token", &headers, body, status).await
        }
    };
    let tokens = post(exchange.clone(), 200).await;
    errors.push(post(exchange, 400).await.body);
    let refresh = tokens.text("/refresh_token");
    let spent = oauth::Form::new(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]);
    errors.push(post(spent, 400).await.body);
    secrets.push(("a client's refresh token", refresh));
    secrets.push(("a client's access token", tokens.text("/access_token")));
    secrets.push(("a code", code));
    secrets
}

/// The token of the link in the newest mail with this subject.
async fn mailed(client: &Client, subject: &str) -> String {
    let mail = mail(client, subject).await;
    mail["links"][0].as_str().unwrap().split_once("token=").unwrap().1.to_owned()
}

/// The newest mail with this subject.
async fn mail(client: &Client, subject: &str) -> Value {
    loop {
        let headers = [("accept", "application/json")];
        let method = http::Method::GET;
        let mails = client.send_raw(method, "/_local/mail", &headers, None, 200).await;
        let items = mails.json["items"].as_array().unwrap().clone();
        let fits = |mail: &&Value| mail["subject"].as_str().unwrap().starts_with(subject);
        if let Some(mail) = items.iter().find(fits) {
            return mail.clone();
        }
    }
}
