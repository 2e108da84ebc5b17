//! `GET /v1/posts`: every filter, alone and together, in both orders and in pages of any size, held
//! to what filtering and sorting by hand finds.

use byline_shared::model::{PublicPost, Role};
use serde_json::{Value, json};

use super::{all, at, author, language, page, published, revalidates, seed, slugs, tag};
use crate::harness::App;

/// Posts that differ in all that a filter looks at; three went live in the same millisecond.
async fn world(app: &App) -> Vec<PublicPost> {
    let mut pages = Vec::new();
    for number in 0..24_usize {
        let day = if (10..13).contains(&number) { 10 } else { number + 1 };
        let mut page = page(&format!("Number {number}"), &format!("2026-03-{day:02}T12:00:00Z"));
        let post = &mut page.summary;
        post.author = author(if number % 3 == 0 { "ada" } else { "grace" });
        post.language = [None, language("en"), language("pt-BR")][number % 3].clone();
        post.featured = number % 5 == 0;
        post.tags = [vec![], vec![tag("a")], vec![tag("a"), tag("b")]][number % 4 % 3].clone();
        seed(app, &page).await;
        pages.push(page);
    }
    pages
}

/// The slugs of what a query should find.
fn expected(pages: &[PublicPost], query: &[(&str, &str)]) -> Vec<String> {
    let mut found: Vec<_> = pages.iter().map(|page| &page.summary).collect();
    let mut oldest_first = false;
    for (name, value) in query {
        match *name {
            "tag" => found.retain(|post| post.tags.iter().any(|tag| tag.slug.as_str() == *value)),
            "author" => found.retain(|post| post.author.slug.as_str() == *value),
            "language" => found.retain(|post| {
                post.language.as_ref().is_some_and(|it| it.as_str().eq_ignore_ascii_case(value))
            }),
            "featured" => found.retain(|post| post.featured.to_string() == *value),
            "from" => found.retain(|post| post.published_at >= at(value)),
            "to" => found.retain(|post| post.published_at < at(value)),
            "sort" => oldest_first = *value == "published_at",
            other => panic!("{other}"),
        }
    }
    found.sort_by_key(|post| (post.published_at, post.id.clone()));
    if !oldest_first {
        found.reverse();
    }
    found.into_iter().map(|post| post.slug.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_finds_its_posts_once_each() {
    let app = App::start().await;
    let pages = world(&app).await;
    let reader = app.anonymous();
    let choices: [&[Option<(&str, &str)>]; 6] = [
        &[None, Some(("tag", "a")), Some(("tag", "none"))],
        &[None, Some(("author", "ada"))],
        &[None, Some(("language", "PT-br"))],
        &[None, Some(("featured", "true")), Some(("featured", "false"))],
        // A time is in what begins with it, and not in what ends with it.
        &[None, Some(("from", "2026-03-10T12:00:00Z")), Some(("to", "2026-03-10T12:00:00.000Z"))],
        &[None, Some(("sort", "published_at"))],
    ];
    let mut queries: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for choice in choices {
        let longer = queries.iter().flat_map(|query| {
            choice.iter().map(|chosen| query.iter().copied().chain(*chosen).collect())
        });
        queries = longer.collect();
    }
    queries.push(vec![("from", "2026-03-05T12:00:00Z"), ("to", "2026-03-11T13:00:00+01:00")]);
    queries.push(vec![("from", "2026-03-11T00:00:00Z"), ("to", "2026-03-10T00:00:00Z")]);
    let mut found_any = 0;
    for query in queries {
        let text: String =
            query.iter().map(|(n, v)| format!("&{n}={}", v.replace('+', "%2B"))).collect();
        let expected = expected(&pages, &query);
        found_any += usize::from(!expected.is_empty());
        for limit in [1, 4, 100] {
            let items = all(&reader, &format!("/v1/posts?limit={limit}{text}")).await;
            let found: Vec<&str> = items.iter().map(|it| it["slug"].as_str().unwrap()).collect();
            assert_eq!(found, expected, "limit={limit}{text}");
        }
    }
    assert!(found_any > 60, "the posts are too few to tell filters apart: {found_any}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_belongs_to_its_filters() {
    let app = App::start().await;
    world(&app).await;
    let reader = app.anonymous();
    let lists = [
        "",
        "&tag=a",
        "&author=ada",
        "&language=en",
        "&featured=true",
        "&featured=false",
        "&from=2026-03-02T00:00:00Z",
        "&to=2026-03-20T00:00:00Z",
        "&sort=published_at",
        "&tag=a&author=grace",
    ];
    for list in lists {
        let path = format!("/v1/posts?limit=1{list}");
        let cursor = reader.get(&path, 200).await.text("/next_cursor");
        for other in lists.iter().filter(|other| **other != list) {
            let path = format!("/v1/posts?limit=1{other}&cursor={cursor}");
            let answer = reader.get(&path, 422).await;
            let fault = ("/cursor".to_owned(), "invalid_cursor".to_owned());
            assert_eq!(answer.faults(), [fault], "{list} in {other}");
        }
        // How much is wanted of each post is not part of the list.
        let path = format!("/v1/posts?limit=2{list}&cursor={cursor}&fields=slug&include=tags");
        reader.get(&path, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_stays_whole_while_posts_come_and_go() {
    let app = App::start().await;
    let pages = world(&app).await;
    let reader = app.anonymous();
    let first = reader.get("/v1/posts?limit=10", 200).await;
    let expected = expected(&pages, &[]);
    seed(&app, &page("Newer", "2026-04-01T00:00:00Z")).await;
    let path = format!("/v1/posts?limit=100&cursor={}", first.text("/next_cursor"));
    let rest = reader.get(&path, 200).await;
    assert_eq!([slugs(&first), slugs(&rest)].concat(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_each_post_the_wanted_fields_are_told() {
    let app = App::start().await;
    let mut page = page("One", "2026-03-01T00:00:00Z");
    page.summary.tags = vec![tag("a")];
    seed(&app, &page).await;
    let reader = app.anonymous();
    let whole = reader.get("/v1/posts", 200).await.json["items"][0].clone();
    let names: Vec<&String> = whole.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 15);
    for name in &names {
        let path = format!("/v1/posts?fields={name}");
        let item = reader.get(&path, 200).await.json["items"][0].clone();
        assert_eq!(item, json!({ name.as_str(): whole[name.as_str()] }));
    }
    let all = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
    let path = format!("/v1/posts?fields={all}");
    assert_eq!(reader.get(&path, 200).await.json["items"][0], whole);
    let twice = reader.get("/v1/posts?fields=title,slug,title", 200).await;
    assert_eq!(twice.json["items"], json!([{ "title": "One", "slug": page.summary.slug }]));
    // By this member, typed clients tell a page of some fields from one of whole posts.
    assert_eq!(twice.json["fields"], json!(["title", "slug"]));
    assert!(reader.get("/v1/posts", 200).await.json.get("fields").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_authors_come_along_once_each() {
    let app = App::start().await;
    world(&app).await;
    let reader = app.anonymous();
    let list = reader.get("/v1/posts?limit=100&include=tags,author&fields=id", 200).await;
    let tags: Value = list.json["included"]["tags"].clone();
    let authors: Value = list.json["included"]["authors"].clone();
    assert_eq!(tags, reader.get("/v1/tags", 200).await.json["items"]);
    assert_eq!(authors, reader.get("/v1/authors", 200).await.json["items"]);
    assert_eq!(tags[0]["post_count"], 12);
    assert_eq!(authors[0]["post_count"], 8);
    let one = reader.get("/v1/posts?include=tags", 200).await;
    assert!(one.json["included"].get("authors").is_none());
    let none = reader.get("/v1/posts", 200).await;
    assert!(none.json.get("included").is_none());
    let nothing = reader.get("/v1/posts?include=author,tags&tag=none", 200).await;
    assert_eq!(nothing.json["included"], json!({ "tags": [], "authors": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_of_before_leads_to_what_it_became() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let new = json!({ "title": "One", "body": "x", "tags": ["Old name"] });
    published(&editor, new).await;
    let reader = app.anonymous();
    let query = "author=x-y&fields=id%2Cslug&sort=published_at&limit=3&featured=false\
                 &include=tags%2Cauthor&from=2026-01-01T00%3A00%3A00.000Z&language=en";
    editor.patch("/v1/manage/tags/old-name", json!({ "slug": "new-name" }), 200).await;
    app.eventually(|| async {
        !slugs(&reader.get("/v1/posts?tag=new-name", 200).await).is_empty()
    })
    .await;
    let moved = reader.get(&format!("/v1/posts?tag=old-name&{query}"), 301).await;
    let (path, sent) = moved.header("location").split_once('?').unwrap();
    assert_eq!(path, "/v1/posts");
    let sorted = |query: &str| {
        let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
        pairs.sort();
        pairs
    };
    assert_eq!(sorted(sent), sorted(&format!("{query}&tag=new-name")));
    reader.get(moved.header("location"), 200).await;
    assert_eq!(moved.header("cache-control"), "no-store");
    let tag = reader.get("/v1/tags/old-name", 301).await;
    assert_eq!(tag.header("location"), "/v1/tags/new-name");
    assert_eq!(reader.get("/v1/tags/new-name", 200).await.json["post_count"], 1);
    // A tag that never was has no posts.
    assert!(slugs(&reader.get("/v1/posts?tag=never-was", 200).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_revalidated() {
    let app = App::start().await;
    world(&app).await;
    for path in ["/v1/posts", "/v1/posts?tag=a&fields=slug", "/v1/tags", "/v1/authors", "/v1/site"]
    {
        revalidates(&app.anonymous(), path).await;
    }
}
