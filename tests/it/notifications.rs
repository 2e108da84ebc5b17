//! Mails about proposals: who is told what, once, as they chose, and without being flooded.

use byline_local::StoredMail;
use byline_local::faults::Fault;
use byline_shared::model::{News, NewsEvent, Role};
use byline_shared::store::keys;
use byline_shared::worker::{Trigger, new_item};
use http::Method;
use serde_json::{Value, json};

use crate::desk::visitor::{Visitor, find, text_of};
use crate::harness::{Answer, App, Client};
use crate::publishing::story_trail::until_sent_at_once;
use crate::workers::{run, worker};

/// How many mails about proposals a person gets at once in an hour.
const AT_ONCE: usize = 10;

async fn propose(client: &Client, title: &str) -> Answer {
    let body = json!({ "title": title, "body": "Words.", "note": "For the front page." });
    client.post("/v1/manage/proposals", body, 201).await
}

async fn address(client: &Client) -> String {
    client.get("/v1/users/me", 200).await.text("/email")
}

async fn choose(client: &Client, choice: Value) -> Answer {
    client.patch("/v1/users/me", json!({ "notifications": choice }), 200).await
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
        (json!({}), "Decision: Approved\n", "You need not hand it in again."),
        (json!({ "publish": true }), "Decision: Approved, to be published at once\n", "here:"),
        (
            json!({ "publish_at": "2029-01-05T09:00:00Z" }),
            "Decision: Approved, to go live on 5 January 2029 at 10:00 CET\n",
            "It goes live by itself at that time.",
        ),
    ] {
        count += 1;
        let proposal = propose(&agent, &format!("Number {count}")).await;
        editor.approve(&proposal.text("/id"), how, 200).await;
        until_told(&app, 2 * count).await;
        let mail = mails_to(&app, &to).pop().unwrap();
        assert_eq!(mail.subject, format!("Approved at Byline: Number {count}"));
        assert!(mail.text.contains(decision) && mail.text.contains(next), "{}", mail.text);
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

#[tokio::test(flavor = "multi_thread")]
async fn what_authors_have_scheduled_ends_with_their_right_and_they_are_told() {
    let app = App::unlimited().await;
    let set = async |on: bool| {
        let changes = json!({ "author_publishing": on });
        app.admin().await.patch("/v1/admin/settings", changes, 200).await;
    };
    set(true).await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let (mut desk, editor) = Visitor::with_role(&app, Role::Editor).await;
    let reader = app.user(Role::Author).await;
    let at = "2029-01-05T09:00:00Z";
    let schedule = async |client: &Client, title: &str| {
        let new = json!({ "title": title, "body": "Words." });
        let post = client.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}", post.text("/id"));
        let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
        client.post(&format!("{path}/schedule"), body, 200).await;
        (path, post)
    };
    let (theirs, post) = schedule(&author, "By an author").await;
    let (others, _) = schedule(&editor, "By an editor").await;
    set(false).await;
    until_told(&app, 1).await;

    let ended = editor.get(&theirs, 200).await;
    assert_eq!(ended.json["schedule"], Value::Null);
    let failed = &ended.json["schedule_failed"];
    assert_eq!(
        (&failed["code"], &failed["publish_at"]),
        (&json!("approval_required"), &json!("2029-01-05T09:00:00.000Z"))
    );
    let kept = editor.get(&others, 200).await;
    assert_eq!(
        (kept.text("/status"), &kept.json["schedule_failed"]),
        ("scheduled".into(), &Value::Null)
    );
    let id = post.text("/id");
    let go_live = format!("{}/go-live?revision={}", post_url(&app, &id), post.text("/revision_id"));
    for (client, link) in
        [(&app.admin().await, &go_live), (&editor, &go_live), (&author, &post_url(&app, &id))]
    {
        let mails = mails_to(&app, &address(client).await);
        assert_eq!(mails.len(), 1, "each once: {mails:?}");
        assert_eq!(mails[0].subject, "Not live at Byline: By an author");
        assert!(
            mails[0].text.contains("Scheduled for: 5 January 2029 at 09:00 UTC"),
            "{}",
            mails[0].text
        );
        assert!(mails[0].text.contains("may no longer publish"), "{}", mails[0].text);
        assert_eq!(mails[0].links[0], **link);
    }
    assert_eq!(mails_to(&app, &address(&reader).await), [], "it does not concern them");
    for visitor in [&mut desk, &mut writer] {
        let words = text_of(&visitor.get("/desk?show=failed", 200).await);
        assert!(words.contains("By an author") && words.contains("did not go live"), "{words}");
        assert!(words.contains("It was to go live"), "its time is to come: {words}");
    }
    // Turned on again, nothing comes back by itself.
    set(true).await;
    assert_eq!(editor.get(&theirs, 200).await.json["schedule"], Value::Null);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_fails_when_it_is_due_is_told() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let new = json!({ "title": "Later", "body": "Words." });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}/schedule", post.text("/id"));
    let at = app.byline.context.clock.now().plus_seconds(60);
    let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
    editor.post(&path, body, 200).await;
    let me = editor.get("/v1/users/me", 200).await;
    let account = format!("/v1/users/{}", me.text("/id"));
    app.admin().await.patch(&account, json!({ "disabled": true }), 200).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    until_told(&app, 1).await;
    for to in ["admin@example.com", &address(&author).await] {
        let mails = mails_to(&app, to);
        assert_eq!(mails.len(), 1, "{to}");
        assert!(mails[0].text.contains("disabled or deleted"), "{}", mails[0].text);
    }
    assert_eq!(mails_to(&app, &me.text("/email")), [], "a disabled account gets no mail");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_chooses_their_mails() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let (to, own) = (address(&editor).await, address(&author).await);
    let before = editor.get("/v1/users/me", 200).await;
    let default = json!({ "waiting": "at_once", "decided": "at_once" });
    assert_eq!(before.json["notifications"], default);
    let chosen = choose(&editor, json!({ "waiting": "off" })).await;
    assert_eq!(chosen.json["notifications"], json!({ "waiting": "off", "decided": "at_once" }));
    choose(&author, json!({ "decided": "off" })).await;
    let kept = author.get("/v1/users/me", 200).await;
    assert_eq!(kept.json["notifications"], json!({ "waiting": "at_once", "decided": "off" }));

    let proposal = propose(&author, "Quiet").await;
    reject(&editor, &proposal, "No.").await;
    until_told(&app, 2).await;
    assert_eq!(mails_to(&app, &to), [], "off");
    assert_eq!(mails_to(&app, &own), [], "an author decides on nothing, and chose not to know");
    assert_eq!(mails_to(&app, "admin@example.com").len(), 1);

    for wrong in
        [json!({ "waiting": "weekly" }), json!({ "decided": "daily" }), json!({ "all": 1 })]
    {
        let body = json!({ "notifications": wrong });
        editor.patch("/v1/users/me", body, 422).await.is_problem("invalid_input");
    }
    // An agent changes no account.
    let agent = app.agent(&author).await;
    let body = json!({ "notifications": { "decided": "at_once" } });
    let refused = agent.send(Method::PATCH, "/v1/users/me", &[], Some(body), 403).await;
    refused.is_problem("forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_is_made_at_the_desk() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let to = address(&editor).await;
    // It needs no recent sign-in: it opens nothing.
    clock.advance(3600);
    let page = visitor.get("/desk/account", 200).await;
    let fields = [("waiting", "daily"), ("decided", "off")];
    let done = visitor.press(&page, "Save the choice", &fields).await;
    assert!(text_of(&done).contains("It counts for all that happens from now on"));
    let chosen = app.sign_in(&to).await.get("/v1/users/me", 200).await;
    assert_eq!(chosen.json["notifications"], json!({ "waiting": "daily", "decided": "off" }));
    let wrong = visitor.press(&page, "Save the choice", &[("waiting", "weekly")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);

    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/account", 200).await;
    let form = find(&page, "Save the choice").unwrap();
    assert!(form.fields.iter().all(|(name, _)| name != "waiting"), "they decide on nothing");
    author.press(&page, "Save the choice", &[("decided", "off")]).await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let page = reader.get("/desk/account", 200).await;
    assert!(find(&page, "Save the choice").is_none(), "nothing happens to them");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_mail_lists_what_waits_and_is_not_sent_for_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let to = address(&editor).await;
    choose(&editor, json!({ "waiting": "daily" })).await;
    run(&app, "worker-digest").await;
    until_sent_at_once(&app).await;
    assert_eq!(mails_to(&app, &to), [], "nothing waits");

    for number in 1..=23 {
        propose(&author, &format!("Number {number}")).await;
        // Lists are ordered by time.
        clock.advance(1);
    }
    // Their own does not wait for them.
    let own = propose(&editor, "Their own").await;
    until_told(&app, 24).await;
    assert_eq!(mails_to(&app, &to), [], "they chose to be told once a day");
    run(&app, "worker-digest").await;
    until_sent_at_once(&app).await;
    assert_eq!(mails_to(&app, &to), [], "there was one for this day, even if nothing waited");
    clock.advance(24 * 3600);
    run(&app, "worker-digest").await;
    // A second run on the same day sends no second mail.
    run(&app, "worker-digest").await;
    until_sent_at_once(&app).await;
    let mails = mails_to(&app, &to);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.subject, "23 proposals wait for review at Byline");
    let reviews = mail.links.iter().filter(|link| link.contains("/desk/proposals/")).count();
    assert_eq!(reviews, 20);
    assert!(mail.text.contains("- Number 23\n  A new post, proposed by "), "{}", mail.text);
    assert!(mail.text.contains("… and 3 more."), "{}", mail.text);
    assert!(!mail.text.contains(&own.text("/id")), "{}", mail.text);
    assert!(mail.html.contains("Number 23"), "{}", mail.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_editor_gets_no_daily_mail() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let me = choose(&editor, json!({ "waiting": "daily" })).await;
    propose(&author, "Waits").await;
    let path = format!("/v1/users/{}", me.text("/id"));
    app.admin().await.patch(&path, json!({ "disabled": true }), 200).await;
    clock.advance(24 * 3600);
    run(&app, "worker-digest").await;
    until_told(&app, 1).await;
    assert_eq!(mails_to(&app, &me.text("/email")), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_for_an_hour_comes_in_one_mail() {
    let (app, clock) = App::unlimited_with_clock().await;
    let author = app.user(Role::Author).await;
    let to = "admin@example.com";
    for number in 1..=33 {
        propose(&author, &format!("Number {number}")).await;
    }
    until_told(&app, 33).await;
    assert_eq!(mails_to(&app, to).len(), AT_ONCE);
    run(&app, "worker-outbox").await;
    assert_eq!(mails_to(&app, to).len(), AT_ONCE, "the hour is not over");
    clock.advance(3600 + 62);
    run(&app, "worker-outbox").await;
    run(&app, "worker-outbox").await;
    let mails = mails_to(&app, to);
    assert_eq!(mails.len(), AT_ONCE + 1);
    let summary = &mails[AT_ONCE];
    assert_eq!(summary.subject, "More about proposals at Byline");
    assert!(summary.text.contains("… and 3 more."), "{}", summary.text);
    let all = mails.iter().flat_map(|mail| &mail.links);
    let mut told: Vec<&String> = all.filter(|link| link.contains("/desk/proposals/")).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 30, "each once");
    // Another hour, another ten.
    let author = app.user(Role::Author).await;
    propose(&author, "The next hour").await;
    until_told(&app, 34).await;
    assert_eq!(mails_to(&app, to).len(), AT_ONCE + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_again_tells_nobody_twice() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    // The first time, the worker fails after it has told the first person, more often than the SDK retries.
    app.byline.observer.plan("worker-news", 4, 6, Fault::Throttled);
    let proposal = propose(&author, "Once").await;
    let proposal_id = proposal.text("/id").parse().unwrap();
    let news = News::Proposal { proposal_id, event: NewsEvent::Made };
    let waiting = app.byline.context.store.news();
    app.eventually(async || !waiting.is_there(&news).await.unwrap()).await;
    let calls = app.byline.observer.actions("worker-news");
    assert!(calls["Query"] >= 2, "it was delivered again: {calls:?}");
    let (worker, cx) = worker(&app, "worker-news");
    let Trigger::NewItems(items) = worker.trigger else { panic!("it follows a stream") };
    let again = items.run(&cx, new_item(&keys::news(&news), &news)).await;
    assert!(again.batch_item_failures.is_empty());
    until_sent_at_once(&app).await;
    for to in ["admin@example.com", &address(&editor).await] {
        assert_eq!(mails_to(&app, to).len(), 1, "{to}");
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_delays_mails_and_loses_none() {
    let (app, clock) = App::unlimited_with_clock().await;
    let author = app.user(Role::Author).await;
    app.byline.stop_mail(true);
    let proposal = propose(&author, "Patience").await;
    app.eventually(async || {
        let calls = app.byline.observer.actions("worker-news");
        calls.get("DeleteItem").copied().unwrap_or_default() >= 1
    })
    .await;
    app.eventually(async || {
        let outbox = app.byline.context.store.outbox();
        let soon = app.byline.context.clock.now().plus_seconds(61);
        let due = outbox.list_due(soon, 10).await.unwrap();
        let Some(id) = due.first() else { return false };
        outbox.get(id).await.unwrap().is_some_and(|item| item.attempts == 1)
    })
    .await;
    let path = format!("/v1/manage/proposals/{}/withdraw", proposal.text("/id"));
    author.post(&path, json!({}), 200).await;
    app.byline.stop_mail(false);
    clock.advance(120);
    run(&app, "worker-outbox").await;
    let mails = mails_to(&app, "admin@example.com");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("It has been decided since."), "{}", mails[0].text);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_stay_words() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let title =
        "<img src=x onerror=alert(1)> Bcc: all@example.com </title><script>alert(2)</script>";
    let note =
        "</blockquote><script>alert(3)</script>\nhttps://evil.example/ <a href=javascript:a>";
    let body = json!({ "title": title, "body": "Words.", "note": note });
    let proposal = author.post("/v1/manage/proposals", body, 201).await;
    until_told(&app, 1).await;
    let mail = mails_to(&app, "admin@example.com").pop().unwrap();
    assert_eq!(mail.subject, format!("For review at Byline: {title}"));
    assert!(!mail.subject.contains(['\r', '\n']));
    let html = mail.html.as_str();
    for markup in ["<img", "<script", "<a href=javascript", "</title><s", "</blockquote><s"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    // The links are those of the site alone, and none of the note comes before them.
    let own = app.byline.context.config.public_url.as_str();
    let linked: Vec<&str> = html.split("href=\"").skip(1).collect();
    assert!(linked.len() == 3 && linked.iter().all(|link| link.starts_with(own)), "{html}");
    assert_eq!(mail.links[0], review_url(&app, &proposal));
    // The mailbox shows it so that nothing of it runs.
    let page = app.anonymous().get("/_local/mail", 200).await;
    assert!(!page.body.contains("<script") && page.body.contains("See it as HTML"));
    let newest = app.byline.mailbox.mails().len() - 1;
    let shown = app.anonymous().get(&format!("/_local/mail/{newest}"), 200).await;
    assert_eq!(shown.body, app.byline.mailbox.mails()[0].html);
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    app.anonymous().get(&format!("/_local/mail/{}", newest + 1), 404).await;
    // A title with line ends is refused before it could come into a subject.
    let body = json!({ "title": "One\r\nBcc: all@example.com", "body": "Words." });
    author.post("/v1/manage/proposals", body, 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_account_says_what_when_and_from_where() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let to = address(&author).await;
    let body = json!({ "name": "Night shift", "scopes": ["profile", "posts:read"] });
    author.post("/v1/auth/api-keys", body, 201).await;
    let mail = app.byline.mailbox.mail_about(&to, "A change to your account").await;
    let now = app.byline.context.clock.now();
    let day = now.in_words().split(" at ").next().unwrap().to_owned();
    for words in [
        "A new API key was created",
        "Name: Night shift\n",
        "It may: See your name, e-mail address and role; Read drafts and their media\n",
        &format!("When: {day} at "),
        "From the address: 127.0.0.1",
    ] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.html.contains("Night shift"), "{}", mail.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_learn_where_people_review() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let call = async |tool: &str, arguments: Value| {
        let params = json!({ "name": tool, "arguments": arguments });
        let request =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        agent.post("/mcp", request, 200).await.json["result"].clone()
    };
    let made = call("post_propose", json!({ "title": "New", "body": "Words." })).await;
    let made = &made["structuredContent"];
    let id = made["proposal_id"].as_str().unwrap();
    let url = format!("{}/desk/proposals/{id}", app.byline.context.config.public_url);
    assert_eq!(made["review_url"], url);
    let status = call("drafts_status", json!({})).await;
    assert_eq!(status["structuredContent"]["pending_proposals"][0]["review_url"], url);
    let list = call("proposals_list", json!({})).await;
    assert_eq!(list["structuredContent"]["proposals"][0]["review_url"], url);
    let read = call("proposal_get", json!({ "proposal_id": id })).await;
    assert!(read["content"][0]["text"].as_str().unwrap().contains(&url), "{read}");
    let mut visitor = Visitor::of(&app, &address(&editor).await).await;
    visitor.get(url.strip_prefix(&app.byline.context.config.public_url).unwrap(), 200).await;
}
