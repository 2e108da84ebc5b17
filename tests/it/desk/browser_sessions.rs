//! Which sessions a browser's cookies stand for, and for how long.

use byline_shared::auth::sessions;
use byline_shared::http::page::PageParams;
use byline_shared::model::{Email, Role, Time};
use byline_shared::store::users::UserItem;
use http::Method;
use serde_json::json;

use super::sign_in::filled;
use super::visitor::Visitor;
use crate::harness::{App, PASSWORD, login};

const ADA: &str = "ada@example.com";

async fn is_in(visitor: &mut Visitor) -> bool {
    visitor.send(Method::GET, "/desk/account", &[], None).await.status == 200
}

async fn account(app: &App) -> UserItem {
    let users = app.byline.context.store.users();
    let email: Email = ADA.parse().unwrap();
    let id = users.find_id_by_email(&email).await.unwrap().unwrap();
    users.get(&id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_opens_pages_for_the_session_of_a_browser_alone() {
    let app = App::unlimited().await;
    app.create_user(ADA, "Ada", Role::Author).await;
    let cx = &app.byline.context;
    let of_browser = sessions::create_for_browser(cx, &account(&app).await).await.unwrap().unwrap();
    let of_api = sessions::create(cx, &account(&app).await).await.unwrap().unwrap();
    let mut browser = Visitor::with_session(&app, &of_browser).await;
    assert!(is_in(&mut browser).await);
    assert!(!is_in(&mut Visitor::with_session(&app, &of_api).await).await, "a session of the API");

    // The end of all sessions leaves their items, and they open nothing.
    app.sign_in(ADA).await.post("/v1/auth/logout-all", json!({}), 200).await;
    assert!(!is_in(&mut browser).await, "all sessions were ended");
    let mut browser = Visitor::of(&app, ADA).await;
    assert!(is_in(&mut browser).await);
    let admin = app.admin().await;
    let path = format!("/v1/users/{}", account(&app).await.user.id);
    for disabled in [true, false] {
        admin.patch(&path, json!({ "disabled": disabled }), 200).await;
        assert!(!is_in(&mut browser).await, "disabled: {disabled}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_noted_once_an_hour() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.create_user(ADA, "Ada", Role::Author).await;
    let mut browser = Visitor::of(&app, ADA).await;
    let id = account(&app).await.user.id;
    let noted = async || -> Time {
        let page = PageParams { limit: 10, cursor: None };
        let sessions = app.byline.context.store.sessions().list(&id, &page).await.unwrap();
        sessions.items.into_iter().find(|session| session.browser).unwrap().refreshed_at
    };
    let begun = noted().await;
    for (wait, seconds) in [(3599, 0), (1, 3600), (3599, 3600), (1, 7200)] {
        clock.advance(wait);
        assert!(is_in(&mut browser).await);
        assert_eq!(noted().await, begun.plus_seconds(seconds), "{wait} seconds later");
    }
}

/// A stranger's guesses fill the bucket of the address; a browser that has signed in before has its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_signed_in_before_is_known_by_its_cookie() {
    let (app, _clock) = App::with_clock().await;
    app.create_user(ADA, "Ada", Role::Author).await;
    let mut known = Visitor::stranger(&app);
    let page = known.get("/desk/sign-in", 200).await;
    assert_eq!(known.submit(&filled(&page, ADA, PASSWORD)).await.status, 303);
    for _ in 0..5 {
        app.anonymous().post("/v1/auth/login", login(ADA, "not the password"), 401).await;
    }
    let mut stranger = Visitor::stranger(&app);
    let page = stranger.get("/desk/sign-in", 200).await;
    assert_eq!(stranger.submit(&filled(&page, ADA, PASSWORD)).await.status, 429);
    let page = known.get("/desk/sign-out", 200).await;
    known.press(&page, "Sign out of this browser", &[]).await;
    let page = known.get("/desk/sign-in", 200).await;
    assert_eq!(known.submit(&filled(&page, ADA, PASSWORD)).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_too_long_is_wrong_without_a_hash() {
    let app = App::unlimited().await;
    app.create_user(ADA, "Ada", Role::Author).await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    for (length, hashes) in [(0, 0), (1, 1), (1024, 1), (1025, 0)] {
        let before = app.byline.password_hashes();
        let answer = visitor.submit(&filled(&page, ADA, &"x".repeat(length))).await;
        assert_eq!(answer.status, 403, "{length} characters");
        assert_eq!(app.byline.password_hashes() - before, hashes, "{length} characters");
    }
}

/// A page that is loaded again keeps the key of its forms, so that a form in another tab stays valid; one that
/// would soon end is replaced.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_can_be_sent_for_half_an_hour() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.create_user(ADA, "Ada", Role::Author).await;
    let mut visitor = Visitor::stranger(&app);
    let first = visitor.get("/desk/sign-in", 200).await;
    assert!(first.headers.contains_key("set-cookie"));
    clock.advance(899);
    let again = visitor.get("/desk/sign-in", 200).await;
    assert!(!again.headers.contains_key("set-cookie"), "{:?}", again.headers);
    clock.advance(900);
    let mut late = visitor.clone();
    assert_eq!(visitor.submit(&filled(&first, ADA, PASSWORD)).await.status, 303, "1799 seconds");
    clock.advance(1);
    assert_eq!(late.submit(&filled(&again, ADA, PASSWORD)).await.status, 409, "1800 seconds");

    let mut other = Visitor::stranger(&app);
    other.get("/desk/sign-in", 200).await;
    clock.advance(900);
    let renewed = other.get("/desk/sign-in", 200).await;
    assert!(renewed.headers.contains_key("set-cookie"), "half of its time is over");
}
