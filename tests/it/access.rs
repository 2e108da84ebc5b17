//! What API keys and apps may call: the access of every operation, held to with each kind of agent.

use byline_shared::auth::requirement::Access;
use byline_shared::model::Scope;
use serde_json::json;

use crate::coverage::restricted;
use crate::harness::events::Sample;
use crate::harness::{App, Client};
use crate::oauth;

/// Every operation that is restricted answers an agent of an admin as its access says: with each scope,
/// and with no scope but the profile.
async fn hold_to_access(app: &App, all: &Client, profile: &Client, at_mcp: bool) {
    let mut for_people = 0;
    for operation in restricted().filter(|operation| at_mcp || operation.name != "mcp") {
        let sample = Sample::of(&operation);
        let send = async |client: &Client| {
            let (method, headers) = (sample.method.clone(), sample.headers());
            client.try_send(method, &sample.path, &headers, sample.body.clone()).await.unwrap()
        };
        let (with_all, with_profile) = (send(all).await, send(profile).await);
        let name = operation.name;
        match operation.access {
            Access::Public | Access::Desk(_) => unreachable!("only those with a token are asked"),
            Access::Person { .. } => {
                for answer in [with_all, with_profile] {
                    assert_eq!(answer.status, 403, "{name}: {}", answer.body);
                    answer.is_problem("forbidden");
                    let detail = answer.text("/detail");
                    assert!(detail.starts_with("Only a person"), "{name}: {detail}");
                    assert!(!answer.headers.contains_key("www-authenticate"), "{name}");
                }
                for_people += 1;
            }
            Access::Scope(_) | Access::Publish => {
                let scope = match operation.access {
                    Access::Scope(scope) => scope,
                    _ => Scope::PostsPublish,
                };
                // What only a person may publish has a code of its own.
                let is_for_approval = with_all.json["code"] == "approval_required";
                let may = ![401, 403, 500].contains(&with_all.status) || is_for_approval;
                assert!(may, "{name}: {}", with_all.body);
                if scope != Scope::Profile {
                    assert_eq!(with_profile.status, 403, "{name}: {}", with_profile.body);
                    let challenge = with_profile.header("www-authenticate");
                    assert!(challenge.contains("insufficient_scope"), "{name}: {challenge}");
                    assert!(challenge.contains(scope.as_str()), "{name}: {challenge}");
                }
            }
        }
    }
    assert!(for_people >= 15, "only {for_people} operations for people");
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_calls_what_its_scopes_allow_and_nothing_for_people() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    let all = app.agent(&admin).await;
    let body = json!({ "name": "Profile", "scopes": ["profile"] });
    let profile = admin.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let profile = app.with_token(&profile);
    hold_to_access(&app, &all, &profile, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_calls_what_its_scopes_allow_and_nothing_for_people() {
    let app = App::unlimited().await;
    let (person, email) = (app.admin().await, "admin@example.com".to_owned());
    let client = oauth::register_client(&app, oauth::REDIRECT, "none").await;
    let world = oauth::World { app, person, email, client };
    let token = async |scopes: &str| {
        let asks = world.asks().with("resource", &world.url("")).with("scope", scopes);
        let mut browser = world.signed_in().await;
        let page = browser.authorize(&asks).await;
        let mut consent = oauth::browser::form(&page, "consent").twice("decision", "allow");
        // Not every box is ticked in advance.
        for scope in scopes.split(' ') {
            consent = consent.twice("granted", scope);
        }
        let code = oauth::parameter(&browser.post(&consent).await, "code");
        let tokens = oauth::token(&world.app, &world.exchange(&code), 200).await;
        world.app.with_token(&tokens.text("/access_token"))
    };
    let profile = token("profile").await;
    let all = token(&Scope::ALL.map(Scope::as_str).join(" ")).await;
    hold_to_access(&world.app, &all, &profile, false).await;
}
