//! The type of a text, where people and agents work on it: drafts, lists, reviews, proposals and tools.

use aws_sdk_dynamodb::types::AttributeValue;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};
use crate::mcp::{call, fails, pair};

const POSTS: &str = "/v1/manage/posts";

fn path(post: &Answer, rest: &str) -> String {
    format!("{POSTS}/{}{rest}", post.text("/id"))
}

async fn publish(editor: &Client, post: &Answer) -> Answer {
    let body = json!({ "revision_id": post.text("/revision_id") });
    editor.post(&path(post, "/publish"), body, 200).await
}

async fn edit(editor: &Client, post: &Answer, change: Value) -> Answer {
    let seen = [("if-match", post.header("etag"))];
    editor.send(Method::PATCH, &path(post, ""), &seen, Some(change), 200).await
}

async fn listed(editor: &Client, query: &str) -> Vec<String> {
    let list = editor.get(&format!("{POSTS}?{query}"), 200).await;
    let items = list.json["items"].as_array().unwrap();
    items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_a_post_unless_it_says_otherwise() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post(POSTS, draft("Post"), 201).await;
    assert_eq!(post.json["type"], "post");
    let mut new = draft("About");
    new["type"] = json!("page");
    let page = editor.post(POSTS, new.clone(), 201).await;
    assert_eq!(page.json["type"], "page");
    for wrong in [json!("Page"), json!("wiki"), json!(null), json!(1)] {
        new["type"] = wrong.clone();
        let refused = editor.post(POSTS, new.clone(), 422).await;
        assert_eq!(refused.faults()[0].0, "/type", "{wrong}");
    }
    assert_eq!(listed(&editor, "type=page").await, ["about"]);
    assert_eq!(listed(&editor, "type=post").await, ["post"]);
    assert_eq!(listed(&editor, "").await, ["about", "post"]);
    assert_eq!(listed(&editor, "type=page&status=published").await, [""; 0]);
    let copy = editor.post(&path(&page, "/duplicate"), json!({}), 201).await;
    assert_eq!(copy.json["type"], "page");
    // Each revision has its own, and an old one brings it back.
    let edited = edit(&editor, &page, json!({ "type": "post" })).await;
    assert_eq!((&edited.json["type"], &edited.json["version"]), (&json!("post"), &json!(2)));
    let first = path(&page, &format!("/revisions/{}", page.text("/revision_id")));
    assert_eq!(editor.get(&first, 200).await.json["type"], "page");
    let seen = [("if-match", edited.header("etag"))];
    let restore = format!("{first}/restore");
    let restored = editor.send(Method::POST, &restore, &seen, Some(json!({})), 200).await;
    assert_eq!(restored.json["type"], "page");
    let same = edit(&editor, &restored, json!({ "title": "About us" })).await;
    assert_eq!(same.json["type"], "page", "what is not sent stays");
}

