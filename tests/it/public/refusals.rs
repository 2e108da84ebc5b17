//! What is wrong in a reader's request is named, field by field.

use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_is_named() {
    let app = App::start().await;
    let reader = app.anonymous();
    let long = "x".repeat(600);
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("cursor=!", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=AAAAAAAAAAAA", "cursor"),
        (&format!("cursor={long}"), "cursor"),
        ("tag=Not%20a%20slug", "tag"),
        ("tag=", "tag"),
        (&format!("tag={long}"), "tag"),
        ("author=%00", "author"),
        ("language=english", "language"),
        ("language=e", "language"),
        ("language=en_GB", "language"),
        ("featured=yes", "featured"),
        ("featured=1", "featured"),
        ("from=yesterday", "from"),
        ("from=2026-02-30T00:00:00Z", "from"),
        ("from=2026-01-01", "from"),
        ("to=2026-01-01T00:00:00", "to"),
        ("to=2026-01-01T25:00:00Z", "to"),
        ("sort=title", "sort"),
        ("sort=-published_at,title", "sort"),
        ("fields=", "fields"),
        ("fields=id,body", "fields"),
        ("fields=id,,slug", "fields"),
        ("fields=ID", "fields"),
        (&format!("fields={}", "id,".repeat(99) + "id"), "fields"),
        ("include=", "include"),
        ("include=posts", "include"),
        ("include=tags,", "include"),
        ("page=2", "page"),
        ("tag=a&tag=b", "tag"),
    ] {
        let answer = reader.get(&format!("/v1/posts?{query}"), 422).await;
        answer.is_problem("invalid_input");
        let named: Vec<String> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(named, [format!("/{name}")], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_is_named_at_once() {
    let app = App::start().await;
    let query =
        "limit=0&tag=A&author=B&language=x&featured=no&from=a&to=b&sort=c&fields=d&include=e";
    let answer = app.anonymous().get(&format!("/v1/posts?{query}"), 422).await;
    let mut named: Vec<String> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
    let mut expected: Vec<String> =
        query.split('&').map(|pair| format!("/{}", pair.split('=').next().unwrap())).collect();
    expected.sort();
    named.sort();
    named.dedup();
    assert_eq!(named, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_of_single_posts_tags_authors_and_redirects() {
    let app = App::start().await;
    let reader = app.anonymous();
    let long = "x".repeat(1100);
    for (path, name) in [
        ("/v1/posts/Not%20a%20slug", "slug"),
        ("/v1/posts/a?format=pdf", "format"),
        ("/v1/posts/a?format=", "format"),
        ("/v1/posts/a?include=tags", "include"),
        ("/v1/posts/a?fields=id", "fields"),
        ("/v1/posts/a?slug=b", "slug"),
        ("/v1/tags/A", "slug"),
        ("/v1/tags?limit=0", "limit"),
        ("/v1/tags?used=true", "used"),
        ("/v1/authors/%E2%80%AE", "slug"),
        ("/v1/authors?cursor=x", "cursor"),
        ("/v1/site?x=y", "x"),
        ("/v1/redirects", "path"),
        ("/v1/redirects?path=", "path"),
        (&format!("/v1/redirects?path=/{long}"), "path"),
    ] {
        let answer = reader.get(path, 422).await;
        answer.is_problem("invalid_input");
        assert_eq!(answer.faults()[0].0, format!("/{name}"), "{path}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_tells_all_of_it() {
    let app = App::start().await;
    let document = app.anonymous().get("/openapi.json", 200).await.json;
    let of = |path: &str| &document["paths"][path]["get"];
    let names = |path: &str| -> Vec<String> {
        let parameters = of(path)["parameters"].as_array().into_iter().flatten();
        parameters.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    };
    let list = [
        "limit", "cursor", "type", "tag", "author", "language", "featured", "from", "to", "sort",
        "fields", "include",
    ];
    assert_eq!(names("/v1/posts"), list);
    assert_eq!(names("/v1/posts/{slug}"), ["slug", "format", "include"]);
    assert_eq!(names("/v1/redirects"), ["path"]);
    assert_eq!(names("/sitemaps/{file}"), ["file"]);
    assert_eq!(names("/posts/{file}"), ["file"]);
    let moves = ["/v1/posts", "/v1/posts/{slug}", "/v1/tags/{slug}", "/posts/{file}"];
    for path in moves {
        assert!(of(path)["responses"]["301"]["headers"]["Location"].is_object(), "{path}");
    }
    for (path, media_type) in [
        ("/feed.xml", "application/atom+xml"),
        ("/feed.json", "application/feed+json"),
        ("/sitemap.xml", "application/xml"),
        ("/sitemaps/{file}", "application/xml"),
        ("/llms.txt", "text/markdown"),
        ("/posts/{file}", "text/markdown"),
        ("/v1/posts", "application/json"),
        ("/v1/tags", "application/json"),
        ("/v1/authors/{slug}", "application/json"),
        ("/v1/site", "application/json"),
    ] {
        let responses = &of(path)["responses"];
        assert!(responses["200"]["content"][media_type].is_object(), "{path}");
        assert!(responses["304"].is_object(), "{path}");
    }
}
