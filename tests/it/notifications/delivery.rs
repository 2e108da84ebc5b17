//! Mails come once, not too many at a time, and none is lost.

use byline_local::faults::Fault;
use byline_shared::model::{News, NewsEvent, Role};
use byline_shared::store::keys;
use byline_shared::worker::{Trigger, new_item};
use serde_json::json;

use super::{address, mails_to, propose, until_told};
use crate::harness::App;
use crate::publishing::story_trail::until_sent_at_once;
use crate::workers::{run, worker};

/// How many mails about proposals a person gets at once in an hour.
const AT_ONCE: usize = 10;

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