/// Takes the type out of everything that is stored of a post, as it was stored before there were pages.
async fn forget_types(app: &App) {
    let cx = &app.byline.context;
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let table = cx.config.content_table.clone();
    fn forget(value: &mut AttributeValue) {
        match value {
            AttributeValue::M(fields) => {
                for name in ["type", "excerpt_source"] {
                    fields.remove(name);
                }
                fields.values_mut().for_each(forget);
            }
            AttributeValue::L(values) => values.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let items = client.scan().table_name(&table).send().await.unwrap().items.unwrap();
    assert!(items.iter().any(|item| item.contains_key("type")));
    for item in items {
        let mut item = AttributeValue::M(item);
        forget(&mut item);
        let AttributeValue::M(item) = item else { unreachable!() };
        client.put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_before_there_were_pages_is_a_post() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let mut new = draft("Old");
    new["tags"] = json!(["Alpha"]);
    let post = editor.post(POSTS, new, 201).await;
    let review = editor
        .get(&path(&post, &format!("/review?revision_id={}", post.text("/revision_id"))), 200)
        .await;
    publish(&editor, &post).await;
    forget_types(&app).await;
    let reader = app.anonymous();
    let read = reader.get("/v1/posts/old", 200).await;
    assert_eq!(
        (&read.json["type"], &read.json["excerpt_source"]),
        (&json!("post"), &json!("author"))
    );
    assert_eq!(reader.get("/v1/posts", 200).await.json["items"][0]["type"], "post");
    assert_eq!(listed(&editor, "type=post").await, ["old"]);
    assert_eq!(listed(&editor, "type=page").await, [""; 0]);
    let stored = editor.get(&path(&post, ""), 200).await;
    assert_eq!(stored.json["type"], "post");
    let again = editor
        .get(&path(&post, &format!("/review?revision_id={}", post.text("/revision_id"))), 200)
        .await;
    assert_eq!(again.json["content_digest"], review.json["content_digest"]);
    // It becomes a page as any other.
    let page = edit(&editor, &stored, json!({ "type": "page" })).await;
    publish(&editor, &page).await;
    assert_eq!(reader.get("/v1/posts", 200).await.json["items"], json!([]));
    reader.get("/v1/tags/alpha", 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_shows_that_a_post_would_become_a_page() {
    let app = App::unlimited().await;
    let (editor, agent) = pair(&app, Role::Editor).await;
    let post = editor.post(POSTS, draft("Post"), 201).await;
    let live = publish(&editor, &post).await;
    let propose = |change: Value| {
        let mut change = change;
        change["post_id"] = post.json["id"].clone();
        change["revision_id"] = post.json["revision_id"].clone();
        call(&agent, "post_propose", change)
    };
    let of = |answer: Answer| -> Value {
        serde_json::from_str(&answer.text("/result/content/0/text")).unwrap()
    };
    let titled = of(propose(json!({ "title": "Page" })).await);
    let typed = of(propose(json!({ "title": "Page", "type": "page" })).await);
    let read = |proposal: &Value| {
        let path = format!("/v1/manage/proposals/{}", proposal["proposal_id"].as_str().unwrap());
        let editor = editor.clone();
        async move { editor.get(&path, 200).await }
    };
    let (titled, shown) = (read(&titled).await, read(&typed).await);
    let change = json!({ "field": "type", "from": "post", "to": "page" });
    let fields = shown.json["review"]["changes"]["fields"].as_array().unwrap();
    assert!(fields.contains(&change), "{fields:?}");
    assert_ne!(shown.json["review"]["content_digest"], titled.json["review"]["content_digest"]);
    assert_ne!(shown.header("etag"), titled.header("etag"));
    let told =
        of(call(&agent, "proposal_get", json!({ "proposal_id": typed["proposal_id"] })).await);
    assert!(told["fields"].as_array().unwrap().contains(&change), "{told}");
    let desk = shown.text("/review_url");
    assert!(desk.contains("/desk/"), "{desk}");

    // What was approved without it is not approved with it.
    let approved = editor.approve(&shown.text("/id"), json!({}), 200).await;
    assert_eq!(approved.json["type"], "page");
    let head = editor.get(&path(&live, ""), 200).await;
    publish(&editor, &head).await;
    assert_eq!(app.anonymous().get("/v1/posts", 200).await.json["items"], json!([]));
    assert_eq!(app.anonymous().get("/v1/posts/post", 200).await.json["type"], "page");
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_draft_find_and_read_pages() {
    let app = App::unlimited().await;
    let (_, agent) = pair(&app, Role::Editor).await;
    let of = |answer: Answer| -> Value {
        serde_json::from_str(&answer.text("/result/content/0/text")).unwrap()
    };
    let new = json!({ "title": "About us", "body": "Text.", "type": "page" });
    let page = of(call(&agent, "post_create_draft", new).await);
    assert_eq!(page["type"], "page");
    let got = of(call(&agent, "post_get", json!({ "post_id": "about-us" })).await);
    assert_eq!(got["type"], "page");
    let found = of(call(&agent, "search", json!({ "query": "about" })).await);
    assert_eq!(found["results"][0]["type"], "page");
    assert_eq!(found["results"][0]["url"], "http://localhost:3000/about-us");
    let fetched = of(call(&agent, "fetch", json!({ "id": "about-us" })).await);
    assert_eq!(
        (&fetched["url"], &fetched["metadata"]["type"]),
        (&json!("http://localhost:3000/about-us"), &json!("page"))
    );
    let list = of(call(&agent, "posts_list", json!({ "type": "page" })).await);
    assert_eq!(list["posts"][0]["type"], "page");
    let none = of(call(&agent, "posts_list", json!({ "type": "post" })).await);
    assert_eq!(none["posts"], json!([]));
    let edit = json!({ "post_id": page["id"], "revision_id": page["revision_id"], "type": "post" });
    let edited = of(call(&agent, "post_edit", edit).await);
    assert_eq!((&edited["type"], &edited["changed"]), (&json!("post"), &json!(["type"])));
    let proposal = json!({ "title": "Imprint", "body": "Text.", "type": "page" });
    let proposal = of(call(&agent, "post_propose", proposal).await);
    let shown =
        of(call(&agent, "proposal_get", json!({ "proposal_id": proposal["proposal_id"] })).await);
    let change = json!({ "field": "type", "to": "page" });
    assert!(shown["fields"].as_array().unwrap().contains(&change), "{shown}");
    let site = of(call(&agent, "site_get", json!({})).await);
    assert_eq!(site["page_path"], "/{slug}");
    let wrong = json!({ "title": "A", "body": "B", "type": "wiki" });
    assert!(fails(&agent, "post_create_draft", wrong).await.contains("type"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_before_leads_to_the_one_of_now() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let reader = app.anonymous();
    let post = editor.post(POSTS, draft("About"), 201).await;
    let live = publish(&editor, &post).await;
    let asked = |path: &str| format!("/v1/redirects?path={path}");
    // The address of now leads nowhere: a website that asked first would never get there.
    reader.get(&asked("/posts/about"), 404).await;
    reader.get(&asked("/about"), 200).await;
    let page = edit(&editor, &live, json!({ "type": "page", "slug": "about-us" })).await;
    publish(&editor, &page).await;
    let site = reader.get("/v1/site", 200).await.text("/url");
    for before in ["/posts/about", "/posts/about/", "/about", "/posts/about-us"] {
        let redirect = reader.get(&asked(before), 200).await;
        let expected = format!("{}/about-us", site.trim_end_matches('/'));
        assert_eq!(redirect.text("/location"), expected, "{before}");
    }
    for other in ["/about-us", "/about-us/", "/", "/posts/", "/posts/never-was", "/a/b"] {
        reader.get(&asked(other), 404).await;
    }
}
