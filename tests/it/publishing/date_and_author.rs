//! The date and the author of a post, changed by those who may publish: what readers see then, who may do it, and what
//! follows for those who work on the post.

use byline_shared::examples::OTHER_USER_ID;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{all, api_key, path, publish, settle};
use crate::harness::{Answer, App, Client, draft};

const LONG_AGO: &str = "2019-05-04T10:00:00.000Z";

async fn me(person: &Client) -> (String, String) {
    let me = person.get("/v1/users/me", 200).await;
    (me.text("/id"), me.text("/slug"))
}

/// Sends a change of a post as it is now.
async fn change(client: &Client, post: &Answer, change: Value, status: u16) -> Answer {
    let now = client.get(&path(post, ""), 200).await;
    change_as_seen(client, &now, change, status).await
}

async fn change_as_seen(client: &Client, seen: &Answer, change: Value, status: u16) -> Answer {
    let version = [("if-match", seen.header("etag"))];
    let place = path(seen, "/date-and-author");
    client.send(Method::PATCH, &place, &version, Some(change), status).await
}

async fn live(client: &Client, title: &str) -> Answer {
    let post = client.post("/v1/manage/posts", draft(title), 201).await;
    publish(client, &post, 200).await
}

/// The titles of a public list.
async fn titles(app: &App, list: &str) -> Vec<String> {
    let items = all(&app.anonymous(), list).await;
    items.iter().map(|post| post["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_post_has_its_new_date_and_author_in_every_list() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let ((editor_id, of_editor), (id, of_author)) = (me(&editor).await, me(&author).await);
    let (first, _) = (live(&editor, "First").await, live(&editor, "Second").await);
    let third = live(&editor, "Third").await;
    assert_eq!(titles(&app, "/v1/posts").await, ["Third", "Second", "First"]);
    let reader = app.anonymous();
    let before = reader.get("/v1/posts/third", 200).await;

    let both = json!({ "published_at": "2019-05-04T12:00:00+02:00", "author_id": id });
    let changed = change_as_seen(&editor, &third, both, 200).await;
    assert_eq!(changed.json["published_at"], LONG_AGO);
    assert_eq!(changed.json["author"]["id"], id.as_str());
    assert_eq!(changed.json["status"], "published");
    for same in ["revision_id", "live_revision_id"] {
        assert_eq!(changed.json[same], third.json[same], "{same}");
    }
    assert_eq!(changed.json["version"].as_u64(), third.json["version"].as_u64().map(|v| v + 1));

    // What the worker does for the new author leaves the version: nothing has to be written anew.
    settle(&app, 1).await;
    let head = editor.get(&path(&third, ""), 200).await;
    assert_eq!(head.json["version"], changed.json["version"]);

    let read = reader.get("/v1/posts/third", 200).await;
    assert_eq!(read.json["published_at"], LONG_AGO);
    assert_eq!(read.json["author"]["slug"], of_author.as_str());
    for same in ["revision_id", "updated_at", "body_html", "tags", "slug"] {
        assert_eq!(read.json[same], before.json[same], "{same}");
    }
    assert_eq!(titles(&app, "/v1/posts").await, ["Second", "First", "Third"]);
    assert_eq!(titles(&app, "/v1/posts?tag=field-notes").await, ["Second", "First", "Third"]);
    assert_eq!(titles(&app, &format!("/v1/posts?author={of_author}")).await, ["Third"]);
    assert_eq!(titles(&app, &format!("/v1/posts?author={of_editor}")).await, ["Second", "First"]);
    assert_eq!(titles(&app, "/v1/posts?to=2020-01-01T00:00:00Z").await, ["Third"]);
    let count = async |slug: &str| {
        reader.get(&format!("/v1/authors/{slug}"), 200).await.json["post_count"].clone()
    };
    assert_eq!((count(&of_author).await, count(&of_editor).await), (json!(1), json!(2)));
    assert_eq!(reader.get("/v1/tags/field-notes", 200).await.json["post_count"], 3);
    let feed = reader.get("/feed.json", 200).await.json;
    assert_eq!(feed["items"][2]["date_published"], LONG_AGO);
    assert_eq!(feed["items"][2]["authors"][0]["name"], read.json["author"]["name"]);
    assert!(reader.get("/sitemaps/2019.xml", 200).await.body.contains("/third"));

    // Back to the editor, and to another date: nothing of the first change stays behind.
    let at = first.text("/published_at");
    let back = json!({ "published_at": at, "author_id": editor_id });
    change(&editor, &third, back, 200).await;
    reader.get("/sitemaps/2019.xml", 404).await;
    reader.get(&format!("/v1/authors/{of_author}"), 404).await;
    assert_eq!(count(&of_editor).await, 3);
    let author_list = titles(&app, &format!("/v1/posts?author={of_author}")).await;
    assert!(author_list.is_empty(), "{author_list:?}");
    assert_eq!(titles(&app, "/v1/posts").await.len(), 3);
    // It was published again since, so it stays what readers get.
    let again = editor.get(&path(&third, ""), 200).await;
    publish(&editor, &again, 200).await;
    assert_eq!(reader.get("/v1/posts/third", 200).await.json["published_at"], at.as_str());
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_older_than_its_post() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let post = live(&editor, "Later").await;
    clock.advance(60);
    let now = app.byline.context.clock.now().to_string();
    change(&editor, &post, json!({ "published_at": now }), 200).await;
    let read = app.anonymous().get("/v1/posts/later", 200).await;
    assert_eq!((read.text("/published_at"), read.text("/updated_at")), (now.clone(), now));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_keeps_its_date_for_its_first_publishing() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Old letters"), 201).await;
    let dated = change_as_seen(&editor, &post, json!({ "published_at": LONG_AGO }), 200).await;
    assert_eq!(
        (&dated.json["status"], dated.text("/published_at")),
        (&json!("draft"), LONG_AGO.into())
    );
    app.anonymous().get("/v1/posts/old-letters", 404).await;
    // Nobody but its writers has seen it: a change of it is one of a draft.
    let change_of_it = json!({ "base_revision_id": post.text("/revision_id"), "title": "Else" });
    let made = editor.post(&path(&post, "/proposals"), change_of_it, 201).await;
    assert_eq!(made.json["kind"], "draft_change");
    publish(&editor, &post, 200).await;
    let read = app.anonymous().get("/v1/posts/old-letters", 200).await;
    assert_eq!(read.text("/published_at"), LONG_AGO);

    // Live, it cannot be without one; unpublished, it gets the date of its next publishing.
    let refused = change(&editor, &post, json!({ "published_at": null }), 422).await;
    assert_eq!(refused.faults(), [("/published_at".to_owned(), "required".to_owned())]);
    editor.post(&path(&post, "/unpublish"), json!({}), 200).await;
    let cleared = change(&editor, &post, json!({ "published_at": null }), 200).await;
    assert_eq!(cleared.json["published_at"], Value::Null);
    // The address that readers know stays the post's.
    let moved = json!({ "slug": "letters" });
    let version = [("if-match", cleared.header("etag"))];
    let moved = editor.send(Method::PATCH, &path(&post, ""), &version, Some(moved), 200).await;
    publish(&editor, &moved, 200).await;
    let read = app.anonymous().get("/v1/posts/letters", 200).await;
    assert!(*read.text("/published_at") > *LONG_AGO, "{}", read.body);
    app.anonymous().get("/v1/posts/old-letters", 301).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_and_authors_have_bounds() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let (me_id, _) = me(&editor).await;
    let post = live(&editor, "Bounds").await;
    let later = app.byline.context.clock.now().plus_seconds(60).to_string();
    for (date, status) in [
        (later.as_str(), 422),
        ("9999-12-31T23:59:59Z", 422),
        ("0999-12-31T23:59:59.999Z", 422),
        ("0019-05-04T10:00:00Z", 422),
        ("2019-05-04", 422),
        ("1000-01-01T00:00:00Z", 200),
    ] {
        let answer = change(&editor, &post, json!({ "published_at": date }), status).await;
        if status == 422 {
            assert_eq!(answer.faults()[0].0, "/published_at", "{date}: {}", answer.body);
        }
    }
    let (reader, off) = (app.user(Role::Reader).await, app.user(Role::Author).await);
    let ((reader, _), (off, _)) = (me(&reader).await, me(&off).await);
    let disable = json!({ "disabled": true });
    app.admin().await.patch(&format!("/v1/users/{off}"), disable, 200).await;
    for id in [reader.as_str(), &off, OTHER_USER_ID] {
        let refused = change(&editor, &post, json!({ "author_id": id }), 422).await;
        assert_eq!(refused.faults(), [("/author_id".to_owned(), "not_found".to_owned())]);
    }
    // What changes nothing is no change.
    let now = editor.get(&path(&post, ""), 200).await;
    for nothing in [
        json!({}),
        json!({ "author_id": me_id }),
        json!({ "published_at": now.json["published_at"] }),
    ] {
        let same = change_as_seen(&editor, &now, nothing, 200).await;
        assert_eq!(same.json["version"], now.json["version"]);
    }
    assert_eq!(titles(&app, "/v1/posts").await, ["Bounds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_publish_by_themselves_change_them() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let own = author.post("/v1/manage/posts", draft("Own"), 201).await;
    let dated = || json!({ "published_at": LONG_AGO });
    for on in [false, true] {
        admin.patch("/v1/admin/settings", json!({ "author_publishing": on }), 200).await;
        change(&author, &own, dated(), 403).await;
    }
    let agent = api_key(&app, &editor).await;
    let shown = live(&editor, "Shown").await;
    for setting in ["never", "approved"] {
        admin.patch("/v1/admin/settings", json!({ "agent_publishing": setting }), 200).await;
        // The name and the date under which a text goes live are nothing that an approval covers.
        for post in [&own, &shown] {
            change(&agent, post, dated(), 403).await.is_problem("approval_required");
        }
    }
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "allowed" }), 200).await;
    change(&agent, &shown, dated(), 200).await;

    // Only of the post as it was seen, and not in the trash.
    change_as_seen(&editor, &shown, dated(), 412).await;
    let place = path(&shown, "/date-and-author");
    editor.send(Method::PATCH, &place, &[], Some(dated()), 428).await;
    let draft = editor.post("/v1/manage/posts", draft("Discarded"), 201).await;
    let version = [("if-match", draft.header("etag"))];
    editor.send(Method::DELETE, &path(&draft, ""), &version, None, 204).await;
    change(&editor, &draft, dated(), 409).await.is_problem("post_trashed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_shows_the_date_and_holds_for_it() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Reviewed"), 201).await;
    let place = path(&post, &format!("/review?revision_id={}", post.text("/revision_id")));
    let seen = editor.get(&place, 200).await;
    assert_eq!(seen.json["published_at"], Value::Null);
    change(&editor, &post, json!({ "published_at": LONG_AGO }), 200).await;
    let body = |seen: &Answer| json!({ "revision_id": post.text("/revision_id"), "review": seen.header("etag") });
    let refused = editor.post(&path(&post, "/publish"), body(&seen), 412).await;
    assert!(refused.text("/detail").contains("the date"), "{}", refused.body);
    let seen = editor.get(&place, 200).await;
    assert_eq!(seen.json["published_at"], LONG_AGO);
    editor.post(&path(&post, "/publish"), body(&seen), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_goes_over_with_its_proposals_and_without_the_schedule_of_its_author() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    admin.patch("/v1/admin/settings", json!({ "author_publishing": true }), 200).await;
    let (ada, bob) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let (bob_id, _) = me(&bob).await;
    let post = ada.post("/v1/manage/posts", draft("Handed over"), 201).await;
    let change_of_it = json!({ "base_revision_id": post.text("/revision_id"), "title": "Else" });
    let proposal = ada.post(&path(&post, "/proposals"), change_of_it, 201).await.text("/id");
    let at = app.byline.context.clock.now().plus_seconds(3600);
    let later = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
    ada.post(&path(&post, "/schedule"), later, 200).await;
    bob.get(&path(&post, ""), 404).await;

    let editor = app.user(Role::Editor).await;
    change(&editor, &post, json!({ "author_id": bob_id }), 200).await;
    ada.get(&path(&post, ""), 404).await;
    app.eventually(async || {
        let head = bob.get(&path(&post, ""), 200).await;
        head.json["schedule"].is_null()
            && head.json["schedule_failed"]["code"] == "approval_required"
    })
    .await;
    let proposal = format!("/v1/manage/proposals/{proposal}");
    bob.get(&proposal, 200).await;
    ada.get(&proposal, 404).await;
    let waiting = |list: &Answer| list.json["items"].as_array().unwrap().len();
    assert_eq!(waiting(&bob.get("/v1/manage/proposals", 200).await), 1);
    assert_eq!(waiting(&ada.get("/v1/manage/proposals", 200).await), 0);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_follows_the_new_author_and_not_the_old_one() {
    let app = App::unlimited().await;
    let (ada, bob) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let (bob_id, _) = me(&bob).await;
    let editor = app.user(Role::Editor).await;
    let post = ada.post("/v1/manage/posts", draft("Renamed"), 201).await;
    publish(&editor, &post, 200).await;
    change(&editor, &post, json!({ "author_id": bob_id }), 200).await;
    let name = async || app.anonymous().get("/v1/posts/renamed", 200).await.text("/author/name");
    ada.patch("/v1/users/me", json!({ "name": "Ada Elsewhere" }), 200).await;
    bob.patch("/v1/users/me", json!({ "name": "Bob By Now" }), 200).await;
    app.eventually(async || name().await == "Bob By Now").await;
    bob.delete("/v1/users/me", 204).await;
    app.eventually(async || name().await == "Former author").await;
    // It has an author again.
    let (ada_id, _) = me(&ada).await;
    change(&editor, &post, json!({ "author_id": ada_id }), 200).await;
    assert_eq!(name().await, "Ada Elsewhere");
}

/// The account of the new author is disabled between what the request reads and what it writes.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_becomes_the_author_who_may_not_write_any_more() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let (id, _) = me(&author).await;
    let post = live(&editor, "Too late").await;
    let admin = app.admin().await;
    let gate = app.byline.observer.hold("manage-posts-date-author", "TransactWriteItems");
    let sent = change_as_seen(&editor, &post, json!({ "author_id": id }), 422);
    let meanwhile = async {
        gate.reached().await;
        admin.patch(&format!("/v1/users/{id}"), json!({ "disabled": true }), 200).await;
        gate.open();
    };
    let (refused, ()) = tokio::join!(sent, meanwhile);
    assert_eq!(refused.faults(), [("/author_id".to_owned(), "not_found".to_owned())]);
    let same = editor.get(&path(&post, ""), 200).await;
    assert_eq!(same.json["version"], post.json["version"]);
}
