//! The name of an author is that of their account now, and of no account that was deleted: in proposals that
//! waited meanwhile, after a rename at the same time, and for somebody who comes later under the same name.

use byline_shared::http::page::PageParams;
use byline_shared::model::{Role, UserId};
use byline_shared::publishing;
use byline_shared::store::propagation::{Changed, PropagationJob};
use serde_json::json;

use crate::harness::{Answer, App, Client, draft};
use crate::oauth;

const ME: &str = "/v1/users/me";

/// An author, with the client of a person.
async fn author(app: &App, name: &str) -> Client {
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    app.create_user(&email, name, Role::Author).await;
    app.sign_in(&email).await
}

/// A new post that an author's agent proposes. Returns the id of the proposal.
async fn proposed(app: &App, author: &Client, title: &str) -> String {
    let agent = app.agent(author).await;
    agent.post("/v1/manage/proposals", draft(title), 201).await.text("/id")
}

/// Approves and publishes a proposal. Returns the name and the slug that readers see.
async fn live(app: &App, proposal: &str) -> (String, String) {
    let admin = app.admin().await;
    let made = admin.approve(proposal, json!({ "publish": true }), 200).await;
    let read = app.anonymous().get(&format!("/v1/posts/{}", made.text("/slug")), 200).await;
    (read.text("/author/name"), read.text("/author/slug"))
}

fn former() -> (String, String) {
    ("Former author".to_owned(), "former-author".to_owned())
}

