//! What an import does with a source that wants to be more than posts: it stays inside the source, ends,
//! and loses no other post.

use std::os::unix::fs::symlink;
use std::path::Path;

use byline_shared::model::{Markdown, TooComplex, hidden};
use byline_transfer::import::{Media, look};
use byline_transfer::media::{references, rewrite};
use byline_transfer::model::{Post, Skipped};
use byline_transfer::read::{self, Format, ReadOptions};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::harness::App;
use crate::transfer::bring;

fn options() -> ReadOptions {
    ReadOptions {
        site_url: None,
        media_folder: None,
        permalink: None,
        skip_pages: false,
        now: "2026-11-22T00:00:00Z".parse().unwrap(),
    }
}

/// The posts of a source, and what was skipped of it.
fn posts(source: &Path) -> (Vec<Post>, Vec<Skipped>) {
    let publication = read::open(source, Format::of(source).unwrap(), &options()).unwrap();
    let mut skipped = publication.skipped;
    let (mut posts, mut all) = (Vec::new(), publication.posts);
    for post in &mut all {
        match post {
            Ok(post) => posts.push(post),
            Err(reason) => skipped.push(reason),
        }
    }
    (posts, skipped)
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

const POST: &str = "---\ntitle: Fine\ndate: 2020-01-01\n---\n\nText.\n";

#[test]
fn links_bring_in_nothing_from_outside() {
    let base = tempfile::tempdir().unwrap();
    let (site, outside) = (base.path().join("site"), base.path().join("outside"));
    write(&outside.join("secret.md"), "---\ntitle: Secret\ndate: 2020-01-01\n---\n\nSecret.\n");
    write(&outside.join("secret.png"), "secret");
    write(&outside.join("authors.yml"), "eve:\n  name: Eve\n");
    write(&outside.join("_config.yml"), "title: Secret\n");
    let shown = "![a](/secret.png) ![b](../static/secret.png) ![c](link.png) ![d](/img/secret.png)";
    write(&site.join("posts/fine.md"), &format!("{POST}\n{shown}\n"));
    symlink(&outside, site.join("_posts")).unwrap();
    symlink(&outside, site.join("static")).unwrap();
    symlink(&outside, site.join("posts/inner")).unwrap();
    symlink(outside.join("secret.md"), site.join("posts/secret.md")).unwrap();
    symlink(outside.join("secret.png"), site.join("posts/link.png")).unwrap();
    symlink(outside.join("_config.yml"), site.join("_config.yml")).unwrap();
    symlink(outside.join("authors.yml"), site.join("authors.yml")).unwrap();
    // One within the source is followed.
    write(&site.join("files/inside.png"), "inside");
    symlink("files", site.join("public")).unwrap();
    write(&site.join("posts/other.md"), &format!("{POST}\n![x](/inside.png)\n"));

    let publication = read::open(&site, Format::Markdown, &options()).unwrap();
    assert_eq!((publication.site.title.as_deref(), publication.authors.len()), (None, 0));
    let looked = look(publication, Media::All, &ProgressBar::hidden());
    assert_eq!((looked.posts.new, looked.media.new), (2, 1), "{looked}");
    let said = looked.to_string();
    for name in ["_posts", "_config.yml", "authors.yml"] {
        let why = format!("- {name}: it is a link that leads out of the source");
        assert!(said.contains(&why), "{name}: {said}");
    }
    for lost in ["/secret.png", "../static/secret.png", "link.png", "/img/secret.png"] {
        assert!(said.contains(&format!("the file `{lost}` is not there")), "{lost}: {said}");
    }
    assert!(!said.contains("Secret"), "{said}");

    // The same for what stands beside other exports.
    let folder = base.path().join("ghost");
    let export = json!({ "db": [{ "data": { "posts": [] } }] });
    write(&folder.join("a.json"), &export.to_string());
    write(&outside.join("data/redirects.json"), r#"[{"from": "/a", "to": "/b"}]"#);
    symlink(outside.join("data/redirects.json"), folder.join("redirects.json")).unwrap();
    symlink(&outside, folder.join("content")).unwrap();
    let path = folder.join("a.json");
    let publication = read::open(&path, Format::of(&path).unwrap(), &options()).unwrap();
    assert!(publication.redirects.is_empty() && publication.places.root.is_none());
    let why = publication.skipped[0].to_string();
    assert!(why.contains("redirects.json") && why.contains("leads out of the source"), "{why}");
    // An export of Byline in a folder, whose file is a link.
    let folder = base.path().join("byline");
    std::fs::create_dir(&folder).unwrap();
    write(&outside.join("byline.json"), "{\"byline_export\": 1}");
    symlink(outside.join("byline.json"), folder.join("byline.json")).unwrap();
    assert_eq!(Format::of(&folder).unwrap(), Format::Markdown);
}

#[test]
fn one_bad_file_costs_that_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| write(&folder.path().join(name), text);
    let aliases: String = (1..12)
        .map(|level| {
            let list = vec![format!("*a{}", level - 1); 9].join(", ");
            format!("a{level}: &a{level} [{list}]\n")
        })
        .collect();
    file("fine.md", POST);
    file("bomb.md", &format!("---\na0: &a0 [x]\n{aliases}---\n\nText.\n"));
    let long = "*a, ".repeat(20_000);
    file("copies.md", &format!("---\na: &a {}\nb: [{long}]\n---\n\nText.\n", "x".repeat(50_000)));
    file("deep.md", &format!("---\na: {}\n---\n\nText.\n", "[".repeat(100_000)));
    file("toml.md", &format!("+++\na = {}\n+++\n\nText.\n", "[".repeat(100_000)));
    file("json.md", &format!("{{\"a\": {}\n\nText.\n", "[".repeat(100_000)));
    file("large.md", &"x".repeat(3 * 1024 * 1024));
    file("latin.md", POST);
    std::fs::write(folder.path().join("latin.md"), b"---\ntitle: \xe9\n---\n").unwrap();
    let (posts, skipped) = posts(folder.path());
    let said: Vec<String> = skipped.iter().map(ToString::to_string).collect();
    for (name, why) in [
        ("bomb.md", "YAML front matter is not valid"),
        ("copies.md", "it stands for more than"),
        ("deep.md", "lists inside one another"),
        ("toml.md", "TOML front matter is not valid"),
        ("large.md", "larger than 2097152 bytes"),
    ] {
        let is_said = said.iter().any(|said| said.starts_with(name) && said.contains(why));
        assert!(is_said, "{name}: {said:#?}");
    }
    let names: Vec<&str> = posts.iter().map(|post| post.source_id.as_str()).collect();
    // A text that merely begins with a brace has no front matter.
    assert_eq!(names, ["fine.md", "json.md", "latin.md"]);
    let latin = posts[2].skipped.iter().find(|skipped| skipped.why.starts_with("It was read as"));
    assert!(latin.is_some(), "{:?}", posts[2].skipped);
}

/// HTML that wants a parser's time, its stack or its memory.
fn hostile_html() -> Vec<(&'static str, String, bool)> {
    let long = |part: &str, count: usize| part.repeat(count);
    vec![
        ("nested", long("<div>", 300_000), false),
        ("nested and closed", format!("{}{}", long("<b>", 300_000), long("</b>", 300_000)), false),
        ("a list", long("<ul><li>", 60_000), false),
        ("divisions", long("<div>", 60_000), false),
        ("long", long("<p>x</p>", 1_000_000), false),
        ("one tag", format!("<p {}>x</p>", long("a=b ", 100_000)), false),
        ("formatting", format!("{}{}", long("<b title=1>", 1_000), long("<p>x", 10_000)), false),
        ("a table", format!("<table>{}", long("x<tr>", 20_000)), false),
        ("paragraphs", long("<p>x</p>", 30_000), true),
        ("line breaks", long("x<br>", 30_000), true),
        ("links", long("<a href=/x>y</a> ", 10_000), true),
        ("signs", long("&amp; * _ [ ", 10_000), true),
        // What is in one was converted twice, in each of them.
        ("links in links", long("<a href=/x>y<table><tr><td>", 35), true),
        ("joined elements", long("<b>x</b>", 30_000), true),
    ]
}

#[test]
fn html_of_any_kind_ends_and_costs_its_post_alone() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = hostile_html();
    let mut rows: Vec<Value> = hostile
        .iter()
        .map(|(name, html, _)| json!({ "id": name, "title": name, "slug": name, "html": html }))
        .collect();
    rows.push(json!({ "id": 7, "title": ["no", "text"] }));
    rows.push(json!({ "id": "last", "title": "Last", "html": "<p>Fine.</p>" }));
    let path = folder.path().join("a.json");
    std::fs::write(&path, json!({ "db": [{ "data": { "posts": rows } }] }).to_string()).unwrap();
    let (posts, skipped) = posts(&path);
    let broken = format!("post {} of the export", hostile.len() + 1);
    for (name, _, is_taken) in hostile {
        let is_there = posts.iter().any(|post| post.source_id == name);
        let what = format!("{name} ({name})");
        let is_said = skipped.iter().any(|said| said.what == what && said.why.contains("its HTML"));
        assert_eq!((is_there, is_said), (is_taken, !is_taken), "{name}: {skipped:?}");
    }
    assert!(skipped.iter().any(|said| said.what == broken), "{skipped:?}");
    assert_eq!(posts.last().unwrap().body, "Fine.\n");
}

