//! Import and export: whole imports, interrupted and resumed, and exports that import again byte for
//! byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use byline_local::engine::Data;
use byline_shared::model::Email;
use byline_transfer::byline::{Tables, export};
use byline_transfer::export::Form;
use byline_transfer::fetch::{Fetch, FetchError, Fetched};
use byline_transfer::import::{self, Media};
use byline_transfer::journal::Journal;
use byline_transfer::media::Place;
use byline_transfer::read::{self, Format, ReadOptions};
use byline_transfer::report::Report;
use indicatif::ProgressBar;
use serde_json::Value;

use crate::harness::cargo::binary;
use crate::harness::{App, RECHECK};

/// Files from the disk; the web has nothing.
struct Disk;

impl Fetch for Disk {
    async fn fetch(&self, place: &Place) -> Result<Fetched, FetchError> {
        let Place::File(path) = place else {
            return Err(FetchError::Answer(reqwest::StatusCode::NOT_FOUND));
        };
        let bytes = std::fs::read(path)?.into();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        Ok(Fetched { bytes, name, content_type: None })
    }
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

const MARKDOWN: &str = "markdown";
const GHOST: &str = "ghost/am-rhein.ghost.2024-03-10.json";
const WORDPRESS: &str = "wordpress/berge.xml";

pub(crate) async fn bring(app: &App, source: &Path) -> Report {
    let folder = tempfile::tempdir().unwrap();
    bring_on(app, source, &folder.path().join("state")).await
}

/// The same with the journal of earlier runs.
pub(crate) async fn bring_on(app: &App, source: &Path, state: &Path) -> Report {
    let options = ReadOptions {
        site_url: None,
        media_folder: source.ends_with(WORDPRESS).then(|| sample("wordpress/uploads")),
        permalink: None,
        skip_pages: false,
        now: app.byline.context.clock.now(),
    };
    let publication = read::open(source, Format::of(source).unwrap(), &options).unwrap();
    let admin = Email::trusted("admin@example.com");
    let tables = Tables::open(app.byline.context.clone(), &admin).await.unwrap();
    let mut journal = Journal::open(state, &publication.key, "test").unwrap();
    let bar = ProgressBar::hidden();
    let run = import::run(publication, &tables, &Disk, &mut journal, Media::All, &bar);
    Box::pin(run).await.unwrap()
}

/// How many items a list has, all pages of it.
async fn count(client: &crate::harness::Client, path: &str) -> usize {
    let separator = if path.contains('?') { '&' } else { '?' };
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let page = client.get(&format!("{path}{separator}limit=100{cursor}"), 200).await;
        count += page.json["items"].as_array().unwrap().len();
        match &page.json["next_cursor"] {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => return count,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_arrives_whole() {
    // Published posts and pages, not live yet, trashed, authors and tags of live posts, media.
    let expected = [
        (MARKDOWN, [4, 1, 2, 1, 3, 3, 3]),
        (GHOST, [3, 1, 3, 0, 1, 2, 2]),
        (WORDPRESS, [2, 1, 4, 1, 2, 2, 2]),
    ];
    for (name, expected) in expected {
        let app = App::unlimited().await;
        let report = bring(&app, &sample(name)).await;
        let (reader, admin) = (app.anonymous(), app.admin().await);
        let found = [
            count(&reader, "/v1/posts").await,
            count(&reader, "/v1/posts?type=page").await,
            count(&admin, "/v1/manage/posts?status=draft").await
                + count(&admin, "/v1/manage/posts?status=scheduled").await,
            count(&admin, "/v1/manage/posts?status=trashed").await,
            count(&reader, "/v1/authors").await,
            count(&reader, "/v1/tags").await,
            count(&admin, "/v1/manage/media").await,
        ];
        assert_eq!(found, expected, "{name}\n{report}");
        // It came before: nothing is made again.
        let again = bring(&app, &sample(name)).await;
        assert_eq!((again.posts.new, again.posts.found), (0, report.posts.new), "{again}");
        assert_eq!((again.media.new, again.authors.new, again.redirects.new), (0, 0, 0), "{again}");
        assert_eq!(count(&reader, "/v1/posts").await, expected[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_find_posts_as_they_were() {
    let app = App::unlimited().await;
    bring(&app, &sample(GHOST)).await;
    let reader = app.anonymous();
    let post = reader.get("/v1/posts/gruesse-vom-rhein", 200).await;
    assert_eq!(post.json["published_at"], "2024-03-01T10:00:00.000Z");
    assert_eq!(post.json["author"]["name"], "Ada Beispiel");
    assert_eq!(post.json["excerpt"], "Ein Gruß.");
    assert_eq!(post.json["meta_title"], "Grüße | Example");
    let html = post.text("/body_html");
    let image = html.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
    let image = reqwest::get(image).await.unwrap();
    assert_eq!(image.status(), 200);
    assert_eq!(image.headers()["content-type"], "image/png");
    for old in ["/gruesse-vom-rhein/", "/old-greetings/", "/content/images/2024/03/titel.png"] {
        let redirect = reader.get(&format!("/v1/redirects?path={old}"), 200).await;
        assert!(redirect.text("/location").starts_with("http"), "{old}");
    }
    // What was for paying readers is not for all.
    reader.get("/v1/posts/for-members", 404).await;
    // Imported accounts open to nobody.
    let admin = app.admin().await;
    let users = admin.get("/v1/users?disabled=true", 200).await;
    assert_eq!(users.json["items"].as_array().unwrap().len(), 2);
    let first = reader.get("/v1/posts?limit=1", 200).await;
    assert_eq!(first.json["items"][0]["slug"], "gruesse-vom-rhein", "the newest is first");
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_comes_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let first = App::unlimited().await;
    for name in [MARKDOWN, GHOST, WORDPRESS] {
        bring(&first, &sample(name)).await;
    }
    let soon = folder.path().join("soon.md");
    let at = first.byline.context.clock.now().plus_seconds(3600);
    std::fs::write(&soon, format!("---\ntitle: Soon\ndate: {at}\n---\n\nSoon.\n")).unwrap();
    bring(&first, &soon).await;
    let bar = ProgressBar::hidden();
    for form in [Form::Markdown, Form::Json] {
        let before = folder.path().join(format!("before-{form:?}"));
        let exported = export(&first.byline.context, &before, form, &bar).await.unwrap();
        assert_eq!((exported.posts, exported.media, exported.skipped.len()), (24, 7, 0));
        let second = App::unlimited().await;
        let report = bring(&second, &before).await;
        assert_eq!((report.posts.new, report.media.new), (24, 7), "{report}");
        let after = folder.path().join(format!("after-{form:?}"));
        export(&second.byline.context, &after, form, &bar).await.unwrap();
        let (before, after) = (files(&before), files(&after));
        assert!(before.keys().eq(after.keys()), "{:?} {:?}", before.keys(), after.keys());
        for (name, bytes) in &before {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            assert_eq!(text(bytes), text(&after[name]), "{name}");
        }
    }
}

/// The command, as a process of its own.
fn command(source: &Path, data: &Path, state: &Path) -> Command {
    let mut command = Command::new(binary("byline"));
    command.arg("import").arg(source).arg("--data").arg(data).arg("--state").arg(state);
    command.args(["--media", "own"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_goes_on_without_doubles() {
    const POSTS: usize = 60;
    let folder = tempfile::tempdir().unwrap();
    let (source, data) = (folder.path().join("posts"), folder.path().join("data"));
    let state = folder.path().join("state.jsonl");
    std::fs::create_dir(&source).unwrap();
    for number in 0..POSTS {
        let text = format!("---\ntitle: Post {number}\ndate: 2024-01-01\n---\n\nText {number}.\n");
        std::fs::write(source.join(format!("post-{number}.md")), text).unwrap();
    }
    let mut process = command(&source, &data, &state).spawn().unwrap();
    let lines = || std::fs::read_to_string(&state).unwrap_or_default().lines().count();
    while lines() < 10 && process.try_wait().unwrap().is_none() {
        tokio::time::sleep(RECHECK).await;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    let done = lines();
    assert!((10..POSTS).contains(&done), "it was to be killed in the middle: {done}");
    let output = command(&source, &data, &state).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("by an earlier run"), "{text}{said}");
    let output = command(&source, &data, &state).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("60 posts (60 by an earlier run"), "{text}");

    let app = App::start_with(|options| options.data = Data::Folder(data)).await;
    let page = app.anonymous().get("/v1/posts?limit=100", 200).await;
    let items = page.json["items"].as_array().unwrap();
    let slugs: std::collections::BTreeSet<&str> =
        items.iter().map(|post| post["slug"].as_str().unwrap()).collect();
    assert_eq!((items.len(), slugs.len()), (POSTS, POSTS));
    assert!(slugs.iter().all(|slug| slug.matches('-').count() == 1), "{slugs:?}");
}
