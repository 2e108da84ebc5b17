//! What a person who is signed in changes is done whole or not at all.

use serde_json::json;

use super::{MAX_CALLS, NEW, World, with_every_fault};
use crate::harness::{Answer, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_leaves_what_a_person_has_changed_half_done() {
    let mut world = World::new().await;

    with_every_fault!(
        world,
        "auth-password-change",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let body = json!({ "current_password": PASSWORD, "new_password": NEW });
            async move { client.try_post("/v1/auth/password/change", body).await }
        },
        async |answer: Answer, what: String| {
            // The new one or the old one, and the new one where it was promised.
            let new = world.signs_in(&case.0.user.email, NEW).await;
            let old = world.signs_in(&case.0.user.email, PASSWORD).await;
            assert!(new != old, "{what}");
            assert!(new || answer.status != 200, "{what}");
        }
    );

    with_every_fault!(
        world,
        "auth-logout",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            async move { client.try_post("/v1/auth/logout", json!({})).await }
        },
        async |answer: Answer, what: String| {
            let client = world.app.with_token(&case.1);
            if answer.status != 204 {
                assert!([401, 503].contains(&answer.status), "{what}: {}", answer.body);
                client.try_post("/v1/auth/logout", json!({})).await;
            }
            client.get("/v1/users/me", 401).await;
        }
    );

    with_every_fault!(
        world,
        "auth-password-forgot",
        |account| world.account().await,
        {
            let client = world.app.anonymous();
            let body = json!({ "email": account.user.email });
            async move { client.try_post("/v1/auth/password/forgot", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 202 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                let body = json!({ "email": account.user.email });
                world.app.anonymous().post("/v1/auth/password/forgot", body, 202).await;
            }
            let address = account.user.email.as_str();
            world.app.byline.mailbox.mail_about(address, "Choose a new password").await;
        }
    );

    with_every_fault!(
        world,
        "auth-sign-in-link",
        |account| world.account().await,
        {
            let client = world.app.anonymous();
            let body = json!({ "email": account.user.email });
            async move { client.try_post("/v1/auth/sign-in-link", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 202 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                let body = json!({ "email": account.user.email });
                world.app.anonymous().post("/v1/auth/sign-in-link", body, 202).await;
            }
            let address = account.user.email.as_str();
            world.app.byline.mailbox.mail_about(address, "Sign in to").await;
        }
    );

    with_every_fault!(
        world,
        "auth-api-keys-create",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let body = json!({ "name": "Key", "scopes": ["profile"] });
            async move { client.try_post("/v1/auth/api-keys", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status == 201 {
                let client = world.app.with_token(&answer.text("/key"));
                client.get("/v1/users/me", 200).await;
            } else {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
            }
        }
    );

    // Codes are asked for exactly where the recovery codes were handed out or may have been.
    with_every_fault!(
        world,
        "auth-totp-confirm",
        |case| {
            let (account, token) = world.person().await;
            let client = world.app.with_token(&token);
            let uri = client.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
            (account, token, uri)
        },
        {
            let client = world.app.with_token(&case.1);
            let now = world.app.byline.context.clock.now();
            let body = json!({ "code": crate::harness::code(&case.2, now) });
            async move { client.try_post("/v1/auth/totp/confirm", body).await }
        },
        async |answer: Answer, what: String| {
            let account = world.stored(&case.0).await.unwrap();
            let confirmed = account.totp.as_ref().is_some_and(|item| item.confirmed);
            assert_eq!(confirmed, account.user.two_factor, "{what}");
            assert!(confirmed || answer.status != 200, "{what}");
            let without = world.signs_in(&case.0.user.email, PASSWORD).await;
            assert_eq!(without, !confirmed, "{what}");
            // A user who never saw the recovery codes can start again.
            world
                .app
                .with_token(&case.1)
                .send(http::Method::DELETE, "/v1/auth/totp", &[], None, 204)
                .await;
            assert!(world.signs_in(&case.0.user.email, PASSWORD).await, "{what}");
        }
    );

    // The account is there, whole, or it is gone with its address free.
    with_every_fault!(
        world,
        "users-me-delete",
        |case| world.person().await,
        {
            let client = world.app.with_token(&case.1);
            let headers = [("accept", "application/json")];
            async move {
                let method = http::Method::DELETE;
                client.try_send(method, "/v1/users/me", &headers, None).await.unwrap()
            }
        },
        async |answer: Answer, what: String| {
            let there = world.stored(&case.0).await.is_some();
            assert!(!there || answer.status != 204, "{what}");
            let held = world
                .app
                .byline
                .context
                .store
                .users()
                .find_id_by_email(&case.0.user.email)
                .await
                .unwrap();
            assert_eq!(held.is_some(), there, "{what}");
            assert_eq!(world.signs_in(&case.0.user.email, PASSWORD).await, there, "{what}");
        }
    );
}
