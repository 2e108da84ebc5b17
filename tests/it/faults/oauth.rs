//! Clients that are authorized and revoked: what is said to them and to people is so, and anyone who got
//! no answer asks again and comes to a good end.

use serde_json::json;

use super::oauth_tokens::{are_dead, redeem, tokens};
use super::rest::delete;
use super::{MAX_CALLS, or_again, with_every_fault};
use crate::harness::{Answer, PASSWORD};
use crate::oauth::browser::{Browser, form};
use crate::oauth::{
    Form, OAuthClient, REDIRECT, World, asks, exchange, parameter, post, registration,
    revoke_introspect, token, try_post,
};

/// Sends a form from a copy of its browser, so that it can be sent again.
async fn send((browser, form): &(Browser, Form)) -> Answer {
    browser.clone().post(form).await
}

/// Its tokens are dead, and its user's word is taken back: the page asks again.
async fn is_revoked(world: &World, signed_in: &Browser, tokens: &Answer, what: &str) {
    are_dead(world, &world.client, tokens, what).await;
    let page = signed_in.clone().authorize(&world.asks()).await;
    assert_eq!(page.status, 200, "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_client_can_be_authorized() {
    let world = World::new().await;
    let (client, signed_in) = (world.app.anonymous(), world.signed_in().await);
    let (path, body) = ("/oauth/register", registration(REDIRECT, "client_secret_post"));
    with_every_fault!(
        world,
        "oauth-register",
        |_case| (),
        client.try_post(path, body.clone()),
        async |answer: Answer, what: String| {
            let again = client.post(path, body.clone(), 201);
            let made = OAuthClient::of(&or_again(answer, 201, &what, again).await, REDIRECT);
            let code = signed_in.clone().code(&asks(&made)).await;
            let secret = made.secret.clone().unwrap();
            let form = exchange(&made, &code).with("client_secret", &secret);
            token(&world.app, &form, 200).await;
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_after_signing_in_or_out_is_true() {
    let world = World::new().await;
    // There is a page to look at, whatever was agreed to before.
    let asks = world.asks().with("prompt", "consent");
    with_every_fault!(
        world,
        "oauth-authorize-submit",
        |case| {
            let mut browser = world.browser();
            let page = browser.authorize(&asks).await;
            let form = form(&page, "sign_in").with("email", &world.email);
            (browser, form.with("password", PASSWORD))
        },
        send(&case),
        async |answer: Answer, what: String| {
            let mut browser = case.0.clone();
            browser.keep(&or_again(answer, 303, &what, send(&case)).await);
            redeem(&world, &browser.code(&asks).await).await;
        }
    );
    with_every_fault!(
        world,
        "oauth-authorize-submit",
        |case| {
            let mut browser = world.signed_in().await;
            let page = browser.authorize(&asks).await;
            (browser, form(&page, "sign_out"))
        },
        send(&case),
        async |answer: Answer, what: String| {
            // Where the session has ended, its form is good no more.
            let last = or_again(answer, 303, &what, send(&case)).await;
            assert!([303, 403].contains(&last.status), "{what}: {}", last.body);
            // The cookie that the browser still has signs nobody in.
            form(&case.0.clone().authorize(&asks).await, "sign_in");
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_returned_is_stored() {
    let world = World::new().await;
    let signed_in = world.signed_in().await;
    let asks = world.asks().with("prompt", "consent");
    with_every_fault!(
        world,
        "oauth-authorize-submit",
        |case| {
            let mut browser = signed_in.clone();
            let page = browser.authorize(&asks).await;
            (browser, form(&page, "consent").twice("decision", "allow"))
        },
        send(&case),
        async |answer: Answer, what: String| {
            let back = or_again(answer, 303, &what, send(&case)).await;
            redeem(&world, &parameter(&back, "code")).await;
        }
    );
    // Who agreed before is sent back without a page.
    with_every_fault!(
        world,
        "oauth-authorize",
        |case| world.asks(),
        async { signed_in.clone().authorize(&case).await },
        async |answer: Answer, what: String| {
            let mut browser = signed_in.clone();
            let back = or_again(answer, 303, &what, browser.authorize(&case)).await;
            redeem(&world, &parameter(&back, "code")).await;
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_reported_as_revoked_is() {
    let world = World::new().await;
    let signed_in = world.signed_in().await;
    for given in ["/access_token", "/refresh_token"] {
        with_every_fault!(
            world,
            "oauth-revoke",
            |case| {
                let tokens = tokens(&world, &signed_in).await;
                let (client, token) = (world.client.id.as_str(), tokens.text(given));
                (Form::new(&[("client_id", client), ("token", token.as_str())]), tokens)
            },
            try_post(&world.app, "/oauth/revoke", &case.0),
            async |answer: Answer, what: String| {
                let again = post(&world.app, "/oauth/revoke", &case.0, 200);
                or_again(answer, 200, &what, again).await;
                is_revoked(&world, &signed_in, &case.1, &what).await;
            }
        );
    }
    with_every_fault!(
        world,
        "auth-grants-delete",
        |case| {
            let tokens = tokens(&world, &signed_in).await;
            let grant = world.person.get("/v1/auth/grants", 200).await.text("/items/0/id");
            (format!("/v1/auth/grants/{grant}"), tokens)
        },
        delete(world.person.clone(), case.0.clone()),
        async |answer: Answer, what: String| {
            let again = delete(world.person.clone(), case.0.clone());
            let last = or_again(answer, 204, &what, again).await;
            assert!([204, 404].contains(&last.status), "{what}: {}", last.body);
            is_revoked(&world, &signed_in, &case.1, &what).await;
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_never_said_to_be_what_it_is_not() {
    let world = revoke_introspect::confidential().await;
    let (access, refresh) = revoke_introspect::tokens(&world).await;
    for is_good in [true, false] {
        if !is_good {
            world.person.post("/v1/auth/logout-all", json!({}), 200).await;
        }
        for text in [&access, &refresh] {
            with_every_fault!(
                world,
                "oauth-introspect",
                |case| revoke_introspect::about(&world, text),
                try_post(&world.app, "/oauth/introspect", &case),
                async |answer: Answer, what: String| {
                    let again = post(&world.app, "/oauth/introspect", &case, 200);
                    let told = or_again(answer, 200, &what, again).await;
                    assert_eq!(told.json["active"], is_good, "{what}");
                }
            );
        }
    }
}
