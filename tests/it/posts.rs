//! Drafting, editing and publishing.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};

async fn edit(client: &Client, id: &str, seen: &str, body: Value, status: u16) -> Answer {
    let path = format!("/v1/manage/posts/{id}");
    client.send(Method::PATCH, &path, &[("if-match", seen)], Some(body), status).await
}

async fn publish(client: &Client, post: &Answer, status: u16) -> Answer {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    client.post(&path, json!({ "revision_id": post.text("/revision_id") }), status).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_names_the_state_it_is_based_on() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("One"), 201).await;
    let id = post.text("/id");
    let path = format!("/v1/manage/posts/{id}");
    let title = json!({ "title": "Two" });
    author.patch(&path, title.clone(), 428).await.is_problem("precondition_required");
    for stale in ["\"v2\"", "\"v0\"", "\"v7\", \"v8\""] {
        edit(&author, &id, stale, title.clone(), 412).await.is_problem("precondition_failed");
    }
    for malformed in ["w/\"v1\"", "*", "v1", "\"\""] {
        let answer = edit(&author, &id, malformed, title.clone(), 422).await;
        assert_eq!(answer.faults(), [("/if_match".to_owned(), "invalid_format".to_owned())]);
    }
    let edited = edit(&author, &id, "\"v1\"", title, 200).await;
    assert_eq!(edited.header("etag"), "\"v2\"");
    assert_eq!(edited.json["title"], "Two");
    assert_eq!(edited.json["slug"], "one", "a title does not move a post");
    assert_eq!(edited.json["body"], post.json["body"]);
    assert_ne!(edited.json["revision_id"], post.json["revision_id"]);
    let nothing = edit(&author, &id, "\"v2\"", json!({}), 200).await;
    assert_eq!(nothing.json, edited.json, "nothing to change makes no revision");
    let read = author.get(&path, 200).await;
    assert_eq!(read.json, edited.json);
    assert_eq!(read.header("etag"), "\"v2\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_edits_at_once_one_wins() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Race"), 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let mut edits = tokio::task::JoinSet::new();
    for writer in 0..20 {
        let (author, path) = (author.clone(), path.clone());
        edits.spawn(async move {
            let headers = [("if-match", "\"v1\""), ("content-type", "application/json")];
            let body = json!({ "title": format!("By {writer}") }).to_string();
            let answer = author.try_send(Method::PATCH, &path, &headers, Some(body)).await.unwrap();
            (answer.status, answer.json["title"].clone())
        });
    }
    let outcomes = edits.join_all().await;
    let won: Vec<_> = outcomes.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|(status, _)| [200, 412].contains(status)), "{outcomes:?}");
    let read = author.get(&path, 200).await;
    assert_eq!(read.json["title"], won[0].1);
    assert_eq!(read.json["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn slugs_are_one_post_each() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let slug = |post: &Answer| post.text("/slug");
    let one = author.post("/v1/manage/posts", draft("Same title"), 201).await;
    let two = author.post("/v1/manage/posts", draft("Same title"), 201).await;
    assert_eq!((slug(&one).as_str(), slug(&two).as_str()), ("same-title", "same-title-2"));
    let mut taken = draft("Other");
    taken["slug"] = "same-title".into();
    author.post("/v1/manage/posts", taken, 409).await.is_problem("slug_taken");
    let id = two.text("/id");
    let body = json!({ "slug": "same-title" });
    edit(&author, &id, "\"v1\"", body, 409).await.is_problem("slug_taken");
    // A slug that a draft gives up is free.
    edit(&author, &id, "\"v1\"", json!({ "slug": "elsewhere" }), 200).await;
    let mut freed = draft("Third");
    freed["slug"] = "same-title-2".into();
    author.post("/v1/manage/posts", freed, 201).await;
    let wordless = author.post("/v1/manage/posts", draft("???"), 201).await;
    assert!(slug(&wordless).starts_with("post-"), "{}", wordless.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_slug_that_was_taken_since_is_refused_and_one_of_the_title_gives_way() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let new = |slug| json!({ "title": "Named", "body": "Text.", "slug": slug });
    let chosen = editor.post("/v1/manage/proposals", new("mine"), 201).await.text("/id");
    let titled = editor.post("/v1/manage/proposals", draft("Named"), 201).await.text("/id");
    for slug in ["mine", "named"] {
        editor.post("/v1/manage/posts", new(slug), 201).await;
    }
    editor.approve(&chosen, json!({}), 409).await.is_problem("slug_taken");
    let corrected = json!({ "edits": { "slug": "mine" } });
    editor.approve(&titled, corrected, 409).await.is_problem("slug_taken");
    assert_eq!(editor.approve(&titled, json!({}), 200).await.text("/slug"), "named-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_named_revision_goes_live() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Approved"), 201).await;
    let id = post.text("/id");
    // Saved after the approval.
    edit(&editor, &id, "\"v1\"", json!({ "body": "Not approved." }), 200).await;
    let published = publish(&editor, &post, 200).await;
    assert_eq!(published.json["live_revision_id"], post.json["revision_id"]);
    assert_eq!(published.json["body"], "Not approved.", "the draft stays as it was");
    let live = app.anonymous().get("/v1/posts/approved", 200).await;
    assert_eq!(live.json["body"], post.json["body"]);

    let path = format!("/v1/manage/posts/{id}/publish");
    let other = editor.post("/v1/manage/posts", draft("Other"), 201).await;
    let foreign = json!({ "revision_id": other.text("/revision_id") });
    let answer = editor.post(&path, foreign, 422).await;
    assert_eq!(answer.faults()[0].0, "/revision_id");
    let body = Some(json!({ "revision_id": post.text("/revision_id") }));
    let stale = [("if-match", "\"v1\"")];
    editor.send(Method::POST, &path, &stale, body.clone(), 412).await;
    let seen = [("if-match", published.header("etag"))];
    editor.send(Method::POST, &path, &seen, body, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_post_that_moves_leaves_a_redirect_and_changes_lists() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Old"), 201).await;
    publish(&editor, &post, 200).await;
    let id = post.text("/id");
    let body = json!({ "slug": "new", "tags": ["Other"] });
    let moved = edit(&editor, &id, "\"v2\"", body, 200).await;
    // Nothing moves before it is published.
    app.anonymous().get("/v1/posts/old", 200).await;
    app.anonymous().get("/v1/posts/new", 404).await;
    publish(&editor, &moved, 200).await;
    let redirect = app.anonymous().get("/v1/posts/old", 301).await;
    assert_eq!(redirect.header("location"), "/v1/posts/new");
    app.anonymous().get("/v1/posts/new", 200).await;
    let tagged = |tag: &str| format!("/v1/posts?tag={tag}");
    let old = app.anonymous().get(&tagged("field-notes"), 200).await;
    assert_eq!(old.json["items"], json!([]));
    let new = app.anonymous().get(&tagged("other"), 200).await;
    assert_eq!(new.text("/items/0/slug"), "new");
    let all = app.anonymous().get("/v1/posts", 200).await;
    assert_eq!(all.json["items"].as_array().unwrap().len(), 1);
    // And back again: the redirect becomes the page.
    let back = edit(&editor, &id, "\"v4\"", json!({ "slug": "old" }), 200).await;
    publish(&editor, &back, 200).await;
    app.anonymous().get("/v1/posts/old", 200).await;
    assert_eq!(app.anonymous().get("/v1/posts/new", 301).await.header("location"), "/v1/posts/old");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_that_neither_skip_nor_repeat() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let mut expected = Vec::new();
    for number in 0..7 {
        let post = editor.post("/v1/manage/posts", draft(&format!("Post {number}")), 201).await;
        publish(&editor, &post, 200).await;
        expected.insert(0, format!("post-{number}"));
    }
    for path in
        ["/v1/posts?limit=3", "/v1/posts?tag=field-notes&limit=3", "/v1/manage/posts?limit=3"]
    {
        let mut slugs = Vec::new();
        let mut next = path.to_owned();
        loop {
            let page = editor.get(&next, 200).await;
            let items = page.json["items"].as_array().unwrap();
            slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
            let Some(cursor) = page.json["next_cursor"].as_str() else {
                break;
            };
            assert_eq!(items.len(), 3);
            next = format!("{path}&cursor={cursor}");
        }
        assert_eq!(slugs, expected, "{path}");
    }
    // A full last page is the last.
    let page = app.anonymous().get("/v1/posts?limit=7", 200).await;
    assert_eq!(page.json["next_cursor"], Value::Null);
    // A cursor is of one list.
    let page = app.anonymous().get("/v1/posts?limit=3", 200).await;
    let stolen = format!("/v1/posts?tag=field-notes&cursor={}", page.text("/next_cursor"));
    app.anonymous().get(&stolen, 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn authors_work_on_their_own_posts_and_editors_on_all() {
    let app = App::start().await;
    let (one, two) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let editor = app.user(Role::Editor).await;
    let post = one.post("/v1/manage/posts", draft("Mine"), 201).await;
    let id = post.text("/id");
    let path = format!("/v1/manage/posts/{id}");
    two.get(&path, 404).await.is_problem("not_found");
    edit(&two, &id, "\"v1\"", json!({ "title": "Taken" }), 404).await.is_problem("not_found");
    assert_eq!(two.get("/v1/manage/posts", 200).await.json["items"], json!([]));
    editor.get(&path, 200).await;
    edit(&editor, &id, "\"v1\"", json!({ "title": "Edited" }), 200).await;
    assert_eq!(editor.get("/v1/manage/posts", 200).await.text("/items/0/title"), "Edited");
    assert_eq!(one.get(&path, 200).await.json["author"], post.json["author"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_post_can_be_published_and_read() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let line = "All work & no play makes <Jack> a *dull* boy. 2 > 1\n\n";
    let body = line.repeat(256 * 1024 / line.len());
    let new = json!({ "title": "Long", "body": body });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    publish(&editor, &post, 200).await;
    let read = app.anonymous().get("/v1/posts/long", 200).await;
    assert_eq!(read.text("/body"), body);
    assert!(read.text("/body_html").ends_with("boy. 2 &gt; 1</p>\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hostile_in_a_post_is_not_served() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let body = "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n<p onclick='x()'>p</p>\n";
    let post = editor.post("/v1/manage/posts", json!({ "title": "Evil", "body": body }), 201).await;
    publish(&editor, &post, 200).await;
    let html = app.anonymous().get("/v1/posts/evil", 200).await.text("/body_html");
    for active in ["<script", "javascript:", "onclick"] {
        assert!(!html.contains(active), "{html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn null_clears_an_excerpt_and_a_weak_validator_names_a_version() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let mut new = draft("Weak");
    new["excerpt"] = json!("A summary.");
    let post = author.post("/v1/manage/posts", new, 201).await;
    let id = post.text("/id");
    let kept = edit(&author, &id, "W/\"v1\"", json!({ "title": "Weaker" }), 200).await;
    assert_eq!(kept.text("/excerpt"), "A summary.");
    let cleared = edit(&author, &id, "\"v9\", W/\"v2\"", json!({ "excerpt": null }), 200).await;
    assert_eq!(cleared.text("/excerpt"), "");
    edit(&author, &id, "W/\"v1\"", json!({ "title": "Stale" }), 412).await;
    edit(&author, &id, "w/\"v3\"", json!({ "title": "No validator" }), 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn provenance_says_whether_there_is_more_than_it_tells() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let path = |post: &Answer, rest: &str| format!("/v1/manage/posts/{}{rest}", post.text("/id"));
    let told = async |post: &Answer, list: &str| {
        let provenance = editor.get(&path(post, "/provenance"), 200).await;
        let entries = provenance.json[list].as_array().unwrap().len();
        (entries, provenance.json["truncated"].as_bool().unwrap())
    };
    // Of revisions alone, without a publication.
    let mut post = editor.post("/v1/manage/posts", draft("Often edited"), 201).await;
    let again = async |post: &Answer| {
        let body = json!({ "body": post.text("/revision_id") });
        edit(&editor, &post.text("/id"), post.header("etag"), body, 200).await
    };
    for _ in 1..100 {
        post = again(&post).await;
    }
    assert_eq!(told(&post, "revisions").await, (100, false));
    post = again(&post).await;
    assert_eq!(told(&post, "revisions").await, (100, true));
    // Of publications alone, of one revision.
    let post = editor.post("/v1/manage/posts", draft("Often published"), 201).await;
    for _ in 0..50 {
        publish(&editor, &post, 200).await;
        editor.post(&path(&post, "/unpublish"), json!({}), 200).await;
    }
    assert_eq!(told(&post, "publications").await, (100, false));
    publish(&editor, &post, 200).await;
    assert_eq!(told(&post, "publications").await, (100, true));
}