/// Texts as long as a post may be, with so many references, or with so much that looks like one, that looking
/// at the whole text for each of them would take minutes. With whether all are moved.
fn hostile_references() -> Vec<(&'static str, String, bool)> {
    const MOST: usize = Markdown::MAX_BYTES;
    let long = |part: &str| part.repeat(MOST / part.len());
    let nested = |open: &str, close: &str| {
        let depth = MOST / (open.len() + close.len());
        format!("{}x{}", open.repeat(depth), close.repeat(depth))
    };
    let references: String = (0..MOST / 20).map(|n| format!("[{n}]: a.png\n[{n}]\n")).collect();
    vec![
        ("images", long("![](a.png)\n"), true),
        ("images in one line", long("![](a.png)"), true),
        ("images with escapes", long("![](a&amp;b.png) "), true),
        // A longer address would be too much for the parser: it takes so many bytes of references.
        ("one definition", format!("[a]: b.png\n\n{}", long("![a] ")), false),
        ("definitions", references[..MOST].to_owned(), true),
        ("elements", long("x<b>y</b>"), true),
        ("addresses of elements", long("x <img src=a.png> "), true),
        ("a block with addresses", format!("<div>{}", long("<img src=a.png> ")), true),
        ("images in images", nested("![", "](a.png)"), false),
        ("images in images by name", format!("{}\n\n[x]: a.png", nested("![", "][x]")), false),
        ("a title like addresses", format!("[a](b.png \"{}\")", long("](")), false),
        ("titles like addresses", long("![a](b.png \"](](](](c\") "), true),
        ("links over two lines", long("[a\nb](c.png)"), true),
    ]
}

