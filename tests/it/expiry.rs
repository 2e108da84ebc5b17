//! How long each item of the database lives, as docs/STORAGE.md says: by the `ttl` that is stored.

use std::collections::{BTreeMap, BTreeSet};

use byline_shared::clock::Clock;
use byline_shared::model::Role;
use byline_shared::permission::Table;
use http::Method;
use serde_json::{Value, json};

use crate::desk::visitor::Visitor;
use crate::harness::{App, draft};
use crate::media::gif;
use crate::oauth::World;
use crate::rate_limits::LIMITS;

const DAY: i64 = 24 * 3600;

/// What an item is: the beginning of its key, and what tells items of one partition apart.
fn kind(item: &Value) -> String {
    let text = |name: &str| item[name].as_str().unwrap_or_default();
    let (pk, sk) = (text("pk"), text("sk"));
    let of = |key: &str, parts: usize| key.split('#').take(parts).collect::<Vec<_>>().join(" ");
    match of(pk, 1).as_str() {
        "EMAIL" => of(sk, 1),
        "LIMIT" => of(pk, 2),
        "SESSIONS" if item["browser"] == true => "session of a browser".to_owned(),
        "SESSIONS" if item["oauth"].is_object() => "session of an app".to_owned(),
        "TOKEN" => format!("token to {}", item["purpose"]["kind"].as_str().unwrap()),
        "POST" => of(sk, 1),
        other => other.to_owned(),
    }
}

/// The seconds that the items of each kind have left. Those that do not end are left out.
async fn lifetimes(app: &App, now: i64) -> BTreeMap<String, BTreeSet<i64>> {
    let cx = &app.byline.context;
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let mut found: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for table in [Table::Identity, Table::Content] {
        let mut from = None;
        loop {
            let scan = client.scan().table_name(cx.store.table(table));
            let page = scan.set_exclusive_start_key(from).send().await.unwrap();
            for mut item in page.items.unwrap_or_default() {
                // The others may be bytes, which JSON does not have.
                let read = ["pk", "sk", "ttl", "browser", "oauth", "purpose"];
                item.retain(|name, _| read.contains(&name.as_str()));
                let item: Value = serde_dynamo::aws_sdk_dynamodb_1::from_item(item).unwrap();
                if let Some(ttl) = item["ttl"].as_i64() {
                    found.entry(kind(&item)).or_default().insert(ttl - now);
                }
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_item_ends_when_the_documentation_says() {
    let (app, clock) = App::with_clock().await;
    let now = clock.now().as_seconds();
    let world = World::of(app).await;
    let app = &world.app;
    world.tokens(&world.asks()).await;
    let unused = crate::oauth::register_client(app, crate::oauth::REDIRECT, "none").await;
    assert_ne!(unused.id, world.client.id);

    let admin = app.admin().await;
    let body = json!({ "email": "new@example.com", "role": "author", "name": "New" });
    admin.post("/v1/users/invitations", body, 201).await;
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let (mut visitor, author) = Visitor::with_role(app, Role::Author).await;
    visitor.get("/desk", 200).await;
    let email = author.get("/v1/users/me", 200).await.text("/email");
    for path in ["/v1/auth/sign-in-link", "/v1/auth/password/forgot"] {
        app.anonymous().post(path, json!({ "email": email }), 202).await;
    }
    author.patch("/v1/users/me", json!({ "email": "other@example.com" }), 200).await;
    author.get("/v1/admin/audit", 403).await;

    let keys = "/v1/auth/api-keys";
    let key = author.post(keys, json!({ "name": "Kept", "scopes": ["posts:read"] }), 201).await;
    app.with_token(&key.text("/key")).get("/v1/manage/posts", 200).await;
    let gone = author.post(keys, json!({ "name": "Gone", "scopes": ["posts:read"] }), 201).await;
    author.delete(&format!("{keys}/{}", gone.text("/id")), 204).await;

    let headers = [("idempotency-key", "one")];
    let one = Some(draft("One"));
    let post = author.send(Method::POST, "/v1/manage/posts", &headers, one, 201).await;
    let previews = format!("/v1/manage/posts/{}/preview-links", post.text("/id"));
    let preview = author.post(&previews, json!({}), 201).await;
    let revoked = author.post(&previews, json!({}), 201).await.text("/id");
    author.delete(&format!("{previews}/{revoked}"), 204).await;
    app.anonymous().get(&format!("/v1/previews/{}", preview.text("/token")), 200).await;
    author.send(Method::POST, "/v1/manage/media", &[], Some(gif()), 201).await;
    let gone = author.post("/v1/manage/media", gif(), 201).await.text("/media/id");
    author.delete(&format!("/v1/manage/media/{gone}"), 204).await;

    author.post("/v1/manage/proposals", draft("Two"), 201).await;

    // The mails are on their way, and a token is made with its mail.
    for (address, about) in [
        ("new@example.com", "An invitation to"),
        ("ada@example.com", "Confirm your e-mail address"),
        (email.as_str(), "Sign in to"),
        (email.as_str(), "Choose a new password"),
        (email.as_str(), "Confirm the new e-mail address"),
        ("other@example.com", "Confirm the new e-mail address"),
        (world.email.as_str(), "For review"),
    ] {
        app.byline.mailbox.mail_about(address, about).await;
    }
    let mut found = lifetimes(app, now).await;
    let hour = (now / 3600 + 2) * 3600 - now;
    for (kind, seconds) in [
        ("API_KEYS", vec![8 * DAY, 90 * DAY]),
        ("API_KEY_USE", vec![90 * DAY]),
        ("AUDIT", vec![400 * DAY]),
        ("IDEMPOTENCY", vec![DAY]),
        ("INVITATION", vec![7 * DAY]),
        ("INVITATIONS", vec![7 * DAY]),
        ("LIMIT refusals", vec![hour]),
        ("MEDIA", vec![DAY, 8 * DAY]),
        ("OAUTH_CLIENT", vec![7 * DAY, 180 * DAY]),
        ("OAUTH_CODE", vec![DAY]),
        ("OAUTH_CONSENTS", vec![365 * DAY]),
        ("PREVIEW", vec![7 * DAY, 8 * DAY]),
        ("REGISTRATION", vec![DAY]),
        ("SESSIONS", vec![90 * DAY]),
        ("TOLD", vec![7 * DAY]),
        ("session of a browser", vec![7 * DAY]),
        ("session of an app", vec![90 * DAY]),
        ("token to accept_invitation", vec![7 * DAY]),
        ("token to confirm_email_change", vec![DAY]),
        ("token to confirm_sign_up", vec![DAY]),
        ("token to reset_password", vec![30 * 60]),
        ("token to sign_in", vec![15 * 60]),
    ] {
        let is: Vec<i64> = found.remove(kind).unwrap_or_default().into_iter().collect();
        assert_eq!(is, seconds, "{kind}");
    }
    // What is left are buckets: a minute longer than a full one takes to empty.
    let mut buckets = 0;
    for (_, name, _, window) in LIMITS {
        if let Some(seconds) = found.remove(&format!("LIMIT {name}")) {
            let seconds: Vec<i64> = seconds.into_iter().collect();
            assert_eq!(seconds, [window.cast_signed() + 60], "{name}");
            buckets += 1;
        }
    }
    assert!(buckets > 5, "{buckets} limits were asked");
    assert!(found.is_empty(), "not expected to end: {found:?}");
}
