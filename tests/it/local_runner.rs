//! What the local runner does besides answering: the mailbox, expiry, its switches.

use std::sync::Arc;

use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Name, Registration, RegistrationId, Time};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::registrations::RegistrationItem;
use http::Method;
use serde_json::json;

use crate::harness::{App, CHEAP};

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_json_for_programs_and_a_page_for_people() {
    let app = App::start().await;
    let body = json!({ "email": "ada@example.com", "name": "Ada <b>" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    app.mailed_token("ada@example.com").await;
    let accept = [("accept", "application/json")];
    let list = app.anonymous().send(Method::GET, "/_local/mail", &accept, None, 200).await;
    let mail = &list.json["items"][0];
    assert_eq!(mail["to"], "ada@example.com");
    assert!(mail["subject"].as_str().unwrap().starts_with("Confirm your e-mail address"));
    let link = mail["links"][0].as_str().unwrap();
    let own = format!("http://{}/desk/confirm?token=", app.byline.address);
    assert!(link.starts_with(&own), "{link}");
    assert!(mail["text"].as_str().unwrap().contains(link));
    mail["sent_at"].as_str().unwrap().parse::<Time>().unwrap();
    let page = app.anonymous().get("/_local/mail", 200).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains(&link.replace('&', "&amp;")));
    // Times are in words, by the clocks of the site.
    assert!(page.body.contains(" UTC</time>") && !page.body.contains("Z</time>"), "{}", page.body);
    // The link opens here, and shows a form.
    assert!(page.body.contains("Open the link of this mail"));
    let path = link.strip_prefix(&format!("http://{}", app.byline.address)).unwrap();
    assert!(app.anonymous().get(path, 200).await.body.contains("new-password"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_is_removed() {
    let app = App::start().await;
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let registration = |seconds: i64| RegistrationItem {
        id: RegistrationId::new(now),
        email: Email::trusted("old@example.com"),
        name: Name::trusted("Old"),
        ttl: now.plus_seconds(seconds).as_seconds(),
    };
    let (old, current) = (registration(-60), registration(3600));
    for item in [&old, &current] {
        let message = Message::SignUp { registration_id: item.id.clone() };
        let mail = OutboxItem::new(now, item.email.clone(), message);
        let entry = AuditEntry::new(cx, Event::Registered);
        cx.store.registrations().create(item, &mail, &entry).await.unwrap();
    }
    app.byline.sweep_expired().await;
    assert!(cx.store.registrations().get(&old.email, &old.id).await.unwrap().is_none());
    assert!(cx.store.registrations().get(&current.email, &current.id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn web_pages_and_rebound_names_reach_neither_database_nor_mailbox() {
    let app = App::start().await;
    let environment = &app.byline.lambda_environment;
    let value = |name: &str| environment.iter().find(|(n, _)| n == name).unwrap().1.clone();
    let url = value("AWS_ENDPOINT_URL_DYNAMODB");
    let key = format!("AWS4-HMAC-SHA256 Credential={}/x", value("AWS_ACCESS_KEY_ID"));
    let get = |headers: Vec<(&'static str, String)>| {
        let mut request = reqwest::Client::new().post(&url).body("{}");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        async move { request.send().await.unwrap() }
    };
    let target = ("x-amz-target", "AmazonSSM.GetParameter".to_owned());
    let key = ("authorization", key);
    let admitted = get(vec![target.clone(), key.clone()]).await;
    assert_eq!(admitted.status(), 400, "the holder of the key is told what is wrong");
    let evil = ("origin", "http://evil.example".to_owned());
    let rebound = ("host", "evil.example".to_owned());
    let guessed = ("authorization", "AWS4-HMAC-SHA256 Credential=local/x".to_owned());
    for headers in [
        vec![target.clone()],
        vec![target.clone(), guessed],
        vec![target.clone(), key.clone(), evil],
        vec![target, key, rebound],
    ] {
        let refused = get(headers).await;
        assert_eq!(refused.status(), 403);
        assert!(!refused.headers().contains_key("access-control-allow-origin"));
    }
    let host = [("host", "evil.example")];
    let anyone = app.anonymous();
    let refused = anyone.try_send(Method::GET, "/_local/mail", &host, None).await.unwrap();
    assert_eq!(refused.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_data_folder_still_brings_the_mail() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = || byline_local::engine::Data::Folder(folder.path().to_owned());
    let app = App::start_with(|options| options.data = data()).await;
    app.sign_up("one@example.com", "One").await;
    app.byline.stop().await;
    // As a crash in the middle of a write might leave them.
    std::fs::write(folder.path().join("worker-mail.position"), "").unwrap();
    let mails = folder.path().join("mail.jsonl");
    let mut mail = std::fs::OpenOptions::new().append(true).open(mails).unwrap();
    std::io::Write::write_all(&mut mail, b"{\"to\":\"torn").unwrap();
    let app = App::start_with(|options| options.data = data()).await;
    app.sign_up("two@example.com", "Two").await;
    app.byline.stop().await;
    let app = App::start_with(|options| options.data = data()).await;
    app.byline.mailbox.mail_to("one@example.com").await;
    app.byline.mailbox.mail_to("two@example.com").await;
    for file in ["byline.sqlite", "mail.jsonl"] {
        let mode = folder.path().join(file).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} is readable by others");
    }
}

/// A Byline at this public URL, with the local pages switched on or not.
async fn at(public_url: Option<&'static str>, local_pages: Option<&'static str>) -> App {
    App::start_with(|options| {
        options.variable = Arc::new(move |name: &str| match name {
            "BYLINE_PUBLIC_URL" => public_url.map(str::to_owned),
            "BYLINE_LOCAL_PAGES" => local_pages.map(str::to_owned),
            _ => None,
        });
    })
    .await
}

/// The status and text of the mailbox with these headers. A single mail is as open as the list.
async fn mailbox(app: &App, headers: &[(&str, &str)]) -> (u16, String) {
    let one = app.anonymous().try_send(Method::GET, "/_local/mail/7", headers, None).await;
    let one = one.unwrap().status;
    let answer = app.anonymous().try_send(Method::GET, "/_local/mail", headers, None).await;
    let answer = answer.unwrap();
    // There is no such mail.
    assert_eq!(one == 404, answer.status == 200, "{one}");
    (answer.status, answer.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_closed_to_whatever_looks_like_a_proxy() {
    let app = at(None, None).await;
    assert_eq!(mailbox(&app, &[]).await.0, 200);
    for host in ["localhost", "localhost:8000", "127.0.0.1", "[::1]:8000"] {
        assert_eq!(mailbox(&app, &[("host", host)]).await.0, 200, "{host}");
    }
    for header in [
        ("forwarded", "for=192.0.2.1"),
        ("via", "1.1 proxy"),
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-host", "blog.example"),
        ("x-forwarded-proto", "https"),
        ("x-real-ip", "192.0.2.1"),
        ("x-client-ip", "192.0.2.1"),
        ("true-client-ip", "192.0.2.1"),
        ("cf-connecting-ip", "192.0.2.1"),
        ("cf-ray", "8d"),
        ("cdn-loop", "cloudflare"),
        ("tailscale-user-login", "ada@example.com"),
        ("host", "blog.example"),
        ("host", "blog.example:8000"),
        ("host", "192.168.1.5:8000"),
        ("host", "127.0.0.1.blog.example"),
    ] {
        let (status, text) = mailbox(&app, &[header]).await;
        assert_eq!(status, 403, "{header:?}");
        assert!(text.contains("BYLINE_LOCAL_PAGES=on"), "{header:?}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_closed_to_http_1_0() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = at(None, None).await;
    for (version, status) in [("1.0", "403"), ("1.1", "200")] {
        let mut stream = tokio::net::TcpStream::connect(app.byline.address).await.unwrap();
        let request = format!(
            "GET /_local/mail HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let line = answer.lines().next().unwrap();
        assert!(line.contains(status), "HTTP/{version}: {line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_closed_at_a_public_url_unless_switched_on() {
    for url in ["https://api.example.com", "http://0.0.0.0:8000", "http://192.168.1.5:8000"] {
        let app = at(Some(url), None).await;
        let (status, text) = mailbox(&app, &[]).await;
        assert_eq!(status, 403, "{url}");
        assert!(text.contains(url), "{text}");
        assert!(app.byline.context.config.mailbox.is_none());
    }
    let app = at(Some("https://api.example.com"), Some("on")).await;
    let headers = [("x-forwarded-for", "192.0.2.1"), ("host", "api.example.com")];
    assert_eq!(mailbox(&app, &headers).await.0, 200);
    let app = at(Some("http://localhost:8000"), Some("off")).await;
    assert_eq!(mailbox(&app, &[]).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn registration_is_invited_or_open() {
    let registration = |value: Option<&'static str>| async move {
        let mut options = byline_local::Options::in_memory();
        options.password_cost = CHEAP;
        let given = move |name: &str| (name == "BYLINE_REGISTRATION").then_some(value).flatten();
        options.variable = Arc::new(move |name: &str| given(name).map(str::to_owned));
        byline_local::Byline::start(options).await
    };
    let default = registration(None).await.unwrap().context.config.registration;
    assert_eq!(default, Registration::Invited);
    let open = registration(Some("open")).await.unwrap().context.config.registration;
    assert_eq!(open, Registration::Open);
    let error = registration(Some("Open")).await.err().unwrap().to_string();
    assert!(error.contains("BYLINE_REGISTRATION: must be invited or open"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_is_neither_on_nor_off_is_refused() {
    for name in [
        "BYLINE_RATE_LIMITS",
        "BYLINE_LOCAL_PAGES",
        "BYLINE_OAUTH_DOCUMENTS",
        "BYLINE_OAUTH_REGISTRATION",
        "BYLINE_PASSWORD_PEPPER",
    ] {
        for value in ["maybe", "true", "ON", "0"] {
            let mut options = byline_local::Options::in_memory();
            let given = move |asked: &str| (asked == name).then(|| value.to_owned());
            options.variable = Arc::new(given);
            let error = byline_local::Byline::start(options).await.err().unwrap().to_string();
            assert!(error.contains(&format!("{name}: must be on or off")), "{error}");
        }
    }
}
