//! What the local runner does besides answering: the mailbox, expiry.

use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Name, RegistrationId, Time};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::registrations::RegistrationItem;
use http::Method;

use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_json_for_programs_and_a_page_for_people() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada <b>").await;
    let accept = [("accept", "application/json")];
    let list = app.anonymous().send(Method::GET, "/_local/mail", &accept, None, 200).await;
    let mail = &list.json["items"][0];
    assert_eq!(mail["to"], "ada@example.com");
    assert!(mail["subject"].as_str().unwrap().starts_with("Confirm your e-mail address"));
    let link = mail["links"][0].as_str().unwrap();
    assert!(link.starts_with("http://localhost:3000/verify-email?token="), "{link}");
    assert!(mail["text"].as_str().unwrap().contains(link));
    mail["sent_at"].as_str().unwrap().parse::<Time>().unwrap();
    let page = app.anonymous().get("/_local/mail", 200).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains(&link.replace('&', "&amp;")));
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
