//! Mails about proposals: who is told what, once, as they chose, and without being flooded.

mod choices;
mod delivery;
mod schedules;
mod words;

use byline_local::StoredMail;
use byline_shared::model::Role;
use serde_json::json;

use crate::desk::visitor::{Visitor, text_of};
use crate::harness::{Answer, App, Client};
use crate::publishing::story_trail::until_sent_at_once;

async fn propose(client: &Client, title: &str) -> Answer {
    let body = json!({ "title": title, "body": "Words.", "note": "For the front page." });
    client.post("/v1/manage/proposals", body, 201).await
}

async fn address(client: &Client) -> String {
    client.get("/v1/users/me", 200).await.text("/email")
}

async fn reject(client: &Client, proposal: &Answer, reason: &str) {
    let path = format!("/v1/manage/proposals/{}/reject", proposal.text("/id"));
    client.post(&path, json!({ "reason": reason }), 200).await;
}

/// Waits until people were told of so many makings and decisions, of all so far.
async fn until_told(app: &App, news: u64) {
    app.eventually(async || {
        let calls = app.byline.observer.actions("worker-news");
        calls.get("DeleteItem").copied().unwrap_or_default() >= news
    })
    .await;
    until_sent_at_once(app).await;
}

/// The mails to an address about proposals, oldest first.
fn mails_to(app: &App, address: &str) -> Vec<StoredMail> {
    let is_about = |subject: &str| {
        let starts = ["For review", "Approved", "Sent back", "Withdrawn", "More about", "Not live"];
        starts.iter().any(|start| subject.starts_with(start)) || subject.contains("for review at")
    };
    let mails = app.byline.mailbox.mails().into_iter().rev();
    mails.filter(|mail| mail.to == address && is_about(&mail.subject)).collect()
}

fn review_url(app: &App, proposal: &Answer) -> String {
    format!("{}/desk/proposals/{}", app.byline.context.config.public_url, proposal.text("/id"))
}

