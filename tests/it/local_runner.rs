//! What the local runner does besides answering: the mailbox, expiry.

use http::Method;
use shared::model::{Email, Name, RegistrationId, Time};
use shared::store::registrations::RegistrationItem;

use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_is_json_for_programs_and_a_page_for_people() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada <b>").await;
    let accept = [("accept", "application/json")];
    let list = app.anonymous().send(Method::GET, "/_local/mail", &accept, None, 200).await;
    let mail = &list.json["items"][0];
    assert_eq!(mail["to"], "ada@example.com");
    assert!(mail["subject"].as_str().unwrap().starts_with("Confirm your address"));
    let link = mail["links"][0].as_str().unwrap();
    assert!(link.starts_with("http://localhost:3000/verify-email?token="), "{link}");
    assert!(mail["text"].as_str().unwrap().contains(link));
    mail["sent_at"].as_str().unwrap().parse::<Time>().unwrap();
    let page = app.anonymous().get("/_local/mail", 200).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains(link) && page.body.contains("Ada &lt;b&gt;"));
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
        password_hash: String::new(),
        ttl: now.plus_seconds(seconds).as_seconds(),
    };
    let (old, current) = (registration(-60), registration(3600));
    for item in [&old, &current] {
        cx.store.put_registration(item).await.unwrap();
    }
    app.byline.sweep_expired().await;
    assert!(cx.store.registration(&old.email, &old.id).await.unwrap().is_none());
    assert!(cx.store.registration(&current.email, &current.id).await.unwrap().is_some());
}
