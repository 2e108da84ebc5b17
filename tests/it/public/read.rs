//! Single posts, tags and authors as readers find them.

use byline_shared::model::{MetaTitle, Role};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::{all, at, author, page, publish, published, revalidates, seed, tag};
use crate::desk::visitor::Visitor;
use crate::harness::{App, draft};
use crate::media;

#[tokio::test(flavor = "multi_thread")]
async fn a_post_comes_in_the_form_that_is_asked_for() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let body = "# One & *two*\n\nA line  \nbroken, <b>3 &lt; 4</b> and \u{a0}`x > y`.\n\n\
                ![a cat](/cat.png \"a > b\")\n\n> quoted\n\n    fn a() {}\n\n    fn b() {}\n\n\
                | h | i |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n<script>no</script>\n";
    published(&editor, json!({ "title": "Forms", "body": body, "meta_title": "M" })).await;
    let reader = app.anonymous();
    let get = |format: &str| {
        let path = format!("/v1/posts/forms?format={format}");
        let reader = reader.clone();
        async move { reader.get(&path, 200).await.json }
    };
    let both = reader.get("/v1/posts/forms", 200).await.json;
    assert_eq!(both["body"], body);
    let (html, markdown, text) = (get("html").await, get("markdown").await, get("text").await);
    for (form, has) in [(&html, "body_html"), (&markdown, "body"), (&text, "body_text")] {
        for name in ["body", "body_html", "body_text"] {
            assert_eq!(form.get(name).is_some(), name == has, "{name} of {has}");
        }
        // All else is the same.
        let rest = |form: &Value| {
            let mut form = form.as_object().unwrap().clone();
            form.retain(|name, _| !name.starts_with("body") && name != "toc");
            form
        };
        assert_eq!(rest(form), rest(&both));
    }
    assert_eq!((&html["body_html"], &markdown["body"]), (&both["body_html"], &both["body"]));
    let toc = json!([{ "level": 1, "id": "one--two", "text": "One & two" }]);
    assert_eq!((&both["toc"], &html["toc"]), (&toc, &toc));
    assert!(markdown.get("toc").is_none() && text.get("toc").is_none());
    let expected = "One & two\nA line\nbroken, 3 < 4 and \u{a0}x > y.\nquoted\n\
                    fn a() {}\n\nfn b() {}\nh\ti\n1\t2\n\u{2611} done";
    assert_eq!(text["body_text"], expected);
    revalidates(&reader, "/v1/posts/forms?format=text&include=adjacent").await;
    assert_eq!(both["meta_title"], serde_json::to_value(MetaTitle::trusted("M")).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn headings_have_ids_that_links_and_the_table_of_contents_lead_to() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let body = "[down](#\u{fc}ber-uns)\n\n# What's *new*?\n\n## \u{dc}ber uns\n\n## \u{dc}ber uns\n\n\
                <h3 id=\"own\" onclick=\"a()\">Raw</h3>\n\n## own\n";
    published(&editor, json!({ "title": "Parts", "body": body })).await;
    let read = app.anonymous().get("/v1/posts/parts", 200).await;
    let expected = json!([
        { "level": 1, "id": "whats-new", "text": "What's new?" },
        { "level": 2, "id": "\u{fc}ber-uns", "text": "\u{dc}ber uns" },
        { "level": 2, "id": "\u{fc}ber-uns-1", "text": "\u{dc}ber uns" },
        { "level": 3, "id": "own", "text": "Raw" },
        { "level": 2, "id": "own-1", "text": "own" },
    ]);
    assert_eq!(read.json["toc"], expected);
    let page = Html::parse_fragment(&read.text("/body_html"));
    let headings: Vec<Value> = page
        .select(&Selector::parse("h1, h2, h3").unwrap())
        .map(|heading| {
            let level: u8 = heading.value().name()[1..].parse().unwrap();
            json!({ "level": level, "id": heading.attr("id"), "text": heading.text().collect::<String>() })
        })
        .collect();
    assert_eq!(json!(headings), expected);
    // Lists have no texts, and no headings.
    let list = app.anonymous().get("/v1/posts", 200).await;
    assert!(list.json["items"][0].get("toc").is_none(), "{}", list.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_publication_have_their_size_and_all_are_loaded_late() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let url = media::published(&editor).await.text("/url");
    let body = format!(
        "![own]({url})\n\n<img src=\"{url}\" width=\"64\" loading=\"eager\">\n\n\
         ![foreign](https://other.example/a.png)\n"
    );
    let drafted =
        editor.post("/v1/manage/posts", json!({ "title": "Seen", "body": body }), 201).await;
    let path = format!("/v1/manage/posts/{}", drafted.text("/id"));
    let before = editor.get(&format!("{path}?format=html"), 200).await;
    assert_eq!(before.json["warnings"][0]["what"], "<img loading>");
    publish(&editor, &drafted).await;
    let html = app.anonymous().get("/v1/posts/seen", 200).await.text("/body_html");
    let expected = format!(
        "<p><img src=\"{url}\" alt=\"own\" loading=\"lazy\" width=\"1\" height=\"1\" decoding=\"async\"></p>\n\
         <img src=\"{url}\" width=\"64\" loading=\"lazy\" decoding=\"async\">\n\
         <p><img src=\"https://other.example/a.png\" alt=\"foreign\" loading=\"lazy\"></p>\n"
    );
    assert_eq!(html, expected);
    assert_eq!(before.text("/body_html"), html);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn players_play_files_of_the_publication_and_no_others() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let url = media::published(&editor).await.text("/url");
    let body = format!(
        "<video src=\"{url}\" autoplay onplay=\"a()\" width=\"640\">Old words</video>\n\n\
         <audio controls><source src=\"{url}\" type=\"audio/mpeg\"></audio>\n\n\
         <audio src=\"https://evil.example/a.mp3\">Other words</audio>\n"
    );
    let drafted = editor.post("/v1/manage/posts", json!({ "title": "Played", "body": body }), 201);
    let drafted = drafted.await;
    let path = format!("/v1/manage/posts/{}", drafted.text("/id"));
    let shown = editor.get(&format!("{path}?format=html"), 200).await;
    let expected = format!(
        "<p><video src=\"{url}\" width=\"640\" controls=\"\" preload=\"metadata\"></video></p>\n\
         <p><audio controls=\"\" preload=\"metadata\"><source src=\"{url}\" type=\"audio/mpeg\"></audio></p>\n\
         <p>Other words</p>\n"
    );
    assert_eq!(shown.text("/body_html"), expected);
    let warnings = shown.json["warnings"].as_array().unwrap().iter();
    let lost: Vec<&str> = warnings.map(|warning| warning["what"].as_str().unwrap()).collect();
    assert_eq!(lost, ["<video autoplay>", "<video onplay>", "<audio src>"]);
    let review = format!("{path}/review?revision_id={}", drafted.text("/revision_id"));
    let review = editor.get(&review, 200).await;
    let told = |what: &str| {
        let findings = review.json["findings"].as_array().unwrap();
        findings.iter().any(|finding| finding["message"].as_str().unwrap().contains(what))
    };
    assert!(told("Old words") && told("https://evil.example/a.mp3"), "{}", review.body);
    assert!(!told(&url), "{}", review.body);
    assert_eq!(review.json["new_hosts"], json!({ "links": [], "images": [], "frames": [] }));
    publish(&editor, &drafted).await;
    assert_eq!(app.anonymous().get("/v1/posts/played", 200).await.text("/body_html"), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn players_of_other_sites_are_framed_and_the_review_names_their_hosts() {
    let app = App::start().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let body = "https://youtu.be/aqz-KE-bpKQ\n\n<iframe src=\"https://evil.example/\">x</iframe>\n\n\
                [A film](https://vimeo.com/1084537)\n";
    let drafted = editor.post("/v1/manage/posts", json!({ "title": "Framed", "body": body }), 201);
    let drafted = drafted.await;
    let path = format!("/v1/manage/posts/{}", drafted.text("/id"));
    let review = format!("{path}/review?revision_id={}", drafted.text("/revision_id"));
    let review = editor.get(&review, 200).await;
    let hosts =
        json!({ "links": ["vimeo.com"], "images": [], "frames": ["www.youtube-nocookie.com"] });
    assert_eq!(review.json["new_hosts"], hosts);
    let shown = editor.get(&format!("{path}?format=html"), 200).await;
    let warnings = shown.json["warnings"].as_array().unwrap().iter();
    let lost: Vec<&str> = warnings.map(|warning| warning["what"].as_str().unwrap()).collect();
    assert_eq!(lost, ["<iframe>"]);
    // The Desk names the host, and loads nothing from it.
    let going = format!(
        "/desk/posts/{}/go-live?revision={}",
        drafted.text("/id"),
        drafted.text("/revision_id")
    );
    for address in [going, format!("/desk/posts/{}?view=preview", drafted.text("/id"))] {
        let page = visitor.get(&address, 200).await;
        assert!(page.body.contains("www.youtube-nocookie.com"), "{address}: {}", page.body);
        assert!(!page.body.contains("<iframe src=\"https:"), "{address}: {}", page.body);
    }
    publish(&editor, &drafted).await;
    let html = app.anonymous().get("/v1/posts/framed", 200).await.text("/body_html");
    let expected = "<p><iframe src=\"https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ\" title=\"YouTube video\" \
                    width=\"560\" height=\"315\" sandbox=\"allow-popups allow-same-origin allow-scripts\" \
                    allow=\"fullscreen\" loading=\"lazy\" \
                    referrerpolicy=\"strict-origin-when-cross-origin\"></iframe></p>\n";
    assert!(html.starts_with(expected) && html.matches("<iframe").count() == 1, "{html}");
    let text = app.anonymous().get("/v1/posts/framed?format=text", 200).await.text("/body_text");
    assert_eq!(text, "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ\nA film");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_from_before_headings_had_ids_has_no_table_of_contents() {
    let app = App::start().await;
    let mut old = page("Old", "2026-03-01T00:00:00Z");
    old.body_html = "<h1>Old</h1>\n<p>x</p>\n".to_owned();
    seed(&app, &old).await;
    let read = app.anonymous().get(&format!("/v1/posts/{}", old.summary.slug), 200).await;
    assert_eq!((read.text("/body_html"), &read.json["toc"]), (old.body_html, &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_post_stand_the_ones_before_and_after_it() {
    let app = App::start().await;
    let reader = app.anonymous();
    let mut pages = Vec::new();
    // Three of them at the same time.
    for time in ["01", "02", "03", "03", "03", "04"] {
        let page = page(&format!("On {time}"), &format!("2026-03-{time}T00:00:00Z"));
        seed(&app, &page).await;
        pages.push(page.summary);
    }
    pages.sort_by_key(|post| (post.published_at, post.id.clone()));
    for (place, post) in pages.iter().enumerate() {
        let path = format!("/v1/posts/{}?include=adjacent&format=markdown", post.slug);
        let adjacent = reader.get(&path, 200).await.json["adjacent"].clone();
        let expected = |place: Option<usize>| {
            place.and_then(|place| pages.get(place)).map(|post| {
                json!({
                    "title": post.title, "slug": post.slug, "published_at": post.published_at,
                })
            })
        };
        let (previous, next) = (expected(place.checked_sub(1)), expected(Some(place + 1)));
        assert_eq!(adjacent, json!({ "previous": previous, "next": next }), "{place}");
        let alone = reader.get(&format!("/v1/posts/{}", post.slug), 200).await;
        assert!(alone.json.get("adjacent").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_post_stands_alone_and_one_taken_down_stands_nowhere() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let reader = app.anonymous();
    let (one, two) = (draft("One"), draft("Two"));
    published(&editor, one).await;
    let alone = json!({ "previous": null, "next": null });
    let path = "/v1/posts/one?include=adjacent";
    assert_eq!(reader.get(path, 200).await.json["adjacent"], alone);
    let two = published(&editor, two).await;
    assert_eq!(reader.get(path, 200).await.text("/adjacent/next/slug"), "two");
    let unpublish = format!("/v1/manage/posts/{}/unpublish", two.text("/id"));
    editor.post(&unpublish, json!({}), 200).await;
    assert_eq!(reader.get(path, 200).await.json["adjacent"], alone);
    reader.get("/v1/posts/two", 404).await.is_problem("not_found");
    assert_eq!(reader.get("/v1/tags/field-notes", 200).await.json["post_count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_post_leads_on_whatever_is_asked_of_it() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let reader = app.anonymous();
    let mut seen = published(&editor, draft("First")).await;
    for slug in ["second", "third"] {
        let path = format!("/v1/manage/posts/{}", seen.text("/id"));
        let etag = [("if-match", seen.header("etag"))];
        let body = Some(json!({ "slug": slug }));
        let moved = editor.send(http::Method::PATCH, &path, &etag, body, 200).await;
        seen = publish(&editor, &moved).await;
    }
    // From slug to slug, until it is found.
    for start in ["first", "second"] {
        let mut path = format!("/v1/posts/{start}");
        let mut hops = 0;
        while path != "/v1/posts/third" {
            let moved = reader.get(&path, 301).await;
            assert_eq!(moved.body, "");
            assert_eq!(moved.header("cache-control"), "no-store");
            path = moved.header("location").to_owned();
            hops += 1;
            assert!(hops < 4, "{start}");
        }
    }
    reader.get("/v1/posts/third", 200).await;
    let moved = reader.get("/v1/posts/first?format=html&include=json_ld", 301).await;
    assert_eq!(moved.header("location"), "/v1/posts/second?format=html&include=json_ld");
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_authors_are_listed_with_how_many_posts_they_have() {
    let app = App::start().await;
    let reader = app.anonymous();
    for number in 0..7_usize {
        let mut page = page("x", "2026-03-01T00:00:00Z");
        page.summary.author = author(["ada", "grace"][number % 2]);
        page.summary.tags = (0..=number).map(|count| tag(&format!("tag-{count}"))).collect();
        seed(&app, &page).await;
    }
    for limit in [1, 2, 7] {
        let tags = all(&reader, &format!("/v1/tags?limit={limit}")).await;
        assert_eq!(tags.len(), 7);
        for (count, tag) in tags.iter().enumerate() {
            let expected = json!({
                "slug": format!("tag-{count}"), "name": format!("TAG-{count}"),
                "description": null, "post_count": 7 - count, "version": 0,
            });
            assert_eq!(*tag, expected);
            let path = format!("/v1/tags/tag-{count}");
            assert_eq!(reader.get(&path, 200).await.json, expected);
        }
        let authors = all(&reader, &format!("/v1/authors?limit={limit}")).await;
        let counts: Vec<&Value> = authors.iter().map(|author| &author["post_count"]).collect();
        assert_eq!(counts, [&json!(4), &json!(3)]);
        assert_eq!(reader.get("/v1/authors/ada", 200).await.json, authors[0]);
    }
    revalidates(&reader, "/v1/tags/tag-0").await;
    revalidates(&reader, "/v1/authors/ada").await;
    let nobody = reader.get("/v1/authors/nobody", 404).await;
    nobody.is_problem("not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_drafts_know_is_not_told() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let reader = app.anonymous();
    let post = editor.post("/v1/manage/posts", draft("Secret plan"), 201).await;
    let me = editor.get("/v1/users/me", 200).await.text("/slug");
    let paths = [
        "/v1/posts/secret-plan".to_owned(),
        "/v1/tags/field-notes".to_owned(),
        format!("/v1/authors/{me}"),
        "/posts/secret-plan.md".to_owned(),
    ];
    for path in &paths {
        reader.get(path, 404).await.is_problem("not_found");
    }
    for list in ["/v1/posts", "/v1/tags", "/v1/authors"] {
        assert_eq!(reader.get(list, 200).await.json["items"], json!([]), "{list}");
    }
    for file in ["/feed.xml", "/feed.json", "/llms.txt", "/sitemap.xml"] {
        let text = reader.get(file, 200).await.body;
        assert!(!text.to_lowercase().contains("secret"), "{file}: {text}");
    }
    publish(&editor, &post).await;
    for path in &paths {
        reader.get(path, 200).await;
    }
    let found = reader.get("/v1/posts", 200).await;
    let time = at(&found.text("/items/0/published_at"));
    assert_eq!(found.text("/items/0/published_at"), time.to_string());
}
