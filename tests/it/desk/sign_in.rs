//! Signing in and out at the Desk: the ways in, where they lead, and forms that nobody of ours sent.

use byline_shared::clock::Clock;
use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::visitor::{Form, Visitor, form, text_of};
use crate::harness::{Answer, App, PASSWORD, code};

/// The form of the page, filled in.
pub(super) fn filled(page: &Answer, email: &str, password: &str) -> Form {
    let mut form = form(page, "Sign in");
    form.set("email", email);
    form.set("password", password);
    form
}

/// Whether the browser is signed in.
async fn is_in(visitor: &mut Visitor) -> bool {
    visitor.send(Method::GET, "/desk/account", &[], None).await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_signs_in_and_leads_to_the_page_that_was_asked_for() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::stranger(&app);
    let first = visitor.send(Method::GET, "/desk/account/keys", &[], None).await;
    assert_eq!(first.status, 303);
    let page = visitor.follow(first).await;
    assert!(text_of(&page).contains("Sign in to Byline"));
    let wrong = visitor.submit(&filled(&page, "admin@example.com", "not the password")).await;
    assert_eq!(wrong.status, 403, "{}", wrong.body);
    assert!(text_of(&wrong).contains("Sign-in failed"));
    assert!(wrong.body.contains("admin@example.com"), "the address is kept");
    assert!(!wrong.body.contains("not the password"), "the password is not");
    let right = visitor.submit(&filled(&wrong, "admin@example.com", PASSWORD)).await;
    assert_eq!((right.status, right.header("location")), (303, "/desk/account/keys"));
    assert!(is_in(&mut visitor).await);
    // Who is signed in is led on at once.
    let again = visitor.send(Method::GET, "/desk/sign-in?next=/desk/tags", &[], None).await;
    assert_eq!((again.status, again.header("location")), (303, "/desk/tags"));
    assert_eq!(visitor.get("/desk/sign-in", 303).await.header("location"), "/desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_led_to_the_account() {
    let app = App::unlimited().await;
    app.create_user("ada@example.com", "Ada", Role::Reader).await;
    let mut ada = Visitor::stranger(&app);
    let page = ada.get("/desk/sign-in", 200).await;
    let answer = ada.submit(&filled(&page, "ada@example.com", PASSWORD)).await;
    assert_eq!(answer.header("location"), "/desk/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_code_signs_in_once() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in?next=/desk/posts", 200).await;
    let ask = |email: &str| {
        let mut form = form(&page, "Send me a code by e-mail instead");
        form.set("email", email);
        form
    };
    let nobody = visitor.submit(&ask("nobody@example.com")).await;
    let sent = visitor.submit(&ask("admin@example.com")).await;
    assert_eq!(
        nobody.header("location"),
        sent.header("location"),
        "nobody learns who has an account"
    );
    let sent = visitor.follow(sent).await;
    assert!(text_of(&sent).contains("Check your inbox"));
    let mail = app.byline.mailbox.mail_about("admin@example.com", "Your code to sign in").await;
    let code = mail.text.lines().find(|line| line.len() == 15 && line.contains('-')).unwrap();
    let enter = |code: &str| {
        let mut form = form(&sent, "Sign in");
        form.set("mail-code", code);
        form
    };
    let wrong = visitor.submit(&enter("abcdefg-hjkmnpq")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    let right = visitor.submit(&enter(&code.to_uppercase())).await;
    assert_eq!((right.status, right.header("location")), (303, "/desk/posts"), "{}", right.body);
    assert!(is_in(&mut visitor).await);
    assert_eq!(visitor.submit(&enter(code)).await.status, 422, "it works once");
    let empty = visitor.submit(&ask("")).await;
    assert!(text_of(&empty).contains("No code was sent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_time_codes_are_asked_for() {
    let (app, clock) = App::unlimited_with_clock().await;
    let admin = app.admin().await;
    let uri = admin.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let now = json!({ "code": code(&uri, clock.now()) });
    admin.post("/v1/auth/totp/confirm", now, 200).await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    let without = visitor.submit(&filled(&page, "admin@example.com", PASSWORD)).await;
    assert_eq!(without.status, 403);
    assert!(text_of(&without).contains("This account uses one-time codes"));
    assert!(!is_in(&mut visitor).await);
    clock.advance(60);
    let mut with = filled(&without, "admin@example.com", PASSWORD);
    with.set("code", &code(&uri, clock.now()));
    assert_eq!(visitor.submit(&with).await.status, 303);
    assert!(is_in(&mut visitor).await);
    assert_eq!(visitor.submit(&with).await.status, 403, "a code works once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_nowhere_but_to_the_desk() {
    let app = App::unlimited().await;
    for target in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/desk/..//evil.example",
        "/desk//evil.example",
        "/desk@evil.example",
        "/desk.evil.example",
        "/desk/%2e%2e/oauth/authorize",
        "/desk%0d%0aLocation:%20https://evil.example",
        "/desk\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/oauth/authorize?client_id=x",
        "/desk/sign-in?next=/desk",
        "/desk/sign-out",
        "",
    ] {
        let next: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let path = format!("/desk/sign-in?next={next}");
        let mut visitor = Visitor::stranger(&app);
        let page = visitor.get(&path, 200).await;
        let mut form = filled(&page, "admin@example.com", PASSWORD);
        form.set("next", target);
        let answer = visitor.submit(&form).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/desk"), "{target:?}");
        let answer = visitor.get(&path, 303).await;
        assert_eq!(answer.header("location"), "/desk", "{target:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recent_sign_in_replaces_the_one_before() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::admin(&app).await;
    let before = visitor.clone();
    let page = visitor.get("/desk/sign-in?again=1&next=/desk/account", 200).await;
    assert!(text_of(&page).contains("sign in again"), "{}", page.body);
    assert_eq!(form(&page, "Sign in").value("email"), "admin@example.com");
    let answer = visitor.submit(&filled(&page, "admin@example.com", PASSWORD)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk/account"));
    assert!(is_in(&mut visitor).await);
    assert!(!is_in(&mut before.clone()).await, "the earlier session of this browser is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_opens_pages_alone_and_a_token_the_api_alone() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::admin(&app).await;
    for (method, path) in [
        (Method::GET, "/v1/users/me"),
        (Method::GET, "/v1/manage/posts"),
        (Method::POST, "/v1/auth/logout"),
        (Method::POST, "/mcp"),
    ] {
        let own = [("sec-fetch-site", "same-origin")];
        let answer = visitor.send(method.clone(), path, &own, None).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.body);
    }
    let token = app.tokens("admin@example.com").await.text("/access_token");
    let key = app.agent(&app.admin().await).await.token.unwrap();
    for bearer in [token, key] {
        let client = app.with_token(&bearer);
        for path in ["/desk", "/desk/account", "/desk/account/keys", "/desk/sign-out"] {
            let answer = client.get(path, 303).await;
            assert!(answer.header("location").starts_with("/desk/sign-in"), "{path}");
        }
        assert!(client.get("/desk/sign-in", 200).await.body.contains("current-password"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_from_elsewhere_sign_nobody_in() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    let good = filled(&page, "admin@example.com", PASSWORD);
    let foreign: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8000")],
        &[],
    ];
    for headers in foreign {
        let answer = visitor.submit_with(&good, headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert!(!is_in(&mut visitor).await, "{headers:?}");
    }
    // The token of another browser's page, a made-up one, and none.
    let mut other = Visitor::stranger(&app);
    let theirs = other.get("/desk/sign-in", 200).await;
    let stolen = form(&theirs, "Sign in").value("form_token").to_owned();
    for token in [stolen.as_str(), "AAAA", ""] {
        let mut forged = good.clone();
        forged.set("form_token", token);
        let answer = visitor.submit(&forged).await;
        assert_eq!(answer.status, 409, "{token:?}");
        assert!(answer.body.contains("admin@example.com"), "what was entered is kept");
        assert!(!answer.body.contains(PASSWORD));
        assert!(!is_in(&mut visitor).await, "{token:?}");
    }
    let own = format!("http://{}", app.byline.address);
    let answer = visitor.submit_with(&good, &[("origin", own.as_str())]).await;
    assert_eq!(answer.status, 303, "an older browser sends its origin alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_open_for_too_long_comes_back_filled() {
    let (app, clock) = App::unlimited_with_clock().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in?next=/desk/tags", 200).await;
    clock.advance(1801);
    let late = visitor.submit(&filled(&page, "admin@example.com", PASSWORD)).await;
    assert_eq!(late.status, 409);
    assert!(text_of(&late).contains("send the form again"));
    let answer = visitor.submit(&filled(&late, "admin@example.com", PASSWORD)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk/tags"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::admin(&app).await;
    let mut copy = visitor.clone();
    let page = visitor.get("/desk/sign-out", 200).await;
    assert!(is_in(&mut visitor).await, "looking signs nobody out");
    let out = form(&page, "Sign out of this browser");
    let forged = visitor.submit_with(&out, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(forged.status, 403);
    assert!(is_in(&mut visitor).await);
    let answer = visitor.press(&page, "Sign out of this browser", &[]).await;
    assert!(text_of(&answer).contains("You are signed out."));
    assert!(!is_in(&mut visitor).await);
    assert!(!is_in(&mut copy).await, "a copy of the cookie is worth nothing");
}

/// How long the cookies last that an answer sets, in seconds, by the ends of their names.
fn lifetimes(answer: &Answer) -> Vec<(String, i64)> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut lifetimes: Vec<_> = cookies
        .map(|cookie| {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let seconds = rest.split("; ").find_map(|part| part.strip_prefix("Max-Age=")).unwrap();
            (name.rsplit('-').next().unwrap().to_owned(), seconds.parse().unwrap())
        })
        .collect();
    lifetimes.sort();
    lifetimes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_each_cookie_as_long_as_what_it_is_for() {
    const DAY: i64 = 24 * 3600;
    let (app, _clock) = App::unlimited_with_clock().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    assert_eq!(lifetimes(&page), [("form".to_owned(), 1800)]);
    let signed_in = visitor.submit(&filled(&page, "admin@example.com", PASSWORD)).await;
    let expected = [("device".to_owned(), 180 * DAY), ("session".to_owned(), 7 * DAY)];
    assert_eq!(lifetimes(&signed_in), expected);
    let page = visitor.get("/desk/sign-out", 200).await;
    let signed_out = visitor.submit(&form(&page, "Sign out of this browser")).await;
    assert_eq!(lifetimes(&signed_out), [("session".to_owned(), 0)], "it is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_twelve_hours_after_a_visit_and_after_a_week_of_visits() {
    const HOUR: i64 = 3600;
    let (app, clock) = App::unlimited_with_clock().await;
    let mut visitor = Visitor::admin(&app).await;
    clock.advance(12 * HOUR - 1);
    assert!(is_in(&mut visitor).await);
    clock.advance(12 * HOUR);
    assert!(!is_in(&mut visitor).await);
    let mut visitor = Visitor::admin(&app).await;
    for seconds in [8 * HOUR; 20].into_iter().chain([8 * HOUR - 1]) {
        clock.advance(seconds);
        assert!(is_in(&mut visitor).await);
    }
    clock.advance(1);
    assert!(!is_in(&mut visitor).await);
}
