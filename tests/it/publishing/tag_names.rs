//! What a tag's name leads to, at the edges: names that look alike, tags that are gone, names that moved away
//! from their slugs.

use byline_shared::model::{Role, Slug, TagName};
use byline_shared::publishing;
use byline_shared::store::tags::{NewTag, TagItem};
use serde_json::{Value, json};

use super::{api_key, edit, path, publish};
use crate::harness::{App, Client, tier};

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_found_by_the_name_that_it_has() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let tagged = |title: &str, tag: &str| json!({ "title": title, "body": "Text.", "tags": [tag] });
    let first = editor.post("/v1/manage/posts", tagged("First", "JS"), 201).await;
    editor.patch("/v1/manage/tags/js", json!({ "name": "JavaScript" }), 200).await;

    for (title, name) in [("Second", "JavaScript"), ("Third", "javascript"), ("Fourth", "JS")] {
        let post = editor.post("/v1/manage/posts", tagged(title, name), 201).await;
        assert_eq!(post.json["tags"], json!([{ "slug": "js", "name": "JavaScript" }]), "{name}");
    }
    // A name is one tag's, in any case.
    editor.post("/v1/manage/tags", json!({ "name": "Go" }), 201).await;
    for name in ["Go", "go"] {
        let body = json!({ "name": name });
        let taken = editor.patch("/v1/manage/tags/js", body.clone(), 409).await;
        taken.is_problem("tag_exists");
        editor.post("/v1/manage/tags", body, 409).await.is_problem("tag_exists");
    }
    // A former name is free for a tag that somebody makes on purpose.
    editor.post("/v1/manage/tags", json!({ "name": "JS" }), 409).await.is_problem("tag_exists");
    editor.post("/v1/manage/tags", json!({ "name": "JS", "slug": "jukebox" }), 201).await;
    let read = editor.get(&path(&first, ""), 200).await;
    let back = edit(&editor, &read, json!({ "tags": ["JavaScript", "JS"] }), 200).await;
    let both = json!([
        { "slug": "js", "name": "JavaScript" }, { "slug": "jukebox", "name": "JS" },
    ]);
    assert_eq!(back.json["tags"], both);
}

/// The tags that a new post of this person's gets.
async fn tags_of(editor: &Client, names: &[&str]) -> Vec<(String, String)> {
    let new = json!({ "title": names.concat(), "body": "Text.", "tags": names });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tags = post.json["tags"].as_array().unwrap().iter();
    tags.map(|tag| (text(&tag["slug"]), text(&tag["name"]))).collect()
}