fn post_url(app: &App, post: &str) -> String {
    format!("{}/desk/posts/{post}", app.byline.context.config.public_url)
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_may_decide_are_told_what_waits() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let (reader, gone) = (app.user(Role::Reader).await, app.user(Role::Editor).await);
    let gone_to = address(&gone).await;
    let id = gone.get("/v1/users/me", 200).await.text("/id");
    let path = format!("/v1/users/{id}");
    app.admin().await.patch(&path, json!({ "disabled": true }), 200).await;

    let proposal = propose(&author, "Rain in spring").await;
    until_told(&app, 1).await;
    for to in ["admin@example.com", &address(&editor).await] {
        let mails = mails_to(&app, to);
        assert_eq!(mails.len(), 1, "{to}");
        let mail = &mails[0];
        assert_eq!(mail.subject, "For review at Byline: Rain in spring");
        let name = author.get("/v1/users/me", 200).await.text("/name");
        let at: byline_shared::model::Time = proposal.text("/created_at").parse().unwrap();
        for words in [
            "Title: Rain in spring",
            "What: A new post",
            &format!("By: {name}"),
            &format!("When: {}", at.in_words()),
            "> For the front page.",
        ] {
            assert!(mail.text.contains(words), "{words}: {}", mail.text);
        }
        assert_eq!(mail.links[0], review_url(&app, &proposal));
        let html = mail.html.as_str();
        assert!(html.contains("Rain in spring") && html.contains("For the front page."), "{html}");
    }
    for to in [address(&author).await, address(&reader).await, gone_to] {
        assert_eq!(mails_to(&app, &to), [], "{to}");
    }
    assert_eq!(proposal.text("/review_url"), review_url(&app, &proposal));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_what_they_did_but_of_what_their_agent_did() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let to = address(&editor).await;
    let own = propose(&editor, "By hand").await;
    until_told(&app, 1).await;
    assert_eq!(mails_to(&app, &to), []);
    reject(&editor, &own, "Later.").await;
    until_told(&app, 2).await;
    assert_eq!(mails_to(&app, &to), []);

    let agent = app.agent(&editor).await;
    let proposal = propose(&agent, "By an agent").await;
    until_told(&app, 3).await;
    let mails = mails_to(&app, &to);
    assert_eq!(mails.len(), 1);
    let name = editor.get("/v1/users/me", 200).await.text("/name");
    let by = format!("By: the API key “Agent” of {name}");
    assert!(mails[0].text.contains(&by), "{}", mails[0].text);
    // Who decides on what their own agent proposed knows it.
    reject(&editor, &proposal, "No.").await;
    until_told(&app, 4).await;
    assert_eq!(mails_to(&app, &to).len(), 1);
    // The admin was told of all that was made, and decided nothing.
    assert_eq!(mails_to(&app, "admin@example.com").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_behind_a_proposal_is_told_what_was_decided() {
    let app = App::unlimited().await;
    let zone = json!({ "time_zone": "Europe/Berlin" });
    app.admin().await.patch("/v1/admin/settings", zone, 200).await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let agent = app.agent(&author).await;
    let (to, decider) = (address(&author).await, editor.get("/v1/users/me", 200).await);
    let mut count = 0;
    for (how, decision, next) in [
        (json!({}), "Decision: Approved\n", &["You need not hand it in again."][..]),
        (
            json!({ "publish": true }),
            "Decision: Approved, to be published at once\n",
            // It goes live behind the decision: the mail may be written in between.
            &["here:", "Its page shows whether readers see it:"],
        ),
        (
            json!({ "publish_at": "2029-01-05T09:00:00Z" }),
            "Decision: Approved, to go live on 5 January 2029 at 10:00 CET\n",
            &["It goes live by itself at that time."],
        ),
    ] {
        count += 1;
        let proposal = propose(&agent, &format!("Number {count}")).await;
        editor.approve(&proposal.text("/id"), how, 200).await;
        until_told(&app, 2 * count).await;
        let mail = mails_to(&app, &to).pop().unwrap();
        assert_eq!(mail.subject, format!("Approved at Byline: Number {count}"));
        assert!(mail.text.contains(decision), "{}", mail.text);
        assert!(next.iter().any(|next| mail.text.contains(next)), "{}", mail.text);
        assert!(mail.text.contains("Proposed by: the API key “Agent” of "), "{}", mail.text);
        let by = format!("Decided by: {}\nWhen: ", decider.text("/name"));
        assert!(mail.text.contains(&by), "{}", mail.text);
        assert!(
            mail.links.contains(&post_url(&app, &proposal.text("/post_id"))),
            "{:?}",
            mail.links
        );
        assert!(mail.links.contains(&review_url(&app, &proposal)), "{:?}", mail.links);
        assert!(!mail.text.contains("What was changed"), "{}", mail.text);
    }
    let proposal = propose(&agent, "Number 4").await;
    reject(&editor, &proposal, "Two sources\nare missing.").await;
    until_told(&app, 8).await;
    let mail = mails_to(&app, &to).pop().unwrap();
    assert_eq!(mail.subject, "Sent back at Byline: Number 4");
    assert!(mail.text.contains("> Two sources\n> are missing."), "{}", mail.text);
    // There is no post of it, so it goes on from the proposal.
    assert_eq!(mail.links[0], review_url(&app, &proposal));

    let proposal = propose(&agent, "Number 5").await;
    let path = format!("/v1/manage/proposals/{}/withdraw", proposal.text("/id"));
    editor.post(&path, json!({}), 200).await;
    until_told(&app, 10).await;
    let mail = mails_to(&app, &to).pop().unwrap();
    assert_eq!(mail.subject, "Withdrawn at Byline: Number 5");

    let proposal = propose(&agent, "Number 6").await;
    let path = format!("/v1/manage/proposals/{}/withdraw", proposal.text("/id"));
    agent.post(&path, json!({}), 200).await;
    until_told(&app, 12).await;
    assert_eq!(mails_to(&app, &to).len(), 5, "they withdrew it themselves");
}

#[tokio::test(flavor = "multi_thread")]
async fn handing_in_tells_the_others() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let new = json!({ "title": "Handed in", "body": "Words." });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let page = visitor.get(&format!("/desk/posts/{}", post.text("/id")), 200).await;
    visitor.press(&page, "Hand in for review", &[]).await;
    until_told(&app, 1).await;
    let mails = mails_to(&app, "admin@example.com");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("What: A new post\n"), "{}", mails[0].text);
    assert_eq!(mails_to(&app, &address(&author).await), []);
    let pending = app.admin().await.get("/v1/manage/proposals", 200).await;
    assert_eq!(pending.text("/items/0/kind"), "new_post");
    // A change of what was never live is told from a change of what readers know.
    let (agent, editor) = (app.agent(&author).await, app.user(Role::Editor).await);
    let proposals = format!("/v1/manage/posts/{}/proposals", post.text("/id"));
    let change = json!({ "body": "Other.", "base_revision_id": post.text("/revision_id") });
    let made = agent.post(&proposals, change.clone(), 201).await;
    assert_eq!(made.text("/kind"), "draft_change");
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    let body = json!({ "revision_id": post.text("/revision_id") });
    editor.post(&publish, body, 200).await;
    let made = agent.post(&proposals, change, 201).await;
    assert_eq!(made.text("/kind"), "change");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_back_leads_to_the_text_and_what_was_changed_can_be_seen() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let (editor, to) = (app.user(Role::Editor).await, address(&author).await);
    let new = json!({ "title": "Handed in", "body": "It is grean." });
    let post = author.post("/v1/manage/posts", new, 201).await.text("/id");
    let page = visitor.get(&format!("/desk/posts/{post}"), 200).await;
    visitor.press(&page, "Hand in for review", &[]).await;
    let waiting = editor.get("/v1/manage/proposals", 200).await;
    let path = format!("/v1/manage/proposals/{}/reject", waiting.text("/items/0/id"));
    editor.post(&path, json!({ "reason": "Which one?" }), 200).await;
    until_told(&app, 2).await;
    let mail = mails_to(&app, &to).pop().unwrap();
    assert_eq!(mail.links[0], post_url(&app, &post));
    assert!(mail.text.contains("> Which one?"), "{}", mail.text);

    visitor.press(&page, "Hand in for review", &[("note", "Again.")]).await;
    let waiting = editor.get("/v1/manage/proposals", 200).await.text("/items/0/id");
    let edits = json!({ "body": "It is green." });
    let approved = editor.approve(&waiting, json!({ "edits": edits }), 200).await;
    until_told(&app, 4).await;
    let mail = mails_to(&app, &to).pop().unwrap();
    assert!(mail.text.contains("Decision: Approved with edits\n"), "{}", mail.text);
    let read = editor.get(&format!("/v1/manage/proposals/{waiting}"), 200).await;
    let (from, edited) = (read.text("/revision_id"), read.text("/decision/edited_revision_id"));
    assert_eq!(edited, approved.text("/revision_id"));
    let difference = format!("{}/history?from={from}&to={edited}", post_url(&app, &post));
    assert!(mail.links.contains(&difference), "{:?}", mail.links);
    let path = difference.strip_prefix(&app.byline.context.config.public_url).unwrap();
    let shown = visitor.get(path, 200).await;
    assert!(text_of(&shown).contains("green"), "{}", shown.body);
    // The closed proposal says the same.
    let closed = visitor.get(&format!("/desk/proposals/{waiting}"), 200).await;
    assert!(text_of(&closed).contains("approved with edits by"), "{}", closed.body);
    assert!(closed.body.contains("/history?from="), "{}", closed.body);
    // Who may publish is led to where they do.
    let agent = app.agent(&editor).await;
    let own = propose(&agent, "By an agent").await;
    until_told(&app, 5).await;
    app.admin().await.approve(&own.text("/id"), json!({}), 200).await;
    until_told(&app, 6).await;
    let mail = mails_to(&app, &address(&editor).await).pop().unwrap();
    let go_live = format!(
        "{}/go-live?revision={}",
        post_url(&app, &own.text("/post_id")),
        own.text("/revision_id")
    );
    assert_eq!(mail.links[0], go_live);
}
