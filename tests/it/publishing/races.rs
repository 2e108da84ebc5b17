//! Many at once through real HTTP: each outcome is one that a single caller after another would
//! have seen.

use std::sync::Arc;

use byline_shared::model::Role;
use byline_shared::publishing::run_scheduled;
use byline_shared::scheduler::ScheduledPost;
use http::Method;
use serde_json::{Value, json};

use super::{Call, all, at_once, edit, etag, path, publish};
use crate::harness::{Answer, App, Client, draft, tier};

/// How many callers a race has.
fn callers() -> usize {
    tier().pick(20, 50)
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn editors(app: &App) -> Vec<Client> {
    let mut editors = Vec::new();
    for _ in 0..5 {
        editors.push(app.user(Role::Editor).await);
    }
    editors
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_edits_of_one_state_one_is_made() {
    let app = App::unlimited().await;
    let editors = editors(&app).await;
    let post = editors[0].post("/v1/manage/posts", draft("Race"), 201).await;
    let rounds = tier().pick(3, 8);
    for round in 1..=rounds {
        let calls = (0..callers()).map(|caller| Call {
            client: editors[caller % editors.len()].clone(),
            method: Method::PATCH,
            path: path(&post, ""),
            seen: Some(etag(round)),
            body: json!({ "body": format!("{round} by {caller}"), "tags": [format!("T {caller}")] }),
        });
        let answers = at_once(calls.collect()).await;
        assert_eq!(count(&answers, 200), 1, "round {round}");
        assert_eq!(count(&answers, 412), callers() - 1, "round {round}");
        let won = answers.iter().find(|answer| answer.status == 200).unwrap();
        let head = editors[0].get(&path(&post, ""), 200).await;
        assert_eq!(head.json, won.json);
        assert_eq!(head.json["version"], round + 1);
    }
    let revisions = all(&editors[0], &path(&post, "/revisions")).await;
    assert_eq!(revisions.len() as u64, rounds + 1, "nobody's text was kept but the winners'");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_publish_the_last_one_acknowledged_is_live() {
    let app = App::unlimited().await;
    let editors = editors(&app).await;
    let reader = app.anonymous();
    for round in 0..2 {
        let title = format!("Round {round}");
        let mut head = editors[0].post("/v1/manage/posts", draft(&title), 201).await;
        let mut calls = Vec::new();
        for caller in 0..callers() {
            let changes = json!({
                "slug": format!("round-{round}-{}", caller % 7),
                "tags": [format!("Tag {}", caller % 5), "Always"],
                "featured": caller % 2 == 0,
                "language": if caller % 3 == 0 { "en" } else { "de" },
            });
            head = edit(&editors[0], &head, changes, 200).await;
            let body = json!({ "revision_id": head.text("/revision_id") });
            let editor = &editors[caller % editors.len()];
            calls.push(Call::post(editor, path(&head, "/publish"), body));
        }
        let answers = at_once(calls).await;
        let refused = answers.iter().filter(|answer| answer.status != 200);
        for answer in refused {
            // It says so where it gave up, and changed nothing.
            assert!([409, 503].contains(&answer.status), "{}", answer.body);
        }
        let acknowledged = answers.iter().filter(|answer| answer.status == 200);
        let last = acknowledged.max_by_key(|answer| answer.json["version"].as_u64()).unwrap();
        let post = editors[0].get(&path(&head, ""), 200).await;
        assert_eq!(post.json["version"], last.json["version"]);
        assert_eq!(post.json["live_revision_id"], last.json["live_revision_id"]);
        let provenance = editors[0].get(&path(&head, "/provenance"), 200).await;
        let publications = provenance.json["publications"].as_array().unwrap();
        assert_eq!(publications.len(), count(&answers, 200));
        assert_one_page(&app, &editors[0], &post, round).await;
    }
    let authors = reader.get("/v1/authors", 200).await;
    assert_eq!(authors.json["items"].as_array().unwrap().len(), 1, "{}", authors.body);
    assert_eq!(authors.json["items"][0]["post_count"], 2);
}

/// The post stands under one slug, in the lists of its live revision, and is counted there.
async fn assert_one_page(app: &App, editor: &Client, post: &Answer, round: usize) {
    let (reader, live) = (app.anonymous(), post.text("/live_revision_id"));
    let revision = editor.get(&path(post, &format!("/revisions/{live}")), 200).await;
    let slug = revision.text("/slug");
    assert_eq!(reader.get(&format!("/v1/posts/{slug}"), 200).await.text("/revision_id"), live);
    for number in 0..7 {
        // Every other slug that was live leads there, if not at once.
        let mut at = format!("/v1/posts/round-{round}-{number}");
        let mut answer = reader.try_send(Method::GET, &at, &[], None).await.unwrap();
        for _ in 0..callers() {
            if answer.status != 301 {
                break;
            }
            at = answer.header("location").to_owned();
            answer = reader.try_send(Method::GET, &at, &[], None).await.unwrap();
        }
        match answer.status {
            200 => assert_eq!(at, format!("/v1/posts/{slug}")),
            status => assert_eq!(status, 404, "{at}"),
        }
    }
    let id = post.text("/id");
    let featured = revision.json["featured"].as_bool().unwrap();
    let language = revision.text("/language");
    let mut lists = vec![
        ("/v1/posts".to_owned(), true),
        ("/v1/posts?featured=true".to_owned(), featured),
        ("/v1/posts?language=en".to_owned(), language == "en"),
        ("/v1/posts?language=de".to_owned(), language == "de"),
    ];
    let tags = revision.json["tags"].as_array().unwrap();
    for tag in ["tag-0", "tag-1", "tag-2", "tag-3", "tag-4", "always"] {
        let carried = tags.iter().any(|carried| carried["slug"] == tag);
        lists.push((format!("/v1/posts?tag={tag}"), carried));
        let listed = all(&reader, &format!("/v1/posts?tag={tag}")).await;
        // Readers see the tags of published posts alone.
        let status = if listed.is_empty() { 404 } else { 200 };
        let counted = reader.get(&format!("/v1/tags/{tag}"), status).await;
        if status == 200 {
            assert_eq!(counted.json["post_count"], listed.len(), "{tag}");
        }
    }
    for (list, expected) in lists {
        let times = all(&reader, &list).await.iter().filter(|item| item["id"] == *id).count();
        assert_eq!(times, usize::from(expected), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_is_carried_out_once_or_cancelled() {
    let (app, clock) = App::unlimited_with_clock().await;
    let app = Arc::new(app);
    let mut editor = app.user(Role::Editor).await;
    let (mut kept, mut cancelled) = (0, 0);
    for round in 0.. {
        // A token is valid for ten minutes, and a round takes five seconds.
        if round % 100 == 99 {
            editor = app.user(Role::Editor).await;
        }
        // Long enough for the race to end either way.
        if round >= tier().pick(12, 60) && kept > 0 && cancelled > 0 {
            break;
        }
        assert!(round < 600, "the race was none: {kept} published, {cancelled} cancelled");
        let post = editor.post("/v1/manage/posts", draft("Post"), 201).await;
        let at = app.byline.context.clock.now().plus_seconds(5);
        let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
        let made = editor.post(&path(&post, "/schedule"), body, 200).await;
        let scheduled = ScheduledPost {
            post_id: post.text("/id").parse().unwrap(),
            schedule_id: made.text("/schedule/id").parse().unwrap(),
        };
        clock.advance(5);
        // The scheduler calls at least once, and perhaps more often.
        let call = || run_scheduled(&app.byline.context, &scheduled);
        let publishes = round % 3 == 0;
        let publish = async {
            if publishes {
                publish(&editor, &post, 200).await;
            }
        };
        let unschedule = path(&post, "/unschedule");
        let (off, (), first, second, ()) = tokio::join!(
            editor.post(&unschedule, json!({}), 200),
            publish,
            call(),
            call(),
            app.byline.run_due_schedules(),
        );
        first.and(second).unwrap();
        let provenance = editor.get(&path(&post, "/provenance"), 200).await;
        let publications = provenance.json["publications"].as_array().unwrap();
        let scheduled = publications.iter().filter(|told| told["scheduled"] == true).count();
        assert!(scheduled <= 1, "{}", provenance.body);
        assert_eq!(publications.len(), scheduled + usize::from(publishes), "{}", provenance.body);
        if off.json["live_revision_id"].is_null() {
            assert_eq!(scheduled, 0, "published after it was cancelled: {}", provenance.body);
            cancelled += 1;
        }
        kept += scheduled;
        // Nor does a late call.
        let before = editor.get(&path(&post, ""), 200).await;
        call().await.unwrap();
        assert_eq!(editor.get(&path(&post, ""), 200).await.json, before.json);
        assert_eq!(before.json["schedule"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_approvals_of_a_new_post_one_is_made() {
    let app = App::unlimited().await;
    let editors = editors(&app).await;
    for round in 0..tier().pick(2, 5) {
        let new = draft(&format!("Round {round}"));
        let proposal = editors[0].post("/v1/manage/proposals", new, 201).await;
        let read = format!("/v1/manage/proposals/{}", proposal.text("/id"));
        let seen = editors[0].get(&read, 200).await.header("etag").to_owned();
        let approve = |editor| Call {
            seen: Some(seen.clone()),
            ..Call::post(editor, format!("{read}/approve"), json!({}))
        };
        let calls = (0..20).map(|caller| approve(&editors[caller % editors.len()])).collect();
        let answers = at_once(calls).await;
        assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 19));
        let refused = answers.iter().filter(|answer| answer.status == 409);
        refused.for_each(|answer| answer.is_problem("proposal_decided"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_of_a_tag_at_once_both_are_kept() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    editor.post("/v1/manage/tags", json!({ "name": "Tag" }), 201).await;
    for round in 0..tier().pick(8, 30) {
        let (name, text) = (format!("Tag {round}"), format!("About {round}"));
        tokio::join!(
            editor.patch("/v1/manage/tags/tag", json!({ "name": name }), 200),
            editor.patch("/v1/manage/tags/tag", json!({ "description": text }), 200),
        );
        let tags = all(&editor, "/v1/manage/tags").await;
        assert_eq!((&tags[0]["name"], &tags[0]["description"]), (&json!(name), &json!(text)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_posts_with_one_slug_one_is_made() {
    let app = App::unlimited().await;
    let editors = editors(&app).await;
    let rounds = tier().pick(2, 5);
    for round in 0..rounds {
        let create = |asked: bool| {
            let calls = (0..20).map(|caller| {
                let mut new = draft(&format!("Round {round} {asked}"));
                if asked {
                    new["slug"] = format!("asked-{round}").into();
                }
                let editor = &editors[caller % editors.len()];
                Call::post(editor, "/v1/manage/posts".to_owned(), new)
            });
            calls.collect()
        };
        let answers = at_once(create(true)).await;
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 19));
        answers
            .iter()
            .filter(|answer| answer.status == 409)
            .for_each(|a| a.is_problem("slug_taken"));
        // One that is made from the title gives way.
        let answers = at_once(create(false)).await;
        assert_eq!(count(&answers, 201), 20);
        let mut slugs: Vec<String> = answers.iter().map(|answer| answer.text("/slug")).collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 20);
    }
    let posts = all(&editors[0], "/v1/manage/posts").await;
    assert_eq!(posts.len(), rounds * 21);
}
