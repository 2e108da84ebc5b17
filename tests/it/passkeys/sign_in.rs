//! Signing in with a passkey.

use std::sync::Arc;

use byline_shared::clock::Clock;
use http::Method;
use serde_json::json;

use super::{PAGE, SIGN_IN, added, entries, is_in, options, owner, sign_in, signing_in};
use crate::desk::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, PASSWORD, code, login};
use crate::oauth::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_without_password_and_code_and_is_a_recent_sign_in() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (_, client, device) = owner(&app).await;
    let me = client.get("/v1/users/me", 200).await;
    let uri = client.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let now = json!({ "code": code(&uri, clock.now()) });
    client.post("/v1/auth/totp/confirm", now, 200).await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in?next=%2Fdesk%2Faccount%2Fkeys", 200).await;
    let asked = options(&mut visitor, SIGN_IN).await;
    assert_eq!(asked["userVerification"], "required");
    assert!(asked.get("allowCredentials").is_none(), "nobody learns who has a passkey");
    let mut sent = form(&page, "Sign in with a passkey");
    sent.set("passkey", &device.get(&asked));
    let answer = visitor.submit(&sent).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk/account/keys"));
    let page = visitor.follow(answer).await;
    assert!(find(&page, "Create the key").is_some(), "{}", page.body);
    let log = entries(&app, "signed_in").await;
    let entry = log.iter().find(|entry| entry["detail"] == "with a passkey").unwrap();
    assert_eq!((&entry["actor"], &entry["outcome"]), (&me.json["id"], &json!("success")));
    // Later it is asked for again, and the same button answers.
    clock.advance(15 * 60 + 1);
    assert!(find(&visitor.get(PAGE, 200).await, "Add a passkey").is_none());
    let mut before = visitor.clone();
    let page = visitor.get("/desk/sign-in?again=1&next=%2Fdesk%2Faccount%2Fpasskeys", 200).await;
    let mut sent = form(&page, "Sign in with a passkey");
    sent.set("passkey", &device.get(&options(&mut visitor, SIGN_IN).await));
    let answer = visitor.submit(&sent).await;
    assert_eq!((answer.status, answer.header("location")), (303, PAGE), "{}", answer.body);
    assert!(find(&visitor.get(PAGE, 200).await, "Add a passkey").is_some());
    assert!(!is_in(&mut before).await, "the earlier session of this browser is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_works_once_in_its_browser_for_five_minutes() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (_, _, device) = owner(&app).await;
    let mut visitor = Visitor::stranger(&app);
    let sent = signing_in(&mut visitor, &device).await;
    let thief = visitor.clone();
    assert_eq!(visitor.submit(&sent).await.status, 303);
    let again = thief.clone().submit(&sent).await;
    assert_eq!(again.status, 403, "{}", again.body);
    assert!(text_of(&again).contains("Try the passkey again"), "{}", again.body);
    assert!(!is_in(&mut thief.clone()).await);

    let sent = signing_in(&mut Visitor::stranger(&app), &device).await;
    let mut other = Visitor::stranger(&app);
    let page = other.get(SIGN_IN, 200).await;
    let mut stolen = form(&page, "Sign in with a passkey");
    stolen.set("passkey", sent.value("passkey"));
    assert_eq!(other.submit(&stolen).await.status, 403, "it is of another browser");

    let mut visitor = Visitor::stranger(&app);
    let late = signing_in(&mut visitor, &device).await;
    clock.advance(300);
    let refused = visitor.submit(&late).await;
    assert_eq!(refused.status, 403);
    assert!(text_of(&refused).contains("longer than five minutes"), "{}", refused.body);
    let just = signing_in(&mut visitor, &device).await;
    clock.advance(299);
    assert_eq!(visitor.submit(&just).await.status, 303);

    // Made up, and with a later end.
    let mut visitor = Visitor::stranger(&app);
    let mut asked = options(&mut visitor, SIGN_IN).await;
    let challenge = asked["challenge"].as_str().unwrap().to_owned();
    let page = visitor.get(SIGN_IN, 200).await;
    for made_up in ["", "AAAA", &"A".repeat(75), &challenge[..74], &challenge.replace('A', "B")] {
        asked["challenge"] = json!(made_up);
        let mut sent = form(&page, "Sign in with a passkey");
        sent.set("passkey", &device.get(&asked));
        assert_eq!(visitor.submit(&sent).await.status, 403, "{made_up}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_answer_sent_many_times_at_once_one_signs_in() {
    let app = App::unlimited().await;
    let (_, client, device) = owner(&app).await;
    let sessions = async || {
        let sessions = client.get("/v1/auth/sessions?limit=100", 200).await;
        sessions.json["items"].as_array().unwrap().len()
    };
    let before = sessions().await;
    let mut visitor = Visitor::stranger(&app);
    let sent = signing_in(&mut visitor, &device).await;
    let many: Vec<_> = (0..6)
        .map(|_| {
            let (mut visitor, sent) = (visitor.clone(), sent.clone());
            tokio::spawn(async move { visitor.submit(&sent).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in many {
        statuses.push(answer.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(sessions().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_goes_back_is_refused() {
    let app = App::unlimited().await;
    let (_, client, mut device) = owner(&app).await;
    for (count, status) in [(0, 303), (0, 303), (5, 303), (5, 403), (4, 403), (0, 403), (6, 303)] {
        device.count = count;
        let answer = sign_in(&app, &device).await.1;
        assert_eq!(answer.status, status, "{count}: {}", answer.body);
    }
    let refused = entries(&app, "signed_in").await.into_iter();
    let refused = refused.filter(|entry| entry["outcome"] == "refused");
    let told: Vec<String> = refused.map(|entry| entry["detail"].to_string()).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|detail| detail.contains("older counter")), "{told:?}");
    // The security log at the Desk says whose it is, and why.
    let mut admin = Visitor::admin(&app).await;
    let log = text_of(&admin.get("/desk/activity?kind=signed_in", 200).await);
    let told = format!(
        "A sign-in with a passkey of {} was refused: it came with an older counter than before, so it may have been \
         copied.",
        client.get("/v1/users/me", 200).await.text("/name")
    );
    assert_eq!(log.matches(&told).count(), 3, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_does_not_sign_in() {
    let app = App::unlimited().await;
    let (_, client, device) = owner(&app).await;
    let me = client.get("/v1/users/me", 200).await.text("/id");
    let (admin, path) = (app.admin().await, format!("/v1/users/{me}"));
    let mut waiting = Visitor::stranger(&app);
    let sent = signing_in(&mut waiting, &device).await;
    admin.patch(&path, json!({ "disabled": true }), 200).await;
    assert_eq!(waiting.submit(&sent).await.status, 403);
    assert_eq!(sign_in(&app, &device).await.1.status, 403);
    admin.patch(&path, json!({ "disabled": false }), 200).await;
    assert_eq!(sign_in(&app, &device).await.1.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_counted_by_network_and_lock_nobody_out() {
    // Its clock stands still, so that no attempt comes back meanwhile.
    let (app, _clock) = App::with_clock().await;
    let (_, client, device) = owner(&app).await;
    for _ in 0..31 {
        assert_eq!(sign_in(&app, &device).await.1.status, 303, "those that are right do not count");
    }
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get(SIGN_IN, 200).await;
    let wrong = form(&page, "Sign in with a passkey");
    for _ in 0..30 {
        assert_eq!(visitor.submit(&wrong).await.status, 403);
    }
    let refused = visitor.submit(&wrong).await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    refused.header("retry-after");
    assert!(text_of(&refused).contains("with the password or by e-mail"), "{}", refused.body);
    assert!(find(&refused, "Send me a code by e-mail instead").is_some());
    let email = client.get("/v1/users/me", 200).await.text("/email");
    app.anonymous().post("/v1/auth/login", login(&email, PASSWORD), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_page_says_that_passkeys_need_them() {
    let app = App::start().await;
    let (mut visitor, _, _) = owner(&app).await;
    let sign_in = Visitor::stranger(&app).get(SIGN_IN, 200).await;
    let account = visitor.get(PAGE, 200).await;
    for page in [&sign_in, &account] {
        assert!(page.body.contains("<form class=\"form\" id=\"passkey\" hidden"), "{}", page.body);
        let words = page.body.split("<noscript>").nth(1).unwrap();
        assert!(words.contains("Passkeys need scripts"), "{words}");
        // A local Byline is opened at an address that passkeys do not work at, and says where they do.
        let there = format!("http://localhost:{}", app.byline.address.port());
        assert!(page.body.contains(&format!("data-origin=\"{there}\"")), "{}", page.body);
        assert!(page.body.contains(&format!("href=\"{there}/desk/")), "{}", page.body);
    }
    let script = |page: &str| page.matches("/desk/assets/passkey.").count();
    assert_eq!((script(&sign_in.body), script(&account.body)), (1, 1));
    let token = visitor.send(Method::GET, "/desk/sign-in?passkey", &[], None).await;
    assert!(token.json["form_token"].is_string(), "{}", token.body);
}

/// A Byline at this address.
async fn at(url: &'static str) -> App {
    let given = move |name: &str| match name {
        "BYLINE_PUBLIC_URL" => Some(url.to_owned()),
        "BYLINE_RATE_LIMITS" => Some("off".to_owned()),
        _ => None,
    };
    App::start_with(|options| options.variable = Arc::new(given)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_bound_to_the_public_url_and_opens_the_page_of_an_app() {
    let world = World::of(at("https://desk.example.com").await).await;
    let app = &world.app;
    let mut visitor = Visitor::of(app, &world.email).await;
    assert_eq!(options(&mut visitor, PAGE).await["rp"]["id"], "desk.example.com");
    let device = added(app, &mut visitor, "Phone").await;
    let mut stranger = Visitor::stranger(app);
    let authorize = format!("/oauth/authorize?{}", world.asks().text());
    let page = stranger.get(&authorize, 200).await;
    assert!(text_of(&page).contains("To use a passkey, sign in at the Desk"), "{}", page.body);
    let sent = signing_in(&mut stranger, &device).await;
    assert_eq!(stranger.submit(&sent).await.status, 303);
    let page = stranger.get(&authorize, 200).await;
    assert!(page.body.contains("value=\"consent\""), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_browsers_offer_no_passkeys_the_pages_offer_none() {
    for url in ["http://192.0.2.1:8000", "http://desk.example.com"] {
        let app = at(url).await;
        let mut visitor = Visitor::admin(&app).await;
        let page = visitor.get(PAGE, 200).await;
        assert!(text_of(&page).contains("a domain name and https"), "{}", page.body);
        assert!(find(&page, "Add a passkey").is_none() && !page.body.contains("passkey."));
        assert!(options(&mut visitor, PAGE).await.is_null());
        let mut stranger = Visitor::stranger(&app);
        let page = stranger.get(SIGN_IN, 200).await;
        assert!(!page.body.contains("asskey"), "{}", page.body);
        assert!(options(&mut stranger, SIGN_IN).await.is_null());
        let mut sent = form(&page, "Sign in");
        sent.set("step", "passkey");
        sent.set("passkey", "{}");
        assert_eq!(stranger.submit(&sent).await.status, 403);
    }
}