#[test]
fn references_of_any_kind_are_moved_or_named() {
    for (name, text, are_moved) in hostile_references() {
        let found = references(&text).unwrap();
        let (after, failed) = rewrite(&text, &found, |_| Some("/m/moved.png".to_owned()));
        if are_moved {
            let still: Vec<_> = references(&after).unwrap();
            let still = still.iter().filter(|found| found.url != "/m/moved.png").count();
            assert_eq!((failed.len(), still), (0, 0), "{name}: {} found", found.len());
        }
    }
    let deep = ">".repeat(Markdown::MAX_BYTES);
    assert_eq!(references(&deep), Err(TooComplex::Depth));
}

#[test]
fn xml_of_any_kind_ends_and_costs_its_post_alone() {
    let item = |title: &str, inner: &str| {
        format!("<item><title>{title}</title><wp:post_id>1</wp:post_id>{inner}</item>")
    };
    let deep = format!("{}{}", "<a>".repeat(300_000), "</a>".repeat(300_000));
    let html = format!("<content:encoded><![CDATA[{}]]></content:encoded>", "<div>".repeat(60_000));
    let codes =
        format!("<content:encoded><![CDATA[{}]]></content:encoded>", "[video]".repeat(100_000));
    let fine = "<content:encoded><![CDATA[<p>Fine.</p>]]></content:encoded>";
    let text = format!(
        "<rss xmlns:wp=\"w\" xmlns:content=\"c\"><channel><title>W</title>\
         <link>https://wp.example</link>{}{}{}{}{}</channel></rss>",
        item("Deep", &deep),
        item("Html", &html),
        item("Codes", &codes),
        item("Many", &"<a/>".repeat(200_001)),
        item("Fine", fine)
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wp.xml");
    std::fs::write(&path, text).unwrap();
    let (posts, skipped) = posts(&path);
    let titles: Vec<&str> = posts.iter().map(|post| post.title.as_str()).collect();
    assert_eq!(titles, ["Codes", "Fine"]);
    assert_eq!(posts[1].body, "Fine.\n");
    for (what, why) in [
        ("Deep (1)", "50 XML elements inside one another"),
        ("Html (1)", "200 elements inside one another"),
        ("Many (1)", "XML elements"),
    ] {
        let is_said = skipped.iter().any(|said| said.what == what && said.why.contains(why));
        assert!(is_said, "{what}: {skipped:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_text_is_taken_out_and_reported_with_its_post() {
    let folder = tempfile::tempdir().unwrap();
    let body =
        "Don\u{92}t\u{e0069}\u{e0067} a\u{200b}\u{200b}\u{200b}b \u{2764}\u{fe0f}\u{200d}\u{1f525}";
    let post = format!(
        "---\ntitle: \"O\u{3164}dd\u{202e}\"\ndate: 2020-01-01\ntags: [\"Ta\u{ad}\u{ad}\u{ad}g\"]\n\
         mood: \"b\u{2800}\u{fff9}\"\n---\n\n{body}\n"
    );
    write(&folder.path().join("odd.md"), &post);
    write(&folder.path().join("long.md"), &format!("{POST}{}", "x ".repeat(200_000)));
    write(&folder.path().join("fine.md"), POST);
    let app = App::unlimited().await;
    let report = bring(&app, folder.path()).await;
    let said = report.to_string();
    assert_eq!(report.posts.new, 2, "{said}");
    for part in [
        "(odd.md): 6 invisible characters of its text were replaced or taken out: 1 \u{d7} U+0092",
        "(odd.md): 2 invisible characters of its title",
        "(odd.md): 3 invisible characters of the name of its tag `Tag`",
        "(odd.md): 2 invisible characters of its metadata",
        "Fine (long.md): its text has",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let read = app.anonymous().get("/v1/posts/odd", 200).await;
    assert_eq!(read.json["title"], "O dd");
    assert_eq!(read.json["body"], "Don\u{2019}t ab \u{2764}\u{fe0f}\u{200d}\u{1f525}\n");
    assert_eq!(read.json["tags"][0]["name"], "Tag");
    assert_eq!(read.json["metadata"]["mood"], "b ");
    assert_eq!(hidden::check(&read.body), Ok(()));
}
