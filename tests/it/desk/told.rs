//! What pages say and offer is what holds for this visitor and this post.

use byline_shared::clock::Clock;
use byline_shared::model::{Role, Time};
use serde_json::json;

use super::review::{edit, page_of, publish};
use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, Client, code, draft};
use crate::media::published;

#[tokio::test(flavor = "multi_thread")]
async fn what_agents_may_publish_is_told_as_it_is_set() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    let mut visitor = Visitor::admin(&app).await;
    for (setting, told) in [
        ("never", "No agent publishes anything"),
        ("approved", "Agents publish only what a person has approved"),
        ("allowed", "an agent that you let publish needs no approval"),
    ] {
        admin.patch("/v1/admin/settings", json!({ "agent_publishing": setting }), 200).await;
        for path in ["/desk", "/desk/account/apps"] {
            let words = text_of(&visitor.get(path, 200).await);
            assert!(words.contains(told), "{path} {setting}: {words}");
            assert!(!words.contains("before a person has approved"), "{path} {setting}: {words}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_may_read_and_propose_unless_somebody_ticks_more() {
    let app = App::unlimited().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Admin).await;
    let page = visitor.get("/desk/account/keys", 200).await;
    let form = form(&page, "Create the key");
    let scopes = form.fields.iter().filter(|(name, _)| name == "scope");
    let mut scopes: Vec<&str> = scopes.map(|(_, value)| value.as_str()).collect();
    scopes.sort_unstable();
    assert_eq!(scopes, ["posts:propose", "posts:read", "profile"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_in_waits_once() {
    let app = App::unlimited().await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Editor).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let place = format!("/desk/posts/{}", post.text("/id"));
    let page = writer.get(&place, 200).await;
    let page = writer.press(&page, "Hand in for review", &[]).await;
    // What is saved since is part of what waits.
    writer.press(&page, "Save", &[("body", "More.")]).await;
    let waiting = visitor.get("/desk", 200).await;
    assert_eq!(waiting.body.matches("data-queue-item").count(), 1, "{}", waiting.body);
    let words = text_of(&waiting);
    assert!(words.contains("Everything 1") && words.contains("waits for a decision"), "{words}");
    // It is not live either, and an agent's proposal for a draft is another thing than the draft.
    let not_live = visitor.get("/desk?show=not-live", 200).await;
    assert_eq!(not_live.body.matches("data-queue-item").count(), 1, "{}", not_live.body);
    let agent = app.agent(&author).await;
    let other = author.post("/v1/manage/posts", draft("Kelp"), 201).await;
    super::review::propose(&agent, &other, json!({ "body": "By an agent." })).await;
    let waiting = visitor.get("/desk", 200).await;
    assert_eq!(waiting.body.matches("data-queue-item").count(), 3, "{}", waiting.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_lists_no_more_than_that() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let picture = published(&editor).await;
    let mut new = draft("Tides");
    new["cover"] = picture.json["id"].clone();
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let live = publish(&editor, &post).await;
    let newer = edit(&editor, &live, json!({ "title": "Low tides" })).await;
    let go_live = format!("/desk/posts/{}/go-live?revision=", post.text("/id"));
    let table = async |visitor: &mut Visitor, revision: &str| {
        let page = visitor.get(&format!("{go_live}{revision}"), 200).await;
        let (_, rest) = page.body.split_once("id=\"changes\"").unwrap();
        (rest.split_once("id=\"text\"").unwrap().0.to_owned(), page)
    };
    let (changes, page) = table(&mut visitor, &newer.text("/revision_id")).await;
    assert!(changes.contains("Low tides"), "{changes}");
    assert!(!changes.contains("Tags") && !changes.contains("Cover"), "{changes}");
    assert!(!changes.contains("<img"), "{changes}");
    // What stays can be read beside it.
    assert!(page.body.contains("<dt>Cover</dt><dd>stays as it is</dd>"), "{}", page.body);
    let newest = edit(&editor, &newer, json!({ "cover": null, "tags": ["Kelp"] })).await;
    let (changes, _) = table(&mut visitor, &newest.text("/revision_id")).await;
    assert!(changes.contains("The present cover goes away"), "{changes}");
    assert!(changes.contains("Tags") && changes.contains("Kelp"), "{changes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_at_the_desk_is_led_to_the_account_and_is_no_refusal() {
    let app = App::unlimited().await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let led = reader.get("/desk", 303).await;
    assert_eq!(led.header("location"), "/desk/account");
    let page = reader.follow(led).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(find(&page, "Sign out").is_some(), "{}", page.body);
    let refusals = "/v1/admin/audit?event=access_denied";
    let log = app.admin().await.get(refusals, 200).await;
    assert_eq!(log.json["items"], json!([]));
    // Other pages are still refused, and that is told.
    reader.get("/desk/posts", 403).await;
    let log = app.admin().await.get(refusals, 200).await;
    assert_eq!(log.json["items"].as_array().unwrap().len(), 1, "{}", log.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_leaves_no_unsaved_text_in_the_browser() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let id = client.get("/v1/users/me", 200).await.text("/id");
    let place = format!("data-forget=\"{id}\"");
    // A link does not do it to somebody who is signed in.
    let link = format!("/desk/sign-in?of={id}&done=signed-out");
    assert_eq!(visitor.get(&link, 303).await.header("location"), "/desk");
    let page = visitor.get("/desk/sign-out", 200).await;
    assert!(text_of(&page).contains("Text that you have not saved is removed"), "{}", page.body);
    let out = visitor.press(&page, "Sign out of this browser", &[]).await;
    assert!(text_of(&out).contains("You are signed out."), "{}", out.body);
    assert!(out.body.contains(&place) && out.body.contains("/forget."), "{}", out.body);
    // Nothing is forgotten where nobody left, or for what is no account.
    let mut stranger = Visitor::stranger(&app);
    for query in [
        format!("of={id}"),
        format!("of={id}&done=password-reset"),
        "of=%22&done=signed-out".to_owned(),
    ] {
        let page = stranger.get(&format!("/desk/sign-in?{query}"), 200).await;
        assert!(!page.body.contains("data-forget"), "{query}: {}", page.body);
    }
}

/// The path of a link to sign in that is mailed to somebody.
async fn link_for(app: &App, email: &str) -> String {
    app.anonymous().post("/v1/auth/sign-in-link", json!({ "email": email }), 202).await;
    let mail = app.byline.mailbox.mail_about(email, "Sign in to").await;
    let (_, token) = mail.links[0].split_once("token=").unwrap();
    format!("/desk/sign-in?token={token}")
}

/// Turns one-time codes on, and returns what makes them.
async fn with_codes(client: &Client, now: Time) -> String {
    let uri = client.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    client.post("/v1/auth/totp/confirm", json!({ "code": code(&uri, now) }), 200).await;
    uri
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_asks_for_a_one_time_code_where_the_account_does() {
    let (app, clock) = App::unlimited_with_clock().await;
    let asks = |page: &Answer| page.body.contains("name=\"code\"");
    let (_, author) = Visitor::with_role(&app, Role::Author).await;
    let email = author.get("/v1/users/me", 200).await.text("/email");
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get(&link_for(&app, &email).await, 200).await;
    assert!(!asks(&page), "{}", page.body);
    let other = visitor.get("/desk/sign-in", 200).await;
    assert!(asks(&other), "nobody knows whose account it will be");
    // They turn codes on before the link is used: then it asks after all, and still works.
    let uri = with_codes(&author, clock.now()).await;
    let asked = visitor.press(&page, "Sign in", &[]).await;
    assert_eq!(asked.status, 403, "{}", asked.body);
    assert!(asks(&asked), "{}", asked.body);
    clock.advance(60);
    let home = visitor.press(&asked, "Sign in", &[("code", &code(&uri, clock.now()))]).await;
    assert_eq!(home.status, 200, "{}", home.body);

    let (_, author) = Visitor::with_role(&app, Role::Author).await;
    let email = author.get("/v1/users/me", 200).await.text("/email");
    with_codes(&author, clock.now()).await;
    let page = Visitor::stranger(&app).get(&link_for(&app, &email).await, 200).await;
    assert!(asks(&page), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_leads_to_its_post() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let agent = app.agent(&editor).await;
    let post = editor.post("/v1/manage/posts", draft("Tides"), 201).await;
    let live = publish(&editor, &post).await;
    let change = super::review::propose(&agent, &live, json!({ "body": "By an agent." })).await;
    let page = visitor.get(&page_of(&change), 200).await;
    let place = format!("/desk/posts/{}", post.text("/id"));
    for link in [place.clone(), format!("{place}/history")] {
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}: {}", page.body);
    }
    assert!(page.body.contains("/posts/tides\""), "{}", page.body);
    assert!(text_of(&page).contains("See it on the website"), "{}", page.body);
    // A new post is nowhere yet.
    let new = agent.post("/v1/manage/proposals", draft("New"), 201).await.text("/id");
    let page = visitor.get(&page_of(&new), 200).await;
    assert!(!text_of(&page).contains("See it on the website"), "{}", page.body);
}
