//! Rate limits: how many requests each allows, what a refusal says, and that the documentation says the same.

use std::net::IpAddr;

use byline_shared::auth::limits;
use byline_shared::context::Context;
use byline_shared::model::{RateLimit, Role, Subject};
use http::header::HeaderMap;
use serde_json::json;

use crate::harness::events::root;
use crate::harness::{App, draft};

/// Every limit, with its name, its quota and its window in seconds.
pub(crate) const LIMITS: [(RateLimit, &str, u32, u64); 32] = [
    (limits::LOGIN_NETWORK, "login-network", 30, 60),
    (limits::LOGIN_ADDRESS_NETWORK, "login-address-network", 5, 900),
    (limits::LOGIN_ADDRESS, "login-address", 50, 3600),
    (limits::LOGIN_DEVICE, "login-device", 10, 900),
    (limits::LOGIN_DEVICES, "login-devices", 50, 3600),
    (limits::LOGIN_CODE, "login-code", 10, 900),
    (limits::PASSKEY_NETWORK, "passkey-network", 30, 60),
    (limits::WARN_ADDRESS, "warn-address", 1, 86_400),
    (limits::MAIL_ACCOUNT, "mail-account", 5, 3600),
    (limits::INVITE_ACCOUNT, "invite-account", 60, 3600),
    (limits::MAIL_NETWORK, "mail-network", 20, 3600),
    (limits::MAIL_ADDRESS_NETWORK, "mail-address-network", 5, 3600),
    (limits::MAIL_ADDRESS, "mail-address", 5, 600),
    (limits::TOKEN_NETWORK, "token-network", 30, 60),
    (limits::TOKEN, "token", 30, 60),
    (limits::REFRESH_NETWORK, "refresh-network", 120, 60),
    (limits::AUTHORIZE_NETWORK, "authorize-network", 60, 60),
    (limits::OAUTH_NETWORK, "oauth-network", 300, 60),
    (limits::REGISTER_NETWORK, "register-network", 60, 3600),
    (limits::CONFIRM_ACCOUNT, "confirm-account", 10, 900),
    (limits::WRITE_ACCOUNT, "write-account", 120, 60),
    (limits::WRITE_AGENTS, "write-agents", 300, 60),
    (limits::COMPARE_ACCOUNT, "compare-account", 60, 60),
    (limits::COMPARE_AGENTS, "compare-agents", 150, 60),
    (limits::PREVIEW_ACCOUNT, "preview-account", 120, 60),
    (limits::PREVIEW_AGENTS, "preview-agents", 300, 60),
    (limits::PREVIEW_NETWORK, "preview-network", 60, 60),
    (limits::RESPOND_ACCOUNT, "respond-account", 20, 60),
    (limits::RESPOND_AGENTS, "respond-agents", 50, 60),
    (limits::FOLLOW_ACCOUNT, "follow-account", 240, 60),
    (limits::MCP_TOKEN, "mcp-token", 120, 60),
    (limits::MCP_ACCOUNT, "mcp-account", 300, 60),
];

/// Asks until a limit refuses, `most` times at most: how often it allowed, and what the refusal says.
async fn until_refused(
    cx: &Context,
    limit: &RateLimit,
    who: &Subject,
    most: u32,
) -> (u32, Option<(HeaderMap, String)>) {
    for allowed in 0..most {
        if let Err(refusal) = limits::acquire(cx, limit, who).await {
            let detail = refusal.detail.clone();
            let answer = refusal.into_response("https://byline.example", "id");
            assert_eq!(answer.status(), 429);
            return (allowed, Some((answer.headers().clone(), detail)));
        }
    }
    (most, None)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_limit_allows_its_quota_in_its_window_and_says_when_there_is_more() {
    let (app, clock) = App::with_clock().await;
    let cx = &app.byline.context;
    let who = limits::network(Some(IpAddr::from([203, 0, 113, 7])));
    let neighbour = limits::network(Some(IpAddr::from([203, 0, 113, 8])));
    for (limit, name, quota, window) in LIMITS {
        let (allowed, refusal) = until_refused(cx, &limit, &who, quota + 1).await;
        assert_eq!(allowed, quota, "{name}");
        let (headers, detail) = refusal.unwrap();
        let each = window * 1000 / u64::from(quota);
        let wait = each.div_ceil(1000);
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("retry-after"), wait.to_string(), "{name}");
        assert_eq!(header("ratelimit-policy"), format!("\"{name}\";q={quota};w={window}"));
        assert_eq!(header("ratelimit"), format!("\"{name}\";r=0;t={wait}"));
        let in_words = match wait {
            1 => "a second".to_owned(),
            2..=119 => format!("{wait} seconds"),
            _ => format!("{} minutes", wait.div_ceil(60)),
        };
        assert_eq!(detail, format!("Too many attempts. Try again in {in_words}."), "{name}");
        assert_eq!(until_refused(cx, &limit, &neighbour, 1).await.0, 1, "{name}: its own bucket");

        // A moment before, nothing more is allowed; then as much as the time that has passed is worth.
        clock.advance(wait.cast_signed() - 1);
        assert_eq!(until_refused(cx, &limit, &who, 1).await.0, 0, "{name}");
        clock.advance(1);
        let more = u32::try_from(wait * 1000 / each).unwrap().min(quota);
        assert_eq!(until_refused(cx, &limit, &who, more + 1).await.0, more, "{name}");
    }
}

