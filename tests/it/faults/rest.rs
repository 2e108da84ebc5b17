//! The operations that end or change one thing: it is so where they say so, and trying again gets
//! there.

use byline_shared::auth::sessions;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{AddressSide, Email, EmailChangeId, Role};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::tokens::Purpose;
use byline_shared::store::users::EmailChange;
use http::Method;
use serde_json::json;

use super::{MAX_CALLS, World, with_every_fault};
use crate::harness::{Answer, Client, PASSWORD};

pub(super) async fn delete(client: Client, path: String) -> Answer {
    client.try_send(Method::DELETE, &path, &[], None).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_makes_an_ending_or_a_change_untrue() {
    let mut world = World::new().await;

    with_every_fault!(
        world,
        "auth-verify-email-resend",
        |case| world.signed_up().await,
        {
            let client = world.app.anonymous();
            let body = json!({ "email": case.0 });
            async move { client.try_post("/v1/auth/verify-email/resend", body).await }
        },
        async |answer: Answer, what: String| {
            assert!([202, 503].contains(&answer.status), "{what}: {}", answer.body);
            let token = world.app.mailed_token(case.0.as_str()).await;
            world.app.verify(&token, 200).await;
        }
    );

    with_every_fault!(
        world,
        "auth-totp-enrol",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            async move { client.try_post("/v1/auth/totp", json!({})).await }
        },
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            // A secret that nobody confirmed asks for nothing, and another one takes its place.
            assert!(world.signs_in(&case.0.user.email, PASSWORD).await, "{what}");
            world.app.with_token(&case.1).post("/v1/auth/totp", json!({}), 200).await;
        }
    );

    with_every_fault!(
        world,
        "auth-totp-delete",
        |case| {
            let (account, token) = world.person().await;
            let client = world.app.with_token(&token);
            let uri = client.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
            let now = world.app.byline.context.clock.now();
            let body = json!({ "code": crate::harness::code(&uri, now) });
            client.post("/v1/auth/totp/confirm", body, 200).await;
            (account, token)
        },
        delete(world.app.with_token(&case.1), "/v1/auth/totp".to_owned()),
        async |answer: Answer, what: String| {
            let client = world.app.with_token(&case.1);
            if answer.status != 204 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                client.delete("/v1/auth/totp", 204).await;
            }
            assert!(world.signs_in(&case.0.user.email, PASSWORD).await, "{what}");
        }
    );

    with_every_fault!(
        world,
        "auth-api-keys-delete",
        |case| {
            let (_, token) = world.person().await;
            let body = json!({ "name": "Key", "scopes": ["profile"] });
            let made = world.app.with_token(&token).post("/v1/auth/api-keys", body, 201).await;
            (token, made.text("/key"), format!("/v1/auth/api-keys/{}", made.text("/id")))
        },
        delete(world.app.with_token(&case.0), case.2.clone()),
        async |answer: Answer, what: String| {
            if answer.status != 204 {
                assert!([404, 503].contains(&answer.status), "{what}: {}", answer.body);
                delete(world.app.with_token(&case.0), case.2.clone()).await;
            }
            world.app.with_token(&case.1).get("/v1/users/me", 401).await;
        }
    );

    with_every_fault!(
        world,
        "auth-sessions-delete",
        |case| {
            let (account, token) = world.person().await;
            let cx = &world.app.byline.context;
            let other = sessions::create(cx, &account).await.unwrap().unwrap();
            let access = byline_shared::auth::issue(cx, &account.user.id, &other.id).await.unwrap();
            (token, access.token, format!("/v1/auth/sessions/{}", other.id))
        },
        delete(world.app.with_token(&case.0), case.2.clone()),
        async |answer: Answer, what: String| {
            if answer.status != 204 {
                assert!([404, 503].contains(&answer.status), "{what}: {}", answer.body);
                delete(world.app.with_token(&case.0), case.2.clone()).await;
            }
            world.app.with_token(&case.1).get("/v1/users/me", 401).await;
            world.app.with_token(&case.0).get("/v1/users/me", 200).await;
        }
    );

    // The second consent: the account has the one address or the other, and that one signs in.
    with_every_fault!(
        world,
        "auth-email-change-confirm",
        |case| {
            let account = world.account().await;
            let (user_id, email) = (account.user.id.clone(), world.email());
            let cx = &world.app.byline.context;
            let now = cx.clock.now();
            let change_id = EmailChangeId::new(now);
            let ends_at = now.plus_seconds(600);
            let change = EmailChange { id: change_id.clone(), email: email.clone(), ends_at };
            let mail = |to: &Email| OutboxItem::new(now, to.clone(), Message::ManyWrongPasswords);
            let mails = [&mail(&account.user.email), &mail(&email)];
            let entry = AuditEntry::new(cx, Event::EmailChangeRequested);
            cx.store.email_changes().create(&user_id, &change, mails, &entry).await.unwrap();
            let mut tokens = Vec::new();
            for side in [AddressSide::Old, AddressSide::New] {
                let (user_id, change_id) = (user_id.clone(), change_id.clone());
                let purpose = Purpose::ConfirmEmailChange { user_id, change_id, side };
                let token = world.token(email.clone(), purpose).await;
                tokens.push(json!({ "token": token, "password": PASSWORD }));
            }
            let path = "/v1/auth/email-change/confirm";
            world.app.anonymous().post(path, tokens[0].clone(), 200).await;
            (account.user.email, email, tokens.remove(1))
        },
        {
            let (client, body) = (world.app.anonymous(), case.2.clone());
            async move { client.try_post("/v1/auth/email-change/confirm", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 200 {
                assert!([422, 503].contains(&answer.status), "{what}: {}", answer.body);
                let path = "/v1/auth/email-change/confirm";
                world.app.anonymous().try_post(path, case.2.clone()).await;
            }
            assert!(world.signs_in(&case.1, PASSWORD).await, "{what}");
            assert!(!world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    with_every_fault!(
        world,
        "users-me-update",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let headers = [("content-type", "application/json")];
            let body = Some(json!({ "name": "Grace" }).to_string());
            async move {
                let method = Method::PATCH;
                client.try_send(method, "/v1/users/me", &headers, body).await.unwrap()
            }
        },
        async |answer: Answer, what: String| {
            let client = world.app.with_token(&case.1);
            if answer.status != 200 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                client.patch("/v1/users/me", json!({ "name": "Grace" }), 200).await;
            }
            assert_eq!(client.get("/v1/users/me", 200).await.text("/name"), "Grace", "{what}");
        }
    );

    let admin = world.app.admin().await;
    with_every_fault!(
        world,
        "users-update",
        |account| world.account().await,
        {
            let (client, path) = (admin.clone(), format!("/v1/users/{}", account.user.id));
            let headers = [("content-type", "application/json")];
            let body = Some(json!({ "role": "admin" }).to_string());
            async move { client.try_send(Method::PATCH, &path, &headers, body).await.unwrap() }
        },
        async |answer: Answer, what: String| {
            let path = format!("/v1/users/{}", account.user.id);
            if answer.status != 200 {
                assert!([409, 503].contains(&answer.status), "{what}: {}", answer.body);
            }
            admin.patch(&path, json!({ "role": "admin" }), 200).await;
            let stored = world.stored(&account).await.unwrap();
            assert_eq!(stored.user.role, Role::Admin, "{what}");
            // The roster holds them exactly once: they can be demoted again.
            admin.patch(&path, json!({ "role": "reader" }), 200).await;
        }
    );
}
