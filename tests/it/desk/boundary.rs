//! What comes to the pages from outside: forms that no page of ours sends, words in the query, addresses that
//! nothing is at.

use byline_shared::model::Role;
use http::Method;

use super::visitor::{Visitor, form, text_of};
use crate::harness::events::root;
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text_are_refused_and_not_replaced() {
    let app = App::start().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let page = editor.get("/desk/tags", 200).await;
    let sent = form(&page, "Create tag");
    let own = [("sec-fetch-site", "same-origin")];
    for bytes in ["%FF", "%C3%28", "%ED%A0%80", "a%F0%9F"] {
        let body = format!("{}&name=Sea{bytes}", sent.text().replace("name=&", ""));
        let refused = editor.send(Method::POST, &sent.action, &own, Some(body)).await;
        assert_eq!(refused.status, 400, "{bytes}: {}", refused.body);
        let words = text_of(&refused);
        assert!(
            words.contains("no UTF-8 text") && words.contains("Nothing was changed"),
            "{words}"
        );
    }
    let mut files = form(&editor.get("/desk/media", 200).await, "Upload");
    files.fields.push(("alt".to_owned(), "text".to_owned()));
    let media = editor.submit_files(&files, &[("a.gif", b"x")], &[]).await;
    assert_ne!(media.status, 400, "{}", media.body);
    let tags = client.get("/v1/manage/tags", 200).await;
    assert_eq!(tags.json["items"].as_array().unwrap().len(), 0, "{}", tags.body);
    // What a browser sends is text, whatever it is.
    let made = editor.press(&page, "Create tag", &[("name", "Mer é 海 🌊 \u{fffd}")]).await;
    assert!(text_of(&made).contains("The tag is there."), "{}", made.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_keeps_a_form_stays_small() {
    let app = App::start().await;
    let mut stranger = Visitor::stranger(&app);
    let own = [("sec-fetch-site", "same-origin")];
    let many: String = (0..100_000).map(|number| format!("a{number}&")).collect();
    let refused = stranger.send(Method::POST, "/desk/tags", &own, Some(many)).await;
    assert_eq!(refused.status, 400, "{}", refused.body.len());
    assert!(text_of(&refused).contains("more than 200 fields"), "{}", refused.body);
    let long = format!("body={}", "\"".repeat(900_000));
    let refused = stranger.send(Method::POST, "/desk/tags", &own, Some(long)).await;
    assert_eq!(refused.status, 413, "{}", refused.body.len());
    assert!(text_of(&refused).contains("too long to be kept"), "{}", refused.body);
    // The longest text is kept.
    let text = format!("body={}", "%26".repeat(256 * 1024));
    let kept = stranger.send(Method::POST, "/desk/tags", &own, Some(text)).await;
    assert_eq!(kept.status, 403);
    assert_eq!(form(&kept, "Continue").value("body").len(), 256 * 1024);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_text_fits_with_all_its_line_ends() {
    let app = App::unlimited().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let id = client.post("/v1/manage/posts", draft("Lines"), 201).await.text("/id");
    let page = editor.get(&format!("/desk/posts/{id}"), 200).await;
    // Browsers send line ends as CR LF, each byte of them escaped.
    let saved = editor.press(&page, "Save", &[("body", &"a\r\n".repeat(128 * 1024))]).await;
    assert!(text_of(&saved).contains("Saved as a new revision"), "{}", saved.status);
    let post = client.get(&format!("/v1/manage/posts/{id}"), 200).await;
    assert_eq!(post.text("/body"), "a\n".repeat(128 * 1024));
    // One more is longer than a post may be, and comes back in the form.
    let page = editor.get(&format!("/desk/posts/{id}"), 200).await;
    let long = "a\r\n".repeat(128 * 1024) + "b";
    let refused = editor.press(&page, "Save", &[("body", &long)]).await;
    assert!([413, 422].contains(&refused.status), "{}", refused.status);
    assert!(form(&refused, "Save").value("body").ends_with("a\nb"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_only_what_can_have_been_done_there() {
    let app = App::start().await;
    let mut admin = Visitor::admin(&app).await;
    let id = app.admin().await.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let post = format!("/desk/posts/{id}");
    for (path, own, foreign) in [
        ("/desk", "published", "saved"),
        ("/desk/posts", "trashed", "published"),
        (post.as_str(), "saved", "trashed"),
        ("/desk/media", "media-deleted", "password-changed"),
        ("/desk/tags", "tag-deleted", "published"),
        ("/desk/settings", "settings-changed", "approved"),
        ("/desk/account", "renamed", "media-deleted"),
        ("/desk/account/password", "password-changed", "renamed"),
        ("/desk/account/keys", "key-revoked", "session-ended"),
        ("/desk/account/passkeys", "passkey-added", "key-revoked"),
        ("/desk/agent", "conversation-deleted", "conversation-changed"),
        ("/desk/activity", "", "password-changed"),
        ("/desk/people", "", "person-changed"),
    ] {
        if !own.is_empty() {
            let page = admin.get(&format!("{path}?done={own}"), 200).await;
            assert!(page.body.contains("<p class=\"notice\" role=\"status\">"), "{path} {own}");
        }
        let page = admin.get(&format!("{path}?done={foreign}"), 200).await;
        assert!(!page.body.contains("<p class=\"notice\""), "{path} {foreign}: {}", page.body);
    }
    let mut stranger = Visitor::stranger(&app);
    let page = stranger.get("/desk/sign-in?done=signed-out", 200).await;
    assert!(text_of(&page).contains("You are signed out."), "{}", page.body);
    for (path, foreign) in [("sign-in", "published"), ("forgot-password", "signed-out")] {
        let page = stranger.get(&format!("/desk/{path}?done={foreign}"), 200).await;
        assert!(!page.body.contains("class=\"notice\""), "{path}: {}", page.body);
    }
}

/// A word that no page expects would never be told.
#[test]
fn every_word_is_told_somewhere() {
    let folder = root().join("functions/desk/src");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let sources = files.filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let mut told = String::new();
    for source in sources.map(|path| std::fs::read_to_string(path).unwrap()) {
        let lists = source.split("const DONE: &'static [Done] =").skip(1);
        told.extend(lists.map(|list| list.split(';').next().unwrap()));
    }
    let notice = std::fs::read_to_string(folder.join("notice.rs")).unwrap();
    let words = notice.split("done! {").nth(1).unwrap().split("\n}").next().unwrap();
    let names: Vec<&str> = words
        .lines()
        .filter_map(|line| line.trim().split_once(" = "))
        .map(|(name, _)| name)
        .collect();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        let is_told = told.split(|char: char| !char.is_alphanumeric()).any(|word| word == name);
        assert!(is_told, "no page has Done::{name} in its DONE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_a_page_says_what_to_do_next() {
    let app = App::start().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Author).await;
    for path in ["/desk/nothing", "/desk/posts/a/b/c", "/desk/Posts", "/desk/people/a/b"] {
        for headers in [&[][..], &[("accept", "text/html")]] {
            let answer = visitor.send(Method::GET, path, headers, None).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
            assert!(text_of(&answer).contains("There is nothing here"), "{}", answer.body);
            assert!(answer.body.contains("href=\"/desk\""), "{}", answer.body);
        }
    }
    // Elsewhere it is the API that answers.
    for path in ["/deskx", "/v1/desk"] {
        let answer = visitor.send(Method::GET, path, &[], None).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_too_large_is_told_on_a_page() {
    let app = App::start().await;
    let (mut editor, _) = Visitor::with_role(&app, Role::Editor).await;
    let own = [("sec-fetch-site", "same-origin")];
    // More than the page takes, and more than the server reads.
    for size in [2_000_000, 7_000_000] {
        let body = format!("body={}", "a".repeat(size));
        let refused = editor.send(Method::POST, "/desk/tags", &own, Some(body)).await;
        assert_eq!(refused.status, 413, "{size}");
        assert_eq!(refused.header("content-type"), "text/html; charset=utf-8", "{size}");
        let words = text_of(&refused);
        assert!(words.contains("Go back in your browser"), "{size}: {words}");
    }
}
