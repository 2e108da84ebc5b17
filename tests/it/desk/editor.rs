//! Writing: what is saved, what is refused with nothing lost, and who hands in what.

use serde_json::{Value, json};

use super::scene::Scene;
use super::visitor::{Visitor, form, text_of};
use crate::harness::{Answer, draft};
use crate::media;

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_written_previewed_and_saved() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    assert_eq!(form(&page, "Save").value("body"), "About *Tides*.\n");
    assert!(text_of(&page).contains("nothing of it yet"), "{}", page.body);

    // Nothing is saved by a preview.
    let body = "\nLow *water*.\n\n<script>alert(1)</script><b onclick=\"x()\">bold</b>\n";
    let shown = scene.editor.press(&page, "Preview", &[("body", body)]).await;
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("Low <em>water</em>."), "{}", shown.body);
    assert!(!shown.body.contains("alert(1)") || !shown.body.contains("<script>alert"));
    assert!(text_of(&shown).contains("Readers will not see this"), "{}", shown.body);
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'self'") && policy.contains("default-src 'none'"));
    assert!(!policy.contains("script-src"), "{policy}");
    assert_eq!(scene.revisions().await, 1);

    let saved = scene.editor.press(&page, "Save", &[("body", body), ("title", "Low tides")]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
    // A line end at the start of a text is one of its own.
    assert_eq!(form(&saved, "Save").value("body"), body);
    let post = scene.post().await;
    assert_eq!((&post["body"], &post["title"]), (&json!(body), &json!("Low tides")));
    // What the form did not change stays as it is.
    assert_eq!(post["tags"][0]["name"], "Field notes");
    assert_eq!(scene.revisions().await, 2);

    let again = scene.editor.press(&saved, "Save", &[]).await;
    assert!(text_of(&again).contains("Nothing had changed"), "{}", again.body);
    assert_eq!(scene.revisions().await, 2);

    let seen = scene.editor.press(&again, "Save and preview", &[("body", "A **bold** end.")]).await;
    assert!(seen.body.contains("A <strong>bold</strong> end."), "{}", seen.body);
    assert!(text_of(&seen).contains("As readers would see it"), "{}", seen.body);
    assert_eq!(scene.post().await["body"], "A **bold** end.");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_is_kept_as_it_was_entered() {
    let mut scene = Scene::new("Tides").await;
    let picture = media::published(&scene.client).await;
    let cover = picture.text("/id");
    let page = scene.open().await;
    let changed = [
        ("tags", "Field notes, \"Food, drink\", C++"),
        ("slug", "low-tides"),
        ("type", "page"),
        ("excerpt", "What it leaves."),
        ("cover", cover.as_str()),
        ("language", "pt-br"),
        ("canonical_url", "https://example.org/tides"),
        ("meta_title", "Tides, explained"),
        ("meta_description", "One line.\nAnother."),
        ("featured", "yes"),
    ];
    let saved = scene.editor.press(&page, "Save", &changed).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
    let shown = form(&saved, "Save");
    for (name, value) in changed {
        let expected = if name == "language" { "pt-BR" } else { value };
        assert_eq!(shown.value(name), expected, "{name}");
    }
    let post = scene.post().await;
    let names: Vec<&str> =
        post["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Field notes", "Food, drink", "C++"]);
    assert_eq!((&post["featured"], &post["type"]), (&json!(true), &json!("page")));
    assert_eq!(post["cover"], json!(cover));

    // The alternative text is the picture's, and goes to no other one.
    let described = scene.editor.press(&saved, "Save", &[("cover_alt", "A red bird")]).await;
    assert!(text_of(&described).contains("Saved"), "{}", described.body);
    let path = format!("/v1/manage/media/{cover}");
    assert_eq!(scene.client.get(&path, 200).await.text("/alt"), "A red bird");
    let other = media::published(&scene.client).await.text("/id");
    let page = scene.open().await;
    let swapped = [("cover", other.as_str()), ("cover_alt", "Words for the old one")];
    scene.editor.press(&page, "Save", &swapped).await;
    let path = format!("/v1/manage/media/{other}");
    assert_eq!(scene.client.get(&path, 200).await.text("/alt"), "");

    // What is emptied is cleared.
    let page = scene.open().await;
    let mut sent = form(&page, "Save");
    for name in
        ["tags", "excerpt", "cover", "language", "canonical_url", "meta_title", "meta_description"]
    {
        sent.set(name, "");
    }
    sent.fields.retain(|(name, _)| name != "featured" && name != "type");
    let answer = scene.editor.submit(&sent).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let post = scene.post().await;
    for name in ["cover", "language", "canonical_url", "meta_title", "meta_description"] {
        assert_eq!(post[name], Value::Null, "{name}");
    }
    assert_eq!(
        (&post["tags"], &post["excerpt"], &post["featured"]),
        (&json!([]), &json!(""), &json!(false))
    );
    assert_eq!(post["type"], "page", "a form without a type says nothing of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_becomes_a_page_is_told_apart() {
    let mut scene = Scene::new("About").await;
    let review = async |scene: &mut Scene| {
        let revision = scene.post().await["revision_id"].as_str().unwrap().to_owned();
        let path = format!("{}/go-live?revision={revision}", scene.place);
        scene.editor.get(&path, 200).await.body
    };
    let shown = review(&mut scene).await;
    assert!(!shown.contains("Post or page"), "{shown}");
    assert!(shown.contains("Excerpt, made of the text"), "{shown}");
    let page = scene.open().await;
    scene.editor.press(&page, "Save", &[("type", "page"), ("excerpt", "Who we are.")]).await;
    let shown = review(&mut scene).await;
    assert!(shown.contains("page: in no list of posts and no feed"), "{shown}");
    assert!(!shown.contains("Excerpt, made of the text"), "{shown}");
    let list = scene.editor.get("/desk/posts", 200).await.body;
    assert!(list.contains("Page by "), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_saved_comes_back_with_every_fault() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    let many: Vec<String> = (0..21).map(|count| format!("Tag {count}")).collect();
    let many = many.join(", ");
    let changed = [
        ("title", " "),
        ("body", "Words \u{202e}turned."),
        ("tags", many.as_str()),
        ("slug", "Not A Slug"),
        ("language", "english, please"),
        ("canonical_url", "example.org"),
    ];
    let refused = scene.editor.press(&page, "Save", &changed).await;
    assert_eq!(refused.status, 422);
    let shown = form(&refused, "Save");
    for (name, value) in changed {
        assert!(refused.body.contains(&format!("href=\"#{name}\"")), "{name}: {}", refused.body);
        let kept = if name == "title" { "" } else { value };
        assert_eq!(shown.value(name), kept, "{name}");
    }
    assert_eq!(scene.revisions().await, 1);

    // The address of another post.
    let taken = scene.client.post("/v1/manage/posts", draft("Taken"), 201).await;
    let refused = scene
        .editor
        .press(&page, "Save", &[("slug", &taken.text("/slug")), ("body", "Mine.")])
        .await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("href=\"#slug\""), "{}", refused.body);
    assert_eq!(form(&refused, "Save").value("body"), "Mine.");

    // A text that is too long is not lost either.
    let long = "word ".repeat(60_000);
    let refused = scene.editor.press(&page, "Save", &[("body", &long)]).await;
    assert_eq!(refused.status, 413);
    assert_eq!(form(&refused, "Save").value("body"), long);

    // With what was wrong put right, it is saved.
    let saved = scene.editor.press(&refused, "Save", &[("body", "Short.")]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.body);
}

/// A browser shows nothing of a page in a frame that must not be framed.
#[tokio::test(flavor = "multi_thread")]
async fn the_preview_says_why_it_shows_nothing() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    let mut sent = form(&page, "Preview");
    let framed = [("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "iframe")];
    let is_framed = |answer: &Answer| {
        let policy = answer.header("content-security-policy");
        policy.contains("frame-ancestors 'self'")
            && answer.header("x-frame-options") == "SAMEORIGIN"
    };
    let mut stranger = Visitor::stranger(&scene.app);
    let told = stranger.submit_with(&sent, &framed).await;
    assert!(told.status == 403 && is_framed(&told), "{}", told.body);
    let words = text_of(&told);
    assert!(words.contains("You are signed out") && words.contains("Nothing is lost"), "{words}");
    // In a tab of its own it is the page that keeps the text.
    let kept = stranger.submit(&sent).await;
    assert_eq!(form(&kept, "Continue").value("body"), "About *Tides*.\n");
    assert!(!is_framed(&kept));
    sent.set("form_token", "of another session");
    let told = scene.editor.submit_with(&sent, &framed).await;
    assert!(told.status == 409 && is_framed(&told), "{}", told.body);
    assert!(text_of(&told).contains("signed in again"), "{}", told.body);
    // Whatever else goes wrong is told in the frame, too.
    let long = "x".repeat(2 * 1024 * 1024);
    sent.set("body", &long);
    let told = scene.editor.submit_with(&sent, &framed).await;
    assert!(told.status == 413 && is_framed(&told), "{}", told.status);
    assert!(text_of(&told).contains("too much for one form"), "{}", told.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_saves_and_goes_on() {
    let mut scene = Scene::new("Tides").await;
    let page = scene.open().await;
    let mut sent = form(&page, "Save");
    sent.set("body", "Saved by keys.");
    let json = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let saved = scene.editor.submit_with(&sent, &json).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let post = scene.post().await;
    assert_eq!(post["body"], "Saved by keys.");
    assert_eq!(
        (&saved.json["revision_id"], &saved.json["version"]),
        (&post["revision_id"], &post["version"])
    );
    assert!(saved.text("/said").contains("Saved as a new revision"));
    // It goes on from what was saved.
    sent.set("revision_id", &saved.text("/revision_id"));
    sent.set("body", "Saved by keys, twice.");
    let saved = scene.editor.submit_with(&sent, &json).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    assert_eq!(scene.revisions().await, 3);
    // What it cannot do is done by the page.
    sent.set("body", "From an older text.");
    let conflict = scene.editor.submit_with(&sent, &json).await;
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.header("content-type"), "text/html; charset=utf-8");
}