fn pairs(tags: &[(&str, &str)]) -> Vec<(String, String)> {
    tags.iter().map(|(slug, name)| ((*slug).to_owned(), (*name).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_alike_as_slugs_are_different_tags() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let first = tags_of(&editor, &["北京", "C++", "Sport"]).await;
    let named = |tags: &[(String, String)]| -> Vec<String> {
        tags.iter().map(|(_, name)| name.clone()).collect()
    };
    let second = tags_of(&editor, &["背景", "C", "C#", "Спорт"]).await;
    assert_eq!(named(&second), ["背景", "C", "C#", "Спорт"]);
    let slugs: std::collections::BTreeSet<&String> =
        first.iter().chain(&second).map(|(slug, _)| slug).collect();
    assert_eq!(slugs.len(), 7, "{first:?} {second:?}");
    // Each is found again, in any case and encoding.
    let same = tags_of(&editor, &["c#", "СПОРТ", "sport", " c++ "]).await;
    let expected = [&second[2], &second[3], &first[2], &first[1]].map(Clone::clone);
    assert_eq!(same, expected);
    let composed = tags_of(&editor, &["Caf\u{e9}"]).await;
    assert_eq!(tags_of(&editor, &["CAFE\u{301}"]).await, composed);
    assert_eq!(tags_of(&editor, &["One", "ONE", "one "]).await, pairs(&[("one", "One")]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_name_is_not_shown_as_another_one_whoever_took_its_slug() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let new = json!({ "title": "Game", "body": "Text.", "tags": ["Sport"] });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await;
    agent.post("/v1/manage/tags", json!({ "name": "Спорт" }), 201).await;
    editor.approve(&proposal.text("/id"), json!({ "publish": true }), 200).await;
    let read = async || app.anonymous().get("/v1/posts/game", 200).await.json["tags"].clone();
    assert_eq!(read().await, json!([{ "slug": "sport-2", "name": "Sport" }]));

    // The slug of a tag that is gone is not another name's either.
    editor.delete("/v1/manage/tags/sport-2", 204).await;
    super::settle(&app, 1).await;
    let body = json!({ "name": "Sport 2", "slug": "sport-2" });
    agent.post("/v1/manage/tags", body, 403).await.is_problem("approval_required");
    let other = agent.post("/v1/manage/tags", json!({ "name": "Sport 2" }), 201).await;
    assert_eq!(other.text("/slug"), "sport-2-2");
    let post = editor.get(&format!("/v1/manage/posts/{}", proposal.text("/post_id")), 200).await;
    publish(&editor, &post, 200).await;
    assert_eq!(read().await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slug_of_a_deleted_tag_is_for_its_very_name() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let tagged = |title: &str, tag: &str| json!({ "title": title, "body": "Text.", "tags": [tag] });
    let read = async |slug: &str| {
        app.anonymous().get(&format!("/v1/posts/{slug}"), 200).await.json["tags"].clone()
    };

    // What is live, while the change is still under way.
    let live = editor.post("/v1/manage/posts", tagged("Live", "Buße"), 201).await;
    publish(&editor, &live, 200).await;
    editor.delete("/v1/manage/tags/busse", 204).await;
    assert_eq!(tags_of(&agent, &["BUSSE"]).await, pairs(&[("busse-2", "BUSSE")]));
    super::settle(&app, 1).await;
    assert_eq!(read("live").await, json!([]));

    // What was approved.
    let proposal = agent.post("/v1/manage/proposals", tagged("Advice", "In Maßen"), 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    editor.delete("/v1/manage/tags/in-massen", 204).await;
    super::settle(&app, 2).await;
    for (slug, name) in [("in-massen-2", "in MASSEN"), ("in-massen-3", "in maßen")] {
        assert_eq!(tags_of(&agent, &[name]).await, pairs(&[(slug, name)]));
    }
    publish(&editor, &approved, 200).await;
    assert_eq!(read("advice").await, json!([]));

    // The very name gets it back.
    editor.delete("/v1/manage/tags/in-massen-3", 204).await;
    assert_eq!(tags_of(&agent, &["In Maßen"]).await, pairs(&[("in-massen", "In Maßen")]));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_only_full_case_folding_makes_the_same_are_different_tags() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let both = pairs(&[("masse", "Masse"), ("masse-2", "Maße")]);
    assert_eq!(tags_of(&editor, &["Masse", "Maße"]).await, both);
    assert_eq!(tags_of(&editor, &["MASSE", "MAẞE"]).await, both);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calls_for_tags_do_not_grow_with_their_number() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let count = std::cell::Cell::new(0);
    let calls = async |names: Vec<String>| {
        let before = app.byline.observer.actions("manage-posts-create");
        count.set(count.get() + 1);
        let title = format!("Post {}", count.get());
        let new = json!({ "title": title, "body": "Text.", "tags": names });
        editor.post("/v1/manage/posts", new, 201).await;
        let mut made = app.byline.observer.actions("manage-posts-create");
        for (action, count) in before {
            *made.get_mut(&action).unwrap() -= count;
        }
        made.retain(|_, count| *count > 0);
        made
    };
    let names = |of: &str, count: usize| -> Vec<String> {
        (0..count).map(|number| format!("{of} {number}")).collect()
    };
    // Many others are there.
    for round in 0..tier().pick(10, 60) {
        calls(names(&format!("Other {round}"), 20)).await;
    }
    let one = calls(names("New", 1)).await;
    assert_eq!(calls(names("Further", 20)).await, one, "new ones");
    let known = calls(names("New", 1)).await;
    assert_eq!(calls(names("Further", 20)).await, known, "known ones");
    // All with the slug of another: numbers are looked for.
    let signs = ["!", "?", "+", "#", "*", "%", "&", "=", "~", "^"];
    let crowded = signs.iter().map(|sign| format!("New 0{sign}")).collect();
    let crowded = calls(crowded).await;
    assert!(crowded["BatchGetItem"] <= one["BatchGetItem"] + 1, "{crowded:?}");
    assert_eq!(crowded["TransactWriteItems"], one["TransactWriteItems"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_from_before_names_had_entries_are_found_by_name() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let cx = &app.byline.context;
    let tag = |slug: &str, name: &str| {
        let (slug, name) = (Slug::trusted(slug), TagName::trusted(name));
        TagItem { id: None, ..TagItem::new(slug, name, cx.clock.now()) }
    };
    let old = NewTag { tag: tag("js", "JS"), dead: None, name: None };
    assert!(cx.store.tags().create(&[old]).await.unwrap());
    assert_eq!(tags_of(&editor, &["js"]).await, pairs(&[("js", "JS")]));
    let taken = editor.post("/v1/manage/tags", json!({ "name": "Js" }), 409).await;
    taken.is_problem("tag_exists");
    editor.patch("/v1/manage/tags/js", json!({ "name": "JavaScript" }), 200).await;
    for name in ["JS", "javascript"] {
        assert_eq!(tags_of(&editor, &[name]).await, pairs(&[("js", "JavaScript")]), "{name}");
    }
    // An import keeps two tags of one name, and the name goes on leading to the first.
    let import = async |tag: TagItem| publishing::import_tag(cx, &tag).await.unwrap();
    assert!(import(tag("news", "News")).await);
    assert!(import(tag("more-news", "NEWS")).await);
    assert!(!import(tag("news", "Other")).await);
    assert_eq!(tags_of(&editor, &["news"]).await, pairs(&[("news", "News")]));
}
