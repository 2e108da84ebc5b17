//! Markdown that wants to be more than text: what comes of it is held to be free of all that acts,
//! as a parser of HTML sees it, and every bomb to end.

mod bodies;
mod bombs;
mod corpus;
mod harmless;
mod repairs;
mod search;

use byline_shared::model::Role;
use byline_shared::publishing::to_html;
use serde_json::json;

use self::corpus::ATTACKS;
use self::harmless::assert_harmless;
use crate::harness::App;

#[test]
fn nothing_active_is_left_of_any_attack() {
    for attack in ATTACKS {
        // By itself, within text, within other Markdown, and twice.
        for markdown in [
            (*attack).to_owned(),
            format!("before {attack} after"),
            format!("> - {attack}\n>   {attack}"),
            format!("| a |\n|---|\n| {attack} |\n"),
            format!("[{attack}](https://example.com \"{attack}\")"),
            format!("![{attack}](https://example.com/{attack})"),
            format!("<div title='{attack}'>{attack}</div>\n\n{attack}"),
            format!("<p {attack}>x</p>\n\n<svg>{attack}</svg>\n\n<math>{attack}</math>"),
            format!("See[^a].\n\n[^a]: {attack}\n"),
            format!("`{attack}`\n\n```{attack}\n{attack}\n```\n"),
        ] {
            match to_html(&markdown) {
                Ok(html) => assert_harmless(&html, &markdown),
                Err(fault) => panic!("{fault}: {markdown}"),
            }
        }
    }
}

#[test]
fn nor_of_all_attacks_together_in_any_order() {
    for skipped in (0..ATTACKS.len()).step_by(9) {
        let (first, second) = ATTACKS.split_at(skipped);
        for joint in ["\n\n", " ", ""] {
            let markdown = [second, first].concat().join(joint);
            if let Ok(html) = to_html(&markdown) {
                assert_harmless(&html, &markdown);
            }
        }
    }
}

#[test]
fn nor_of_what_is_cut_off_anywhere() {
    for attack in ATTACKS {
        for (end, _) in attack.char_indices().step_by(3) {
            let markdown = format!("{}\n\n<a href='https://example.com'>x</a>", &attack[..end]);
            let html = to_html(&markdown).unwrap();
            assert_harmless(&html, &markdown);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_active_is_served() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let reader = app.anonymous();
    // What the boundary refuses is refused, and all else is harmless.
    let (refused, taken): (Vec<&str>, Vec<&str>) = ATTACKS
        .iter()
        .copied()
        .partition(|attack| byline_shared::model::hidden::check(attack).is_err());
    assert!(refused.len() > 3);
    for body in refused {
        let new = json!({ "title": "Refused", "body": body });
        let answer = editor.post("/v1/manage/posts", new, 422).await;
        assert_eq!(answer.faults(), [("/body".to_owned(), "invalid_format".to_owned())]);
    }
    for (number, attacks) in taken.chunks(12).enumerate() {
        let body = attacks.join("\n\n");
        let new = json!({ "title": "x", "slug": format!("attack-{number}"), "body": body });
        let post = editor.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
        let revision = json!({ "revision_id": post.text("/revision_id") });
        editor.post(&path, revision, 200).await;
        let read = reader.get(&format!("/v1/posts/attack-{number}"), 200).await;
        assert_eq!(read.header("content-type"), "application/json");
        assert_harmless(&read.text("/body_html"), &body);
        assert_eq!(read.text("/body"), body);
    }
    // And in the feeds, which bring the same HTML.
    let feed = reader.get("/feed.json", 200).await;
    let items = feed.json["items"].as_array().unwrap();
    assert!(items.len() > 5);
    for item in items {
        assert_harmless(item["content_html"].as_str().unwrap(), "a feed");
    }
    let atom = feed_rs::parser::parse(reader.get("/feed.xml", 200).await.body.as_bytes()).unwrap();
    assert_eq!(atom.entries.len(), items.len());
    for entry in atom.entries {
        assert_harmless(&entry.content.unwrap().body.unwrap(), "a feed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_take_for_ever_is_refused_at_publishing() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let many: String = (0..9_000).map(|number| format!("a{number} ")).collect();
    for body in [
        ">".repeat(10_000),
        "<div>".repeat(10_000),
        "<b title=\"</b>\">".repeat(1_000),
        format!("<p {many}>x</p>"),
        format!("{}|\n{}|\n{}", "|a".repeat(600), "|-".repeat(600), "|b\n".repeat(600)),
    ] {
        let new = json!({ "title": "Bomb", "body": body });
        let post = editor.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
        let revision = json!({ "revision_id": post.text("/revision_id") });
        let answer = editor.post(&path, revision, 422).await;
        let fault = ("/revision_id".to_owned(), "too_complex".to_owned());
        assert_eq!(answer.faults(), [fault]);
        let slug = post.text("/slug");
        app.anonymous().get(&format!("/v1/posts/{slug}"), 404).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_publish_nothing_is_rendered() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    // Refused for what it is, once somebody may publish it.
    let new = json!({ "title": "Bomb", "body": "&".repeat(100_000) });
    let post = agent.post("/v1/manage/posts", new, 201).await;
    let path = |rest: &str| format!("/v1/manage/posts/{}{rest}", post.text("/id"));
    let revision = json!({ "revision_id": post.text("/revision_id") });
    let mut later = revision.clone();
    later["publish_at"] = json!("2099-01-01T00:00:00Z");
    for (door, body) in [("/publish", &revision), ("/schedule", &later)] {
        agent.post(&path(door), body.clone(), 403).await.is_problem("approval_required");
        let answer = editor.post(&path(door), body.clone(), 422).await;
        assert_eq!(answer.faults(), [("/revision_id".to_owned(), "too_complex".to_owned())]);
    }
}
