//! What all pages have in common: style sheet and scripts, headers, navigation, errors.

use byline_shared::model::Role;
use scraper::{Html, Selector};

use super::visitor::{Visitor, text_of};
use crate::harness::{Answer, App, draft};

/// The values of an attribute of the elements that a selector finds.
fn attributes(page: &Answer, selector: &str, name: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).filter_map(|found| found.attr(name)).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_page_are_kept_for_good_and_others_are_not_found() {
    let app = App::start().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("A post"), 201).await.text("/id");
    let mut files = Vec::new();
    for path in ["/desk".to_owned(), format!("/desk/posts/{post}")] {
        let page = visitor.get(&path, 200).await;
        files.extend(attributes(&page, "link[rel=stylesheet]", "href"));
        files.extend(attributes(&page, "script", "src"));
    }
    assert!(files.iter().filter(|file| file.ends_with(".js")).count() >= 3, "{files:?}");
    for file in files {
        let answer = app.anonymous().get(&file, 200).await;
        let expected = if file.ends_with(".css") { "text/css" } else { "text/javascript" };
        assert_eq!(answer.header("content-type"), format!("{expected}; charset=utf-8"));
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let (stem, rest) = file.split_once('.').unwrap();
        let (digest, kind) = rest.split_once('.').unwrap();
        let other: String = digest.chars().rev().collect();
        for wrong in [format!("{stem}.{other}.{kind}"), format!("{stem}.{kind}")] {
            let answer = app.anonymous().get(&wrong, 404).await;
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_navigation_has_what_a_role_opens() {
    let app = App::start().await;
    let everything = [
        "/desk",
        "/desk/posts",
        "/desk/media",
        "/desk/tags",
        "/desk/people",
        "/desk/settings",
        "/desk/activity",
    ];
    let cases =
        [(Role::Reader, 0), (Role::Author, 3), (Role::Editor, 4), (Role::Admin, everything.len())];
    for (role, count) in cases {
        let (mut visitor, _) = Visitor::with_role(&app, role).await;
        let page = visitor.get("/desk/account", 200).await;
        let links = attributes(&page, "header nav a", "href");
        assert_eq!(links, everything[..count], "{role:?}");
        assert_eq!(attributes(&page, "header [aria-current]", "href"), ["/desk/account"]);
        for link in links {
            let page = visitor.get(&link, 200).await;
            assert_eq!(attributes(&page, "header [aria-current]", "href"), [link]);
        }
    }
}

/// While the agent is off, nobody needs a link to it.
#[tokio::test(flavor = "multi_thread")]
async fn the_navigation_has_the_agent_while_it_is_on() {
    let app = crate::conversations::app().await;
    for (role, is_there) in
        [(Role::Reader, false), (Role::Author, true), (Role::Editor, true), (Role::Admin, true)]
    {
        let (mut visitor, _) = Visitor::with_role(&app, role).await;
        let page = visitor.get("/desk/account", 200).await;
        let links = attributes(&page, "header nav a", "href");
        assert_eq!(links.contains(&"/desk/agent".to_owned()), is_there, "{role:?}");
        if is_there {
            let page = visitor.get("/desk/agent", 200).await;
            assert_eq!(attributes(&page, "header [aria-current]", "href"), ["/desk/agent"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_keeps_to_its_policy() {
    let app = App::start().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Editor).await;
    let missing = "/desk/posts/post_01AAAAAAAAAAAAAAAAAAAAAAAA";
    for (path, status) in [("/desk", 200), (missing, 404), ("/desk/settings", 403)] {
        let page = visitor.get(path, status).await;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "trusted-types 'none'",
        ] {
            assert!(policy.split("; ").any(|found| found == part), "{part}: {policy}");
        }
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(attributes(&page, "[style], style, script:not([src])", "class").is_empty());
        assert!(!page.body.contains(" style=") && !page.body.contains("<style"), "{}", page.body);
    }
    let framed = visitor.get("/desk/preview", 200).await;
    assert!(framed.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(framed.header("x-frame-options"), "SAMEORIGIN");
}

/// A script of a page reaches our own origin, and on pages that upload that of the bucket: no other.
#[tokio::test(flavor = "multi_thread")]
async fn only_pages_that_upload_reach_the_bucket() {
    let app = App::start().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("A post"), 201).await.text("/id");
    let own = "connect-src 'self'".to_owned();
    let bucket = format!("{own} http://{}", app.byline.address);
    let editor = format!("/desk/posts/{post}");
    for (path, status, expected) in [
        ("/desk/media", 200, &bucket),
        (&editor, 200, &bucket),
        ("/desk", 200, &own),
        ("/desk/posts", 200, &own),
        (&format!("{editor}/history"), 200, &own),
        (&format!("{editor}/share"), 200, &own),
        ("/desk/account", 200, &own),
        ("/desk/settings", 403, &own),
    ] {
        let page = visitor.get(path, status).await;
        let policy = page.header("content-security-policy");
        let found = policy.split("; ").find(|part| part.starts_with("connect-src"));
        assert_eq!(found, Some(expected.as_str()), "{path}");
    }
    let sign_in = Visitor::stranger(&app).get("/desk/sign-in", 200).await;
    assert!(sign_in.header("content-security-policy").contains("connect-src 'self';"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_says_what_to_do_next() {
    let app = App::start().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get("/desk/posts/post_01AAAAAAAAAAAAAAAAAAAAAAAA", 404).await;
    let words = text_of(&page);
    assert!(words.contains("There is nothing here") && words.contains("Go to the Desk"), "{words}");
    assert!(words.contains(page.header("x-request-id")), "{words}");
    // It has the menu, and sends nobody to somebody else who may be themselves.
    assert_eq!(attributes(&page, "nav[aria-label=Desk] a[href='/desk/posts']", "href").len(), 1);
    assert!(attributes(&page, "nav [aria-current]", "href").is_empty(), "{}", page.body);
    assert!(!words.contains("your admin"), "{words}");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let page = visitor.get("/desk/settings", 403).await;
    assert!(text_of(&page).contains("That is not allowed"), "{}", page.body);
}

/// What functions do ahead of their first request, with the context that they have: it must not fail.
#[tokio::test(flavor = "multi_thread")]
async fn every_function_is_prepared_without_a_request() {
    let app = App::start().await;
    for operation in byline_local::operations() {
        (operation.prepare)(&app.byline.context);
    }
    assert_eq!(app.byline.renderings(), 0, "this is not done for a request");
}
