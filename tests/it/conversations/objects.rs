//! The objects are those of OpenAI's Conversations API, so that its SDKs read them.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{PATH, app, says, start, texts};

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_has_the_form_that_openai_gives_it() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let body = json!({
        "items": [says("Shorten the intro,\nplease")],
        "metadata": { "topic": "intro", "mode": "draft" },
    });
    let made = author.post(PATH, body, 200).await;
    let id = made.text("/id");
    assert!(id.starts_with("conv_"), "{id}");
    let now = app.byline.context.clock.now().as_seconds();
    let created_at = made.json["created_at"].as_i64().unwrap();
    assert!((now - 60..=now).contains(&created_at), "{created_at}");
    let expected = json!({
        "id": id,
        "object": "conversation",
        "created_at": created_at,
        "last_used_at": created_at,
        "metadata": { "mode": "draft", "title": "Shorten the intro, please", "topic": "intro" },
        "running_response_id": null,
    });
    assert_eq!(made.json, expected);
    let path = format!("{PATH}/{id}");
    assert_eq!(author.get(&path, 200).await.json, expected);

    let items = author.get(&format!("{path}/items"), 200).await;
    let item = items.text("/first_id");
    let message = json!({
        "id": item,
        "type": "message",
        "status": "completed",
        "role": "user",
        "content": [{ "type": "input_text", "text": "Shorten the intro,\nplease" }],
    });
    let list = |data: Value, id: Value, has_more: bool| {
        json!({
            "object": "list", "data": data, "first_id": id, "last_id": id, "has_more": has_more,
        })
    };
    assert_eq!(items.json, list(json!([message]), json!(item), false));
    assert_eq!(author.get(&format!("{path}/items/{item}"), 200).await.json, message);

    // As the SDKs write a message: with its type, and in parts.
    let parts = json!([
        { "type": "input_text", "text": "And the" }, { "type": "input_text", "text": "end." },
    ]);
    let more = json!({ "items": [{ "type": "message", "role": "user", "content": parts }] });
    let added = author.post(&format!("{path}/items"), more, 200).await;
    assert_eq!(added.json["data"][0]["content"], parts);
    assert_eq!(added.json["has_more"], false);
    let second = added.text("/first_id");
    let gone = author.delete(&format!("{path}/items/{second}"), 200).await;
    assert_eq!(gone.json["object"], "conversation");
    assert_eq!(gone.json["id"], expected["id"]);

    let deleted = author.delete(&path, 200).await;
    assert_eq!(
        deleted.json,
        json!({ "id": id, "object": "conversation.deleted", "deleted": true })
    );
    author.get(&path, 404).await.is_problem("not_found");
    let none = author.get(PATH, 200).await;
    let mut expected = list(json!([]), Value::Null, false);
    expected["next_cursor"] = Value::Null;
    assert_eq!(none.json, expected);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_keeps_title_and_mode_that_it_does_not_name() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let body = json!({ "metadata": { "title": "Mine", "mode": "read", "a": "1" } });
    let made = author.post(PATH, body, 200).await;
    let path = format!("{PATH}/{}", made.text("/id"));
    for (sent, expected) in [
        (json!({ "b": "2" }), json!({ "title": "Mine", "mode": "read", "b": "2" })),
        (json!({ "title": "New" }), json!({ "title": "New", "mode": "read" })),
        (json!({ "mode": "draft", "c": "" }), json!({ "title": "New", "mode": "draft", "c": "" })),
        (json!(null), json!({ "title": "New", "mode": "draft" })),
    ] {
        let changed = author.post(&path, json!({ "metadata": sent }), 200).await;
        assert_eq!(changed.json["metadata"], expected);
        assert_eq!(author.get(&path, 200).await.json["metadata"], expected);
    }
    let kept = author.post(&path, json!({ "metadata": { "d": "3" } }), 200).await;
    assert_eq!(author.post(&path, json!({}), 200).await.json, kept.json, "nothing was sent");
    // The first message names a conversation without a title, and no other.
    author.post(&format!("{path}/items"), json!({ "items": [says("Hello")] }), 200).await;
    assert_eq!(author.get(&path, 200).await.json["metadata"]["title"], "New");
    let unnamed = start(&author, &[]).await;
    assert!(author.get(&unnamed, 200).await.json["metadata"].get("title").is_none());
    author.post(&format!("{unnamed}/items"), json!({ "items": [says("Hello")] }), 200).await;
    assert_eq!(author.get(&unnamed, 200).await.json["metadata"]["title"], "Hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_can_be_removed() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    for none in [json!(""), json!(null)] {
        let path = start(&author, &["Hello"]).await;
        let sent = json!({ "metadata": { "title": none, "a": "1" } });
        let left = author.post(&path, sent, 200).await;
        assert_eq!(left.json["metadata"], json!({ "mode": "propose", "a": "1" }));
        assert_eq!(author.get(&path, 200).await.json, left.json);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_in_pages_in_both_orders() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &["0", "1", "2"]).await;
    author.post(&format!("{path}/items"), json!({ "items": [says("3"), says("4")] }), 200).await;
    for (order, expected) in [
        ("", vec!["4", "3", "2", "1", "0"]),
        ("&order=desc", vec!["4", "3", "2", "1", "0"]),
        ("&order=asc", vec!["0", "1", "2", "3", "4"]),
    ] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = author.get(&format!("{path}/items?limit=2{order}{after}"), 200).await;
            let here = texts(&page);
            assert!(here.len() <= 2);
            seen.extend(here);
            if page.json["has_more"] == false {
                break;
            }
            after = format!("&after={}", page.text("/last_id"));
        }
        assert_eq!(seen, expected, "{order}");
    }
    let all = author.get(&format!("{path}/items?limit=5"), 200).await;
    assert_eq!(all.json["has_more"], false);
    let (first, last) = (all.text("/last_id"), all.text("/first_id"));
    for beyond in [format!("after={first}"), format!("order=asc&after={last}")] {
        let page = author.get(&format!("{path}/items?{beyond}"), 200).await;
        assert_eq!(page.json["data"], json!([]), "{beyond}");
        assert!(page.json["first_id"].is_null() && page.json["last_id"].is_null());
    }
    author.get(&format!("{path}/items?after=msg_1"), 422).await.is_problem("invalid_input");
    author.get(&format!("{path}/items?order=up"), 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_long_messages_is_shorter_and_none_is_lost() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &[]).await;
    let mut sent = Vec::new();
    for number in 0..20 {
        let long = |half: &str| format!("{number}{half}{}", "\"".repeat(15_000));
        let pair = [long("a"), long("b")];
        let items: Vec<Value> = pair.iter().map(|text| says(text)).collect();
        author.post(&format!("{path}/items"), json!({ "items": items }), 200).await;
        sent.extend(pair);
    }
    // 40 messages have 600 kB, and all are told; 80 have more than a page.
    let whole = author.get(&format!("{path}/items?limit=100&order=asc"), 200).await;
    assert_eq!(texts(&whole), sent);
    for number in 20..40 {
        let text = format!("{number}{}", "\"".repeat(30_000));
        author.post(&format!("{path}/items"), json!({ "items": [says(&text)] }), 200).await;
        sent.push(text);
    }
    let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = author.get(&format!("{path}/items?limit=100&order=asc{after}"), 200).await;
        assert!(page.body.len() < 4 * 1024 * 1024, "{} bytes", page.body.len());
        seen.extend(texts(&page));
        pages += 1;
        if page.json["has_more"] == false {
            break;
        }
        after = format!("&after={}", page.text("/last_id"));
    }
    assert!(seen == sent && pages == 2, "{} of {} in {pages}", seen.len(), sent.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_conversation_used_last_comes_first() {
    let (app, clock) = super::app_with_clock(&[]).await;
    let author = app.user(Role::Author).await;
    let mut paths = Vec::new();
    for text in ["first", "second", "third"] {
        paths.push(start(&author, &[text]).await);
        clock.advance(1);
    }
    author.post(&format!("{}/items", paths[0]), json!({ "items": [says("more")] }), 200).await;
    // Neither reading nor renaming is a use.
    author.get(&paths[1], 200).await;
    author.post(&paths[1], json!({ "metadata": { "title": "renamed" } }), 200).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = author.get(&format!("{PATH}?limit=2{cursor}"), 200).await;
        let data = page.json["data"].as_array().unwrap();
        seen.extend(data.iter().map(|one| one["metadata"]["title"].as_str().unwrap().to_owned()));
        assert_eq!(page.json["last_id"], data.last().unwrap()["id"]);
        match page.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["first", "third", "renamed"]);
    let answer = author.get(&format!("{PATH}?cursor=AAAA"), 422).await;
    assert_eq!(answer.faults(), [("/cursor".to_owned(), "invalid_cursor".to_owned())]);
}