/// A bucket that is empty again has its whole quota, and not more for a longer wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_whole_after_its_window_and_does_not_grow() {
    let (app, clock) = App::with_clock().await;
    let cx = &app.byline.context;
    let who = limits::network(None);
    for windows in [1, 1, 10] {
        let (allowed, _) = until_refused(cx, &limits::LOGIN_DEVICE, &who, 20).await;
        assert_eq!(allowed, 10);
        clock.advance(windows * 900);
    }
    clock.advance(-1);
    assert_eq!(until_refused(cx, &limits::LOGIN_DEVICE, &who, 20).await.0, 10);
    clock.advance(899);
    assert_eq!(until_refused(cx, &limits::LOGIN_DEVICE, &who, 20).await.0, 9, "a second too early");
}

/// An attempt that was no guess is taken back: one more is allowed, and not two.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_back_is_one_attempt() {
    let (app, _clock) = App::with_clock().await;
    let cx = &app.byline.context;
    let who = limits::network(None);
    until_refused(cx, &limits::LOGIN_DEVICE, &who, 11).await;
    limits::refund(cx, &limits::LOGIN_DEVICE, &who).await;
    assert_eq!(until_refused(cx, &limits::LOGIN_DEVICE, &who, 11).await.0, 1);
}

#[test]
fn the_documentation_lists_every_limit_as_it_is() {
    let text = std::fs::read_to_string(root().join("docs/SECURITY.md")).unwrap();
    let (_, table) = text.split_once("| Policy | Quota | Limits |\n").unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with("| `"));
    let said: Vec<(String, String)> = rows
        .map(|row| {
            let mut cells = row.split('|').map(str::trim);
            let name = cells.nth(1).unwrap().trim_matches('`').to_owned();
            (name, cells.next().unwrap().to_owned())
        })
        .collect();
    let is = LIMITS.map(|(_, name, quota, window)| {
        let window = match window {
            60 => "a minute".to_owned(),
            3600 => "an hour".to_owned(),
            86_400 => "a day".to_owned(),
            other => format!("in {} minutes", other / 60),
        };
        (name.to_owned(), format!("{quota} {window}"))
    });
    assert_eq!(said, is);
    for operation in byline_local::operations() {
        let Some(limit) = operation.limit else { continue };
        assert!(LIMITS.iter().any(|(known, ..)| *known == limit), "{}: {limit:?}", operation.name);
    }
}

/// A request of somebody who asked a moment ago is counted as every other.
#[tokio::test(flavor = "multi_thread")]
async fn requests_of_one_account_are_counted_however_fast_they_follow() {
    let (app, clock) = App::with_clock().await;
    let author = app.user(Role::Author).await;
    let path = "/v1/manage/posts";
    let counted = async |most: usize| {
        for made in 0..most {
            let answer = author.try_post(path, draft("One of many")).await;
            if answer.status == 429 {
                answer.is_problem("too_many_requests");
                assert!(answer.header("ratelimit-policy").contains("write-account"));
                return made;
            }
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        most
    };
    assert_eq!(counted(130).await, 120);
    // Another account has a bucket of its own.
    app.user(Role::Author).await.post(path, draft("Another"), 201).await;
    clock.advance(1);
    assert_eq!(counted(10).await, 2, "half a second each");
    clock.advance(60);
    assert_eq!(counted(130).await, 120);
    author.patch("/v1/users/me", json!({ "name": "Renamed" }), 429).await;
}
