//! Public profiles under attack: strangers under the name of deleted accounts, profiles that an admin must take
//! down, and changes at the same time.

use byline_shared::model::{Role, Slug};
use byline_shared::store::WriteError;
use byline_shared::store::users::NotCreated;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft, tier};
use crate::media;

const ME: &str = "/v1/users/me";

async fn says(client: &Client, profile: Value) -> Value {
    client.patch(ME, json!({ "profile": profile }), 200).await.json["profile"].clone()
}

/// A live post of an author. Returns its slug.
async fn live(app: &App, author: &Client, title: &str) -> String {
    let post = author.post("/v1/manage/posts", draft(title), 201).await;
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    app.admin().await.post(&path, json!({ "revision_id": post.text("/revision_id") }), 200).await;
    post.text("/slug")
}

fn bio() -> Value {
    json!({ "bio": "Vote for me.", "links": [{ "label": "Shop", "url": "https://shop.example" }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_becomes_the_author_of_the_posts_of_deleted_accounts() {
    let app = App::unlimited().await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let post = live(&app, &ada, "First").await;
    ada.delete(ME, 204).await;
    let reader = app.anonymous();
    let path = format!("/v1/posts/{post}?include=author");
    app.eventually(|| async {
        reader.get(&path, 200).await.text("/author/slug") == "former-author"
    })
    .await;
    // Somebody signs up under that name.
    for (place, name) in ["Former author", "former-Author!"].into_iter().enumerate() {
        let email = format!("stranger{place}@example.com");
        app.sign_up(&email, name).await;
        let stranger = app.sign_in(&email).await;
        let me = stranger.get(ME, 200).await;
        let slug = me.text("/slug");
        assert!(slug.starts_with("former-author-") && slug.len() > 16, "{slug}");
        let role = json!({ "role": "author" });
        app.admin().await.patch(&format!("/v1/users/{}", me.text("/id")), role, 200).await;
        says(&stranger, bio()).await;
        live(&app, &stranger, &format!("Mine {place}")).await;
        assert_eq!(reader.get(&format!("/v1/authors/{slug}"), 200).await.json["bio"], bio()["bio"]);
    }
    let former = reader.get("/v1/authors/former-author", 200).await;
    assert_eq!((&former.json["bio"], &former.json["post_count"]), (&Value::Null, &json!(1)));
    assert_eq!(former.json["links"], json!([]));
    assert!(reader.get(&path, 200).await.json["included"]["authors"][0]["bio"].is_null());
    let posts = reader.get("/v1/posts?author=former-author", 200).await;
    assert_eq!(posts.json["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_account_is_stored_under_the_slug_of_former_authors() {
    let app = App::start().await;
    let cx = &app.byline.context;
    let id = app.admin().await.get(ME, 200).await.text("/id").parse().unwrap();
    let mut account = cx.store.users().get(&id).await.unwrap().unwrap();
    account.user.slug = Slug::trusted(Slug::FORMER_AUTHOR);
    let entry = byline_shared::model::audit::AuditEntry::new(
        cx,
        byline_shared::model::audit::Event::EmailVerified,
    );
    let made = cx.store.users().create(&account, None, &entry).await;
    assert!(matches!(made, Err(WriteError::Conflict(NotCreated::SlugTaken))), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_removes_the_profile_of_anybody() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let me = author.get(ME, 200).await;
    let path = format!("/v1/users/{}", me.text("/id"));
    says(&author, bio()).await;
    live(&app, &author, "First").await;
    let reader = app.anonymous();
    let public = format!("/v1/authors/{}", me.text("/slug"));
    assert_eq!(reader.get(&public, 200).await.json["bio"], bio()["bio"]);
    // Nobody but a person who is an admin, and nothing but null.
    let remove = json!({ "profile": null });
    let admin = app.admin().await;
    let editor = app.user(Role::Editor).await;
    for other in [&editor, &author, &app.agent(&admin).await] {
        other.patch(&path, remove.clone(), 403).await;
    }
    reader.patch(&path, remove.clone(), 401).await;
    for wrong in [json!({}), json!("none"), json!(false), bio()] {
        let refused = admin.patch(&path, json!({ "profile": wrong }), 422).await;
        assert_eq!(refused.faults()[0].0, "/profile", "{}", refused.body);
    }
    assert_eq!(reader.get(&public, 200).await.json["bio"], bio()["bio"]);
    // An account that is disabled stays in the lists of readers, without it.
    let both = json!({ "disabled": true, "profile": null });
    assert_eq!(admin.patch(&path, both, 200).await.json["disabled"], true);
    let left = reader.get(&public, 200).await.json;
    assert_eq!((&left["bio"], &left["links"]), (&Value::Null, &json!([])));
    assert_eq!(left["post_count"], 1);
    let log = |admin: Client| async move {
        let log = admin.get("/v1/admin/audit?event=profile_changed", 200).await;
        let removed = |entry: &&Value| entry["detail"] == "public profile removed";
        log.json["items"].as_array().unwrap().iter().filter(removed).cloned().collect::<Vec<_>>()
    };
    let entries = log(app.admin().await).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0]["subject"], me.json["id"]);
    assert_eq!(entries[0]["actor"], admin.get(ME, 200).await.json["id"]);
    // There is nothing more to remove, and nothing more to log.
    admin.patch(&path, remove.clone(), 200).await;
    assert_eq!(log(app.admin().await).await.len(), 1);
    admin.patch("/v1/users/user_01AAAAAAAAAAAAAAAAAAAAAAAA", remove, 404).await;
}

/// Sends two changes of the caller's account at once.
async fn at_once(client: &Client, changes: [Value; 2]) -> [Answer; 2] {
    let headers = [("content-type", "application/json")];
    let [one, two] = changes.map(|profile| json!({ "profile": profile }).to_string());
    let (one, two) = tokio::join!(
        client.try_send(Method::PATCH, ME, &headers, Some(one)),
        client.try_send(Method::PATCH, ME, &headers, Some(two)),
    );
    [one.unwrap(), two.unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_different_parts_at_once_are_both_kept() {
    let app = App::unlimited_for_races().await;
    let author = app.user(Role::Author).await;
    for round in 0..tier().pick(8, 60) {
        let bio = format!("Round {round}.");
        let links = json!([{ "label": "Notes", "url": format!("https://a.example/{round}") }]);
        let changes = [json!({ "bio": bio }), json!({ "links": links })];
        for answer in at_once(&author, changes).await {
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let kept = author.get(ME, 200).await.json["profile"].clone();
        assert_eq!((&kept["bio"], &kept["links"]), (&json!(bio), &links), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_picture_does_not_come_back_with_another_change() {
    let app = App::unlimited_for_races().await;
    let author = app.user(Role::Author).await;
    for round in 0..tier().pick(5, 40) {
        let picture = media::published(&author).await.text("/id");
        says(&author, json!({ "picture": picture })).await;
        let path = format!("/v1/manage/media/{picture}?force=true");
        let headers = [("content-type", "application/json")];
        // The same picture once more, or another part alone.
        let mut profile = json!({ "bio": format!("Round {round}.") });
        if round % 2 == 0 {
            profile["picture"] = json!(picture);
        }
        let body = json!({ "profile": profile }).to_string();
        let (changed, deleted) = tokio::join!(
            author.try_send(Method::PATCH, ME, &headers, Some(body)),
            author.try_send(Method::DELETE, &path, &[], None),
        );
        let (changed, deleted) = (changed.unwrap(), deleted.unwrap());
        assert!([200, 409, 422].contains(&changed.status), "{}", changed.body);
        assert_eq!(deleted.status, 204, "{}", deleted.body);
        let left = author.get(ME, 200).await;
        assert!(left.json["profile"]["picture"].is_null(), "round {round}: {}", left.body);
        author.patch(ME, json!({ "profile": { "picture": picture } }), 422).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_stays_whosever_it_is() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let picture = media::published(&author).await.text("/id");
    says(&editor, json!({ "picture": picture })).await;
    // Now they could not choose it any more.
    let id = editor.get(ME, 200).await.text("/id");
    app.admin().await.patch(&format!("/v1/users/{id}"), json!({ "role": "author" }), 200).await;
    let kept = says(&editor, json!({ "bio": "Still here.", "picture": picture })).await;
    assert_eq!(kept["picture"]["id"], picture);
    assert_eq!(says(&editor, json!({ "bio": "And here." })).await["picture"]["id"], picture);
    says(&editor, json!({ "picture": null })).await;
    editor.patch(ME, json!({ "profile": { "picture": picture } }), 422).await;
}
