//! Signing up, in and on: what is promised is kept.

use byline_shared::auth::sessions;
use byline_shared::store::tokens::Purpose;
use serde_json::json;

use super::{MAX_CALLS, NEW, World, with_every_fault};
use crate::harness::{Answer, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_makes_a_promise_that_is_not_kept() {
    let mut world = World::new().await;

    // A sign-up that was acknowledged brings its mail.
    with_every_fault!(
        world,
        "auth-register",
        |email| world.email(),
        {
            let body = json!({ "email": email, "name": "Ada" });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/register", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 202 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                let body = json!({ "email": email, "name": "Ada" });
                world.app.anonymous().post("/v1/auth/register", body, 202).await;
            }
            let token = world.app.mailed_token(email.as_str()).await;
            world.app.verify(&token, 200).await;
            assert!(world.signs_in(&email, PASSWORD).await, "{what}");
        }
    );

    // A confirmed address has its account, whole; an error leaves one too, or a link that works.
    with_every_fault!(
        world,
        "auth-verify-email",
        |case| world.signed_up().await,
        {
            let body = json!({ "token": case.1, "password": PASSWORD });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/verify-email", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 200 {
                assert!([422, 503].contains(&answer.status), "{what}: {}", answer.body);
                let body = json!({ "token": case.1, "password": PASSWORD });
                world.app.anonymous().try_post("/v1/auth/verify-email", body).await;
            }
            assert!(world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    // Tokens that were handed out work.
    with_every_fault!(
        world,
        "auth-login",
        |account| world.account().await,
        {
            let body = json!({ "email": account.user.email, "password": PASSWORD });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/login", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status == 200 {
                let client = world.app.with_token(&answer.text("/access_token"));
                client.get("/v1/users/me", 200).await;
                let body = json!({ "refresh_token": answer.text("/refresh_token") });
                world.app.anonymous().post("/v1/auth/refresh", body, 200).await;
            } else {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
            }
            assert!(world.signs_in(&account.user.email, PASSWORD).await, "{what}");
        }
    );

    // Tokens that a mailed link brought work, and an error leaves a link that does, or a session.
    with_every_fault!(
        world,
        "auth-sign-in-link-confirm",
        |case| {
            let account = world.account().await;
            let (user_id, token_version) = (account.user.id.clone(), account.token_version);
            let purpose = Purpose::SignIn { user_id, token_version };
            let token = world.token(account.user.email.clone(), purpose).await;
            (account.user.email, token)
        },
        {
            let body = json!({ "token": case.1 });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/sign-in-link/confirm", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status == 200 {
                let client = world.app.with_token(&answer.text("/access_token"));
                client.get("/v1/users/me", 200).await;
            } else {
                assert!([422, 503].contains(&answer.status), "{what}: {}", answer.body);
            }
            assert!(world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    // A refresh whose answer was lost is repeated, and the chain goes on.
    with_every_fault!(
        world,
        "auth-refresh",
        |token| {
            let account = world.account().await;
            let cx = &world.app.byline.context;
            let session = sessions::create(cx, &account).await.unwrap().unwrap();
            sessions::refresh_token(cx, &session).await.unwrap().expose().to_owned()
        },
        {
            let body = json!({ "refresh_token": token });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/refresh", body).await }
        },
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let body = json!({ "refresh_token": token });
            let again = world.app.anonymous().post("/v1/auth/refresh", body, 200).await;
            let client = world.app.with_token(&again.text("/access_token"));
            client.get("/v1/users/me", 200).await;
        }
    );

    // A password is the new one or the old one, and an error leaves a way to the new one.
    with_every_fault!(
        world,
        "auth-password-reset",
        |case| {
            let account = world.account().await;
            let (user_id, token_version) = (account.user.id.clone(), account.token_version);
            let purpose = Purpose::ResetPassword { user_id, token_version };
            let token = world.token(account.user.email.clone(), purpose).await;
            (account.user.email, token)
        },
        {
            let body = json!({ "token": case.1, "new_password": NEW });
            let client = world.app.anonymous();
            async move { client.try_post("/v1/auth/password/reset", body).await }
        },
        async |answer: Answer, what: String| {
            if answer.status != 200 {
                assert!([422, 503].contains(&answer.status), "{what}: {}", answer.body);
                let body = json!({ "token": case.1, "new_password": NEW });
                world.app.anonymous().try_post("/v1/auth/password/reset", body).await;
            }
            assert!(world.signs_in(&case.0, NEW).await, "{what}");
            assert!(!world.signs_in(&case.0, PASSWORD).await, "{what}");
        }
    );

    // If the answer says that all sessions ended, they have ended.
    with_every_fault!(
        world,
        "auth-logout-all",
        |token| {
            let account = world.account().await;
            let cx = &world.app.byline.context;
            let session = sessions::create(cx, &account).await.unwrap().unwrap();
            byline_shared::auth::issue(cx, &account.user.id, &session.id).await.unwrap().token
        },
        {
            let client = world.app.with_token(&token);
            async move { client.try_post("/v1/auth/logout-all", json!({})).await }
        },
        async |answer: Answer, what: String| {
            let client = world.app.with_token(&token);
            if answer.status != 200 {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                client.try_post("/v1/auth/logout-all", json!({})).await;
            }
            client.get("/v1/users/me", 401).await;
        }
    );
}
