//! Public profiles: what readers learn of an author, who may say it, and what becomes of it.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, Client, draft};
use crate::media;
use crate::oauth::World;

const ME: &str = "/v1/users/me";

/// Changes the profile of somebody.
async fn says(client: &Client, profile: Value) -> Value {
    client.patch(ME, json!({ "profile": profile }), 200).await.json["profile"].clone()
}

/// The pointers of what is wrong with a profile.
async fn refused(client: &Client, profile: Value) -> Vec<String> {
    let answer = client.patch(ME, json!({ "profile": profile }), 422).await;
    answer.faults().into_iter().map(|(pointer, _)| pointer).collect()
}

/// A live post of an author. Returns its id and its slug.
async fn live(app: &App, author: &Client, title: &str) -> (String, String) {
    let post = author.post("/v1/manage/posts", draft(title), 201).await;
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    let body = json!({ "revision_id": post.text("/revision_id") });
    app.admin().await.post(&path, body, 200).await;
    (post.text("/id"), post.text("/slug"))
}

/// The author that readers find.
async fn public(app: &App, slug: &str) -> Value {
    app.anonymous().get(&format!("/v1/authors/{slug}"), 200).await.json
}

fn bio() -> Value {
    json!({
        "bio": "Writes about tides.\nAnd ebbs.",
        "links": [{ "label": "Notes", "url": "https://notes.example/@ada" }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_learn_it_with_the_author_of_a_live_post_everywhere_at_once() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let me = author.get(ME, 200).await;
    let slug = me.text("/slug");
    assert_eq!(me.json["profile"], json!({ "bio": null, "picture": null, "links": [] }));
    let picture = media::published(&author).await;
    let mut profile = bio();
    profile["picture"] = picture.json["id"].clone();
    let said = says(&author, profile).await;
    assert_eq!(said["picture"]["url"], picture.json["url"]);
    assert_eq!(author.get(ME, 200).await.json["profile"], said);
    // Nobody has read anything of this author yet.
    let reader = app.anonymous();
    reader.get(&format!("/v1/authors/{slug}"), 404).await;
    assert_eq!(reader.get("/v1/authors", 200).await.json["items"], json!([]));
    let (id, post) = live(&app, &author, "First").await;
    let version = author.get(&format!("/v1/manage/posts/{id}"), 200).await.json["version"].clone();
    let places = [
        (format!("/v1/authors/{slug}"), ""),
        ("/v1/authors".to_owned(), "/items/0"),
        (format!("/v1/posts/{post}?include=author"), "/included/authors/0"),
        (format!("/v1/posts/{post}?include=adjacent,author&format=text"), "/included/authors/0"),
        ("/v1/posts?include=author".to_owned(), "/included/authors/0"),
    ];
    for (path, place) in &places {
        let found = reader.get(path, 200).await.json;
        let found = found.pointer(place).unwrap();
        for field in ["bio", "picture", "links"] {
            assert_eq!(found[field], said[field], "{path} {field}");
        }
    }
    let plain = reader.get(&format!("/v1/posts/{post}"), 200).await;
    assert!(plain.json.get("included").is_none(), "only who asks for it");
    reader.get(&format!("/v1/posts/{post}?include=tags"), 422).await;
    // A change is there at once, and no post gets another version for it.
    says(&author, json!({ "bio": "Another." })).await;
    for (path, place) in &places {
        let found = reader.get(path, 200).await.json;
        let found = found.pointer(place).unwrap();
        assert_eq!((&found["bio"], &found["links"]), (&json!("Another."), &said["links"]));
    }
    let same = author.get(&format!("/v1/manage/posts/{id}"), 200).await.json["version"].clone();
    assert_eq!(same, version);
    // Another name keeps the profile, and so does another post.
    author.patch(ME, json!({ "name": "Nellie Bly" }), 200).await;
    app.eventually(|| async { public(&app, &slug).await["name"] == "Nellie Bly" }).await;
    live(&app, &author, "Second").await;
    assert_eq!(public(&app, &slug).await["bio"], "Another.");
    let empty = says(&author, json!({ "bio": null, "picture": null, "links": [] })).await;
    assert_eq!(empty, json!({ "bio": null, "picture": null, "links": [] }));
    assert!(public(&app, &slug).await["picture"].is_null());
    let log = app.admin().await.get("/v1/admin/audit?event=profile_changed", 200).await;
    let details: Vec<&Value> =
        log.json["items"].as_array().unwrap().iter().map(|entry| &entry["detail"]).collect();
    assert_eq!(details.iter().filter(|detail| **detail == "public profile").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_person_changes_it() {
    let world = World::new().await;
    let app = &world.app;
    let author = app.user(Role::Author).await;
    let agent = app.agent(&author).await;
    agent.patch(ME, json!({ "profile": bio() }), 403).await.is_problem("forbidden");
    let api = world.asks().with("resource", &world.url(""));
    let grant = app.with_token(&world.tokens(&api).await.text("/access_token"));
    grant.get(ME, 200).await;
    grant.patch(ME, json!({ "profile": bio() }), 403).await.is_problem("forbidden");
    assert!(world.person.get(ME, 200).await.json["profile"]["bio"].is_null());
    app.anonymous().patch(ME, json!({ "profile": bio() }), 401).await;
    assert!(author.get(ME, 200).await.json["profile"]["bio"].is_null());
    // Readers have no posts. Who is one now can only take back what was said before.
    let reader = app.user(Role::Reader).await;
    for said in [json!({ "bio": "Hi" }), json!({ "links": bio()["links"].clone() })] {
        reader.patch(ME, json!({ "profile": said }), 403).await.is_problem("forbidden");
    }
    says(&author, bio()).await;
    let id = author.get(ME, 200).await.text("/id");
    app.admin().await.patch(&format!("/v1/users/{id}"), json!({ "role": "reader" }), 200).await;
    author.patch(ME, json!({ "profile": { "bio": "Still" } }), 403).await;
    let left = says(&author, json!({ "bio": null, "links": [] })).await;
    assert_eq!(left, json!({ "bio": null, "picture": null, "links": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_is_bounded_and_to_be_seen() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let link = |label: &str, url: &str| json!({ "links": [{ "label": label, "url": url }] });
    for (profile, pointer) in [
        (json!({ "bio": "a".repeat(501) }), "/profile/bio"),
        (json!({ "bio": "" }), "/profile/bio"),
        (json!({ "bio": "Hello \u{e0041}\u{e0042}" }), "/profile/bio"),
        (json!({ "bio": "Hello\u{200b}\u{200b}\u{200b}" }), "/profile/bio"),
        (json!({ "bio": "\u{202e}olleH" }), "/profile/bio"),
        (link(&"a".repeat(41), "https://a.example"), "/profile/links/0/label"),
        (link(" ", "https://a.example"), "/profile/links/0/label"),
        (link("A\nB", "https://a.example"), "/profile/links/0/label"),
        (link("A", "http://a.example"), "/profile/links/0/url"),
        (link("A", "javascript:alert(1)"), "/profile/links/0/url"),
        (link("A", "https://bank.example@evil.example"), "/profile/links/0/url"),
        (link("A", "https://bank.example\\@evil.example"), "/profile/links/0/url"),
        (link("A", "https://evil.example/\"><script>alert(1)</script>"), "/profile/links/0/url"),
        (link("A", "https://a.example/x'onmouseover='y"), "/profile/links/0/url"),
        (link("A", "https://a.example/a\\b"), "/profile/links/0/url"),
        (link("A", "https://a.example/a b"), "/profile/links/0/url"),
        (link("A", "https://[::"), "/profile/links/0/url"),
        (link("A", "https://:::::"), "/profile/links/0/url"),
        (link("A", "https://a.example:99999"), "/profile/links/0/url"),
        (link("A", "https://a.example/\u{e0041}"), "/profile/links/0/url"),
        (link("A", &format!("https://a.example/{}", "a".repeat(300))), "/profile/links/0/url"),
        (json!({ "links": vec![bio()["links"][0].clone(); 6] }), "/profile/links"),
        (json!({ "picture": "media_01AAAAAAAAAAAAAAAAAAAAAAAA" }), "/profile/picture"),
        (json!({ "website": "https://a.example" }), "/profile/website"),
    ] {
        assert_eq!(refused(&author, profile.clone()).await, [pointer], "{profile}");
    }
    let most = json!({
        "bio": "é".repeat(500),
        "links": vec![json!({ "label": "ß".repeat(40), "url": "https://bücher.example/ä?b#c" }); 5],
    });
    assert_eq!(says(&author, most.clone()).await["links"], most["links"]);
    // A refused profile leaves the rest of the request undone.
    let both = json!({ "name": "New", "profile": { "bio": "" } });
    author.patch(ME, both, 422).await;
    assert_ne!(author.get(ME, 200).await.text("/name"), "New");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_an_image_that_the_person_may_use() {
    let app = App::unlimited().await;
    let (author, other) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let editor = app.user(Role::Editor).await;
    let picture = media::published(&author).await.text("/id");
    assert_eq!(refused(&other, json!({ "picture": picture })).await, ["/profile/picture"]);
    let pending = author.post("/v1/manage/media", media::gif(), 201).await.text("/media/id");
    assert_eq!(refused(&author, json!({ "picture": pending })).await, ["/profile/picture"]);
    assert_eq!(says(&editor, json!({ "picture": picture })).await["picture"]["id"], picture);
    // It is used: nobody deletes it unawares, and an author not what another person shows.
    let path = format!("/v1/manage/media/{picture}");
    let used = author.delete(&path, 409).await;
    used.is_problem("media_in_use");
    let name = editor.get(ME, 200).await.text("/name");
    assert!(used.text("/detail").contains(&name), "{}", used.body);
    author.delete(&format!("{path}?force=true"), 403).await;
    let agent = app.agent(&editor).await;
    agent.delete(&format!("{path}?force=true"), 403).await.is_problem("approval_required");
    editor.delete(&format!("{path}?force=true"), 204).await;
    assert!(editor.get(ME, 200).await.json["profile"]["picture"].is_null());
    assert_eq!(refused(&editor, json!({ "picture": picture })).await, ["/profile/picture"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_picture_leaves_no_broken_address() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let slug = author.get(ME, 200).await.text("/slug");
    let picture = media::published(&author).await.text("/id");
    let mut profile = bio();
    profile["picture"] = json!(picture);
    says(&author, profile).await;
    live(&app, &author, "First").await;
    assert_eq!(public(&app, &slug).await["picture"]["id"], picture);
    author.delete(&format!("/v1/manage/media/{picture}?force=true"), 204).await;
    let left = public(&app, &slug).await;
    assert!(left["picture"].is_null(), "{left}");
    assert_eq!((&left["bio"], &left["links"]), (&bio()["bio"], &bio()["links"]));
    // Choosing and deleting at once: the picture is there, or it is in no profile.
    for _ in 0..crate::harness::tier().pick(5, 40) {
        let picture = media::published(&author).await.text("/id");
        let path = format!("/v1/manage/media/{picture}?force=true");
        let chosen = json!({ "profile": { "picture": picture } });
        let headers = [("content-type", "application/json")];
        let (chosen, deleted) = tokio::join!(
            author.try_send(Method::PATCH, ME, &headers, Some(chosen.to_string())),
            author.try_send(Method::DELETE, &path, &[], None),
        );
        let (chosen, deleted) = (chosen.unwrap(), deleted.unwrap());
        assert!([200, 409, 422].contains(&chosen.status), "{}", chosen.body);
        assert_eq!(deleted.status, 204, "{}", deleted.body);
        assert!(public(&app, &slug).await["picture"].is_null(), "{}", chosen.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_with_its_account_and_comes_back_to_nobody() {
    let app = App::unlimited().await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    says(&ada, bio()).await;
    live(&app, &ada, "First").await;
    assert_eq!(public(&app, "ada").await["bio"], bio()["bio"]);
    ada.delete(ME, 204).await;
    let gone = || async {
        let found = app.anonymous().try_send(Method::GET, "/v1/authors/ada", &[], None).await;
        let slug = "ada".parse().unwrap();
        let holder = app.byline.context.store.users().find_id_by_author_slug(&slug).await.unwrap();
        found.unwrap().status == 404 && holder.is_none()
    };
    app.eventually(gone).await;
    let former = public(&app, "former-author").await;
    assert_eq!((&former["post_count"], &former["bio"]), (&json!(1), &Value::Null));
    // Another Ada has the slug now, and says nothing yet.
    app.create_user("ada2@example.com", "Ada", Role::Author).await;
    let second = app.sign_in("ada2@example.com").await;
    assert_eq!(second.get(ME, 200).await.text("/slug"), "ada");
    assert!(second.get(ME, 200).await.json["profile"]["bio"].is_null());
    live(&app, &second, "Second").await;
    assert!(public(&app, "ada").await["bio"].is_null());
    says(&second, json!({ "bio": "The other one." })).await;
    assert_eq!(public(&app, "ada").await["bio"], "The other one.");
}