/// Deletes an account and waits until the worker is done with it.
async fn deleted(app: &App, author: &Client) -> UserId {
    let me = author.get(ME, 200).await;
    let id: UserId = me.text("/id").parse().unwrap();
    let slug = me.text("/slug").parse().unwrap();
    author.delete(ME, 204).await;
    // The slug is given free at the end.
    let users = app.byline.context.store.users();
    app.eventually(|| async { users.find_id_by_author_slug(&slug).await.unwrap().is_none() }).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_goes_live_under_the_name_that_its_author_has_by_then() {
    let app = App::unlimited().await;
    let ada = author(&app, "Ada Before").await;
    let proposal = proposed(&app, &ada, "Renamed").await;
    ada.patch(ME, json!({ "name": "Ada After" }), 200).await;
    assert_eq!(live(&app, &proposal).await.0, "Ada After");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_of_a_deleted_account_names_nobody() {
    let app = App::unlimited().await;
    let ada = author(&app, "Ada Gone").await;
    let proposal = proposed(&app, &ada, "Left behind").await;
    let slug = ada.get(ME, 200).await.text("/slug");
    deleted(&app, &ada).await;
    let review = app.admin().await.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
    assert!(!review.body.contains("Ada Gone") && !review.body.contains(&slug), "{}", review.body);
    assert_eq!(live(&app, &proposal).await, former());
    // Somebody else comes under the same name.
    let later = author(&app, "Ada Gone").await;
    assert_eq!(later.get(ME, 200).await.text("/slug"), slug);
    later.patch(ME, json!({ "profile": { "bio": "Another person." } }), 200).await;
    assert_eq!(live(&app, &proposed(&app, &later, "Mine").await).await.1, slug);
    let reader = app.anonymous();
    assert_eq!(reader.get(&format!("/v1/authors/{slug}"), 200).await.json["post_count"], 1);
    let posts = reader.get(&format!("/v1/posts?author={slug}"), 200).await;
    assert_eq!(posts.json["items"].as_array().unwrap().len(), 1, "{}", posts.body);
}

/// Sends a request, and deletes an account while it is about to write.
async fn while_deleted(
    app: &App,
    author: &Client,
    operation: &'static str,
    sent: impl Future<Output = Answer>,
) -> Answer {
    let gate = app.byline.observer.hold(operation, "TransactWriteItems");
    let meanwhile = async {
        gate.reached().await;
        deleted(app, author).await;
        gate.open();
    };
    tokio::join!(sent, meanwhile).0
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_meanwhile_leaves_no_post_and_no_proposal() {
    let app = App::unlimited().await;
    for (operation, path) in [
        ("manage-posts-create", "/v1/manage/posts"),
        ("manage-proposals-create-new", "/v1/manage/proposals"),
    ] {
        let ada = author(&app, "Ada Quick").await;
        let sent = ada.try_post(path, json!({ "title": "Late", "body": "Words." }));
        let refused = while_deleted(&app, &ada, operation, sent).await;
        assert_eq!(refused.status, 403, "{operation}: {}", refused.body);
        let left = app.admin().await.get(path, 200).await;
        assert_eq!(left.json["items"], json!([]), "{operation}");
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_while_its_proposal_is_approved_signs_no_post() {
    let app = App::unlimited().await;
    let ada = author(&app, "Ada Signed").await;
    let new = json!({ "title": "Late", "body": "Words." });
    let proposal = app.agent(&ada).await.post("/v1/manage/proposals", new, 201).await.text("/id");
    let admin = app.admin().await;
    let sent = admin.approve(&proposal, json!({ "publish": true }), 412);
    // The review named another author.
    while_deleted(&app, &ada, "manage-proposals-approve", sent).await;
    assert_eq!(admin.get("/v1/manage/posts", 200).await.json["items"], json!([]));
    assert_eq!(live(&app, &proposal).await, former());
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_page_is_nobody_elses_while_it_shows_posts_of_a_deleted_account() {
    let app = App::unlimited().await;
    let ada = author(&app, "Ada Held").await;
    live(&app, &proposed(&app, &ada, "Hers").await).await;
    let me = ada.get(ME, 200).await;
    let slug = me.text("/slug").parse().unwrap();
    let cx = &app.byline.context;
    // The account is deleted, and its erasure has not begun.
    let id: UserId = me.text("/id").parse().unwrap();
    let held = || async { cx.store.users().find_id_by_author_slug(&slug).await.unwrap() };
    assert_eq!(held().await, Some(id.clone()));
    cx.store
        .erasures()
        .release_slug(&slug, &"user_01AAAAAAAAAAAAAAAAAAAAAAAA".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(held().await, Some(id), "given free by the erasure of another account");
    deleted(&app, &ada).await;
    app.anonymous().get(&format!("/v1/authors/{slug}"), 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_that_is_applied_late_brings_no_deleted_name_back() {
    let app = App::unlimited().await;
    let ada = author(&app, "Ada Late").await;
    let mut slugs = Vec::new();
    for number in 0..5 {
        let post = ada.post("/v1/manage/posts", draft(&format!("Post {number}")), 201).await;
        let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
        let revision = json!({ "revision_id": post.text("/revision_id") });
        app.admin().await.post(&path, revision, 200).await;
        slugs.push(post.text("/slug"));
    }
    ada.patch(ME, json!({ "name": "Ada Later" }), 200).await;
    let id = deleted(&app, &ada).await;
    // The stream may hand the rename to its worker only now, or again.
    let job = "job_01JD9ZN5V8Q2M4T6W8X0Y2Z4G0".parse().unwrap();
    let job = PropagationJob { id: job, change: Changed::Author(id) };
    publishing::propagate(&app.byline.context, &job).await.unwrap();
    for slug in slugs {
        let read = app.anonymous().get(&format!("/v1/posts/{slug}"), 200).await;
        assert_eq!((read.text("/author/name"), read.text("/author/slug")), former());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_no_session_of_an_app_and_no_consent() {
    let world = oauth::World::new().await;
    world.tokens(&world.asks()).await;
    let me = world.person.get(ME, 200).await;
    let id: UserId = me.text("/id").parse().unwrap();
    let store = &world.app.byline.context.store;
    let page = PageParams { limit: 10, cursor: None };
    let left = || async {
        let consents = store.oauth_consents().list(&id, &page).await.unwrap().items.len();
        (consents, store.sessions().ids(&id, &page).await.unwrap().items.len())
    };
    assert_eq!(left().await.0, 1);
    assert!(left().await.1 > 1);
    world.person.delete(ME, 204).await;
    world.app.eventually(|| async { left().await == (0, 0) }).await;
}
