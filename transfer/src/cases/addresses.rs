//! Old addresses lead where they led.

use super::{folder, item, look, open, posts, posts_of, said, titled, wordpress};
use crate::samples;

#[test]
fn d04_ghost_zone() {
    let export = r#"{"db": [{"data": {
        "posts": [{"id": "1", "title": "P1", "slug": "p1", "status": "published", "html": "<p>x</p>",
            "published_at": "2022-01-01T03:30:00.000Z"}],
        "settings": [{"key": "active_timezone", "value": "America/New_York"},
            {"key": "permalinks", "value": "/:year/:month/:day/:slug/"}]}}]}"#;
    let source = folder(&[("ghost.json", export)]);
    assert_eq!(posts_of(&source, "ghost.json")[0].old_paths, ["/2021/12/31/p1/"]);
}

#[test]
fn d04_ghost_routes() {
    let export = r#"{"data": {"posts": [{"id": "1", "title": "P1", "slug": "p1", "status": "published",
        "html": "<p>x</p>", "published_at": "2022-01-01T03:30:00.000Z"}]}}"#;
    let routes = "collections:\n  /news/:\n    permalink: /news/{slug}/\n    filter: tag:news\n  /:\n    \
                  permalink: /{year}/{slug}/\n";
    let source = folder(&[("ghost.json", export), ("routes.yaml", routes)]);
    assert_eq!(posts_of(&source, "ghost.json")[0].old_paths, ["/2022/p1/"]);
}

#[test]
fn d05_default_permalinks() {
    let post = "---\ntitle: Hi\ndate: 2020-01-02\ncategories: [Old News]\n---\nText.\n";
    let jekyll = posts(&[("_config.yml", "title: J\n"), ("_posts/2020-01-02-hi.md", post)]);
    assert_eq!(jekyll[0].old_paths, ["/old news/2020/01/02/hi.html"]);
    let pages = posts(&[
        ("_config.yml", "baseurl: /blog\npermalink: pretty\n"),
        ("_posts/2020-01-02-hi.md", post),
        ("en/about.md", "---\ntitle: About\n---\nText.\n"),
    ]);
    assert_eq!(titled(&pages, "About").old_paths, ["/blog/en/about/"]);
    let hugo = posts(&[
        ("hugo.toml", "baseURL = \"https://h.example/sub/\"\n"),
        ("content/posts/Deep Ones/hi there.md", post),
    ]);
    assert_eq!(hugo[0].old_paths, ["/sub/posts/deep-ones/hi-there/"]);
    let sections = posts(&[
        ("config/_default/hugo.toml", "baseURL = \"https://h.example/\"\ntitle = \"H\"\n"),
        ("config/_default/permalinks.toml", "notes = \"/:year/:slug/\"\n"),
        ("content/notes/a.md", "---\ntitle: One Note\ndate: 2020-01-02\n---\nText.\n"),
        ("content/posts/b.md", "---\ntitle: B\ndate: 2020-01-02\nslug: own\n---\nText.\n"),
    ]);
    assert_eq!(titled(&sections, "One Note").old_paths, ["/2020/one-note/"]);
    assert_eq!(titled(&sections, "B").old_paths, ["/posts/own/"]);
    let hexo = posts(&[("_config.yml", "title: X\n"), ("source/_posts/hi.md", post)]);
    assert_eq!(hexo[0].old_paths, ["/2020/01/02/hi/"]);
}

#[test]
fn d05_posts_without_an_old_address_are_counted() {
    let post = "---\ntitle: Hi\ndate: 2020-01-02\n---\nText.\n";
    let source = folder(&[("posts/hi.md", post), ("posts/ho.md", post)]);
    let report = look(source.path());
    assert_eq!(report.without_address, 2);
    assert!(report.to_string().contains("2 published posts without an old URL"), "{report}");
}

#[test]
fn a08_plain_permalinks() {
    let more = "<wp:is_sticky>0</wp:is_sticky>";
    let items = item(900, "https://field.example/?p=900", "x", more)
        + &item(901, "https://field.example/", "x", more);
    let source = wordpress(&items);
    let posts = posts_of(&source, "wp.xml");
    assert_eq!(posts[0].old_paths, ["/?p=900"]);
    assert!(posts[1].old_paths.is_empty(), "the home page is no post's");
}

#[test]
fn a05_one_address_however_it_is_written() {
    let link = "https://field.example/%ec%97%91%ec%85%80/";
    let items =
        item(1, link, "x", "") + &item(2, "https://field.example/\u{c5d1}\u{c140}", "x", "");
    let source = wordpress(&items);
    let report = look(&source.path().join("wp.xml"));
    assert_eq!((report.redirects.new, report.claimed_twice), (1, 1));
    assert!(report.to_string().contains("1 old URL claimed twice"), "{report}");
}

#[test]
fn b12_category_folders() {
    let settings = "url: https://c.example\npermalink: pretty\ndefaults:\n  - scope: {path: \"\"}\n    \
                    values: {author: Site, lang: nl}\n";
    let post = |title: &str, lang: &str| format!("---\ntitle: {title}\n{lang}---\nText.\n");
    let (de, en) = (post("Hallo", "lang: de\n"), post("Hi", ""));
    let files = [
        ("_config.yml", settings),
        ("de/news/_posts/2020-01-01-hi.md", de.as_str()),
        ("en/news/_posts/2020-01-01-hi.md", en.as_str()),
        ("en/about.md", "---\ntitle: About\n---\nText.\n"),
        ("_includes/part.md", "part"),
        ("_layouts/x.md", "---\ntitle: layout\n---\nx\n"),
    ];
    let source = folder(&files);
    let found = samples::posts(open(source.path()).unwrap()).0;
    assert_eq!(found.len(), 3, "{found:?}");
    let hallo = titled(&found, "Hallo");
    assert_eq!(hallo.old_paths, ["/de/news/2020/01/01/hi/"]);
    assert_eq!((hallo.language.as_deref(), hallo.author.as_deref()), (Some("de"), Some("Site")));
    let hi = titled(&found, "Hi");
    assert_eq!(hi.old_paths, ["/en/news/2020/01/01/hi/"]);
    assert_eq!(titled(&found, "About").old_paths, ["/en/about/"]);
    // With a pattern of one path for both, both come, and the second is named.
    let weblog = settings.to_owned()
        + "  - scope: {path: \"\", type: posts}\n    values: {permalink: \"/weblog/:year/:title/\"}\n";
    let files = files
        .map(|(name, text)| (name, if name == "_config.yml" { weblog.as_str() } else { text }));
    let source = folder(&files);
    let report = look(source.path());
    assert_eq!((report.posts.new, report.claimed_twice), (3, 1), "{report}");
    let found = samples::posts(open(source.path()).unwrap()).0;
    assert_eq!(titled(&found, "Hi").old_paths, ["/weblog/2020/hi/"]);
    assert!(!said(titled(&found, "Hi")).contains("draft"));
}
