//! Whole imports into memory: interrupted, resumed, exported and read again.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;

use super::{ImportError, Media, look, run};
use crate::export::{Form, Head, Writer};
use crate::journal::Journal;
use crate::model::{MediaFile, MediaRef, Post, Redirect};
use crate::report::Report;
use crate::samples::{Disk, Memory, SAMPLES, open, posts, sample};

async fn import(source: &Path, target: &Memory, state: &Path) -> Result<Report, ImportError> {
    let publication = open(source);
    let mut journal = Journal::open(state, &publication.key, "memory").unwrap();
    run(publication, target, &Disk, &mut journal, Media::All, &ProgressBar::hidden()).await
}

async fn whole(source: &Path) -> (Memory, Report) {
    let target = Memory::default();
    let folder = tempfile::tempdir().unwrap();
    let report = import(source, &target, &folder.path().join("state")).await.unwrap();
    (target, report)
}

#[tokio::test]
async fn media_go_along_and_old_addresses_lead_on() {
    let (target, report) = whole(&sample(SAMPLES[1])).await;
    assert_eq!((report.posts.new, report.authors.new, report.media.new), (7, 2, 2), "{report}");
    assert_eq!(report.statuses, [("draft", 2), ("published", 4), ("scheduled", 1)].into());
    let posts = target.posts.borrow();
    let (post, cover) = &posts["ghost:Am Rhein#65e0000000000000000000a1"];
    let image = "![Eine Brücke](https://media.example/bruecke.png)";
    assert!(post.body.contains(image), "{}", post.body);
    assert_eq!(cover.as_deref(), Some("titel.png"));
    assert_eq!(target.media.borrow()["bruecke.png"].1.as_deref(), Some("Eine Brücke"));
    let redirects = target.redirects.borrow();
    let post = "ghost:Am Rhein#65e0000000000000000000a1";
    assert_eq!(redirects["/gruesse-vom-rhein"], post);
    let image = "/content/images/2024/03/titel.png";
    assert_eq!(redirects[image], "https://media.example/titel.png");
    assert_eq!(redirects["/old-greetings"], post, "it names the post, wherever the site is");
}

#[tokio::test]
async fn what_is_looked_at_is_what_comes() {
    for name in SAMPLES {
        let looked = look(open(&sample(name)), Media::All, &ProgressBar::hidden());
        let (_, report) = whole(&sample(name)).await;
        let gone = report.skipped.iter().filter(|skipped| skipped.why.contains("404")).count();
        assert_eq!(looked.media.new, report.media.all() + gone as u64, "{name}");
        assert_eq!(looked.tags.new, report.tags.all(), "{name}");
        assert!(looked.tags.new > 0 && looked.redirects.new > 0, "{looked}");
        assert_eq!((looked.posts, looked.statuses), (report.posts, report.statuses));
        if gone == 0 {
            assert_eq!(looked.redirects, report.redirects, "{name}");
        }
    }
}

#[tokio::test]
async fn slugs_that_two_have_are_foretold() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a/same.md", "b/same.md"] {
        let file = folder.path().join(name);
        std::fs::create_dir(file.parent().unwrap()).unwrap();
        std::fs::write(file, "---\ntitle: T\ndate: 2020-01-01\n---\n\nText.\n").unwrap();
    }
    let looked = look(open(folder.path()), Media::All, &ProgressBar::hidden());
    assert_eq!(looked.skipped.len(), 1, "{looked}");
    assert!(looked.skipped[0].why.contains("slug same"), "{looked}");
}

#[tokio::test]
async fn a_file_that_was_missing_comes_later() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("posts");
    std::fs::create_dir(&source).unwrap();
    let text = "---\ntitle: T\ndate: 2020-01-01\ncover: img/cover.png\nauthor: N\n---\n\n\
                ![x](img/later.png)\n";
    std::fs::write(source.join("t.md"), text).unwrap();
    let state = folder.path().join("state");
    let target = Memory::default();
    for _ in 0..2 {
        let report = import(&source, &target, &state).await.unwrap();
        let said = report.to_string();
        assert!(said.contains("`img/later.png`") && said.contains("`img/cover.png`"), "{said}");
        let posts = target.posts.borrow();
        let (post, cover) = posts.values().next().unwrap();
        assert_eq!((post.body.as_str(), cover), ("![x](img/later.png)\n", &None));
    }
    std::fs::create_dir(source.join("img")).unwrap();
    for name in ["img/later.png", "img/cover.png"] {
        std::fs::write(source.join(name), "x").unwrap();
    }
    let report = import(&source, &target, &state).await.unwrap();
    assert_eq!((report.media.new, report.posts.earlier), (2, 1), "{report}");
    assert!(report.skipped.is_empty(), "{report}");
    {
        let posts = target.posts.borrow();
        let (post, cover) = posts.values().next().unwrap();
        assert_eq!(post.body, "![x](https://media.example/later.png)\n");
        assert_eq!(cover.as_deref(), Some("cover.png"));
    }
    let writes = target.writes.get();
    import(&source, &target, &state).await.unwrap();
    assert_eq!(target.writes.get(), writes, "it is whole, and is left alone");
}

#[tokio::test]
async fn nothing_but_addresses_changes_in_markdown() {
    let (target, report) = whole(&sample(SAMPLES[0])).await;
    let posts = target.posts.borrow();
    let key = "markdown:https://werkstatt.example/#_posts/2024-01-15-groesse.md";
    let body = &posts[key].0.body;
    let image = "![Zollstock](https://media.example/zollstock.png \"Zwei Meter\") im Text";
    assert!(body.contains(image), "{body}");
    assert!(body.contains("`![nicht](/assets/zollstock.png)`"), "{body}");
    assert!(body.contains("[Plan](https://media.example/plan.pdf)"), "{body}");
    assert!(body.contains("<img src=\"https://media.example/zollstock.png\""), "{body}");
    let gone = report.skipped.iter().filter(|skipped| skipped.why.contains("404"));
    assert_eq!(gone.count(), 2, "{report}");
}

#[tokio::test]
async fn broken_off_anywhere_it_goes_on_without_doubles() {
    for name in SAMPLES {
        let (expected, once) = whole(&sample(name)).await;
        for stop in 0..expected.writes.get() {
            let folder = tempfile::tempdir().unwrap();
            let state = folder.path().join("state");
            let target = Memory::default();
            target.works_for.set(Some(stop));
            assert!(import(&sample(name), &target, &state).await.is_err(), "{stop}");
            target.works_for.set(None);
            let report = import(&sample(name), &target, &state).await.unwrap();
            assert_eq!(target.writes.get(), expected.writes.get(), "{name} stopped at {stop}");
            assert_eq!(*target.posts.borrow(), *expected.posts.borrow());
            assert_eq!(*target.redirects.borrow(), *expected.redirects.borrow());
            assert_eq!(report.posts.all(), once.posts.all());
            assert_eq!(report.statuses, once.statuses);
        }
    }
}

/// Writes what a target has as Byline would.
fn export(target: &Memory, folder: &Path, form: Form) {
    let media = target.media.borrow();
    let path = |id: &str| format!("media/{id}");
    let files = media.iter().map(|(id, (_, alt))| {
        let alt = alt.clone();
        MediaFile { id: id.clone(), path: path(id), alt, ..MediaFile::default() }
    });
    let redirects = target.redirects.borrow();
    let redirects = redirects.iter().map(|(from, to)| {
        let to = to.replace("#", "-");
        Redirect::path(from, to)
    });
    let head = Head {
        site: target.site.borrow().clone().unwrap(),
        authors: target.authors.borrow().clone(),
        tags: target.tags.borrow().clone(),
        media: files.collect(),
        redirects: redirects.collect(),
    };
    let mut writer = Writer::new(folder, form, head).unwrap();
    for (id, (post, cover)) in target.posts.borrow().iter() {
        let mut post = post.clone();
        post.source_id.clone_from(id);
        post.old_paths.clear();
        let references = crate::media::references(&post.body).unwrap();
        let (body, failed) = crate::media::rewrite(&post.body, &references, |reference| {
            let id = reference.url.strip_prefix("https://media.example/")?;
            Some(form.reference(&path(id)))
        });
        assert!(failed.is_empty(), "{failed:?}");
        post.body = body;
        let url = cover.as_deref().map(|id| form.reference(&path(id)));
        post.cover = url.map(|url| MediaRef { url, alt: None });
        writer.post(&post).unwrap();
    }
    for (id, (file, _)) in media.iter() {
        writer.media(&path(id), &file.bytes).unwrap();
    }
    writer.finish().unwrap();
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                let bytes = std::fs::read(path).unwrap();
                let text = bytes.iter().flat_map(|byte| std::ascii::escape_default(*byte));
                found.insert(name, text.map(char::from).collect());
            }
        }
    }
    found
}

#[tokio::test]
async fn an_export_comes_back_byte_for_byte() {
    for name in SAMPLES {
        for form in [Form::Markdown, Form::Json] {
            let folder = tempfile::tempdir().unwrap();
            let (first, second) = (folder.path().join("first"), folder.path().join("second"));
            let (target, _) = whole(&sample(name)).await;
            export(&target, &first, form);
            let (again, report) = whole(&first).await;
            assert_eq!(report.posts.all(), target.posts.borrow().len() as u64, "{report}");
            export(&again, &second, form);
            let (before, after) = (files(&first), files(&second));
            assert!(before.keys().eq(after.keys()), "{name}: {before:?} {after:?}");
            before.iter().for_each(|(file, bytes)| assert_eq!(*bytes, after[file], "{file}"));
            assert!(before.keys().any(|file| file.starts_with("media/")), "{name}");
        }
    }
}

#[test]
fn any_text_survives_front_matter() {
    let folder = tempfile::tempdir().unwrap();
    let nasty = [
        "true",
        "null",
        "~",
        "12",
        "1e3",
        "0x1f",
        "- a",
        "a: b",
        "# no",
        " lead",
        "trail ",
        "\ttab",
        "'",
        "\"",
        "\\",
        "a\nb\n\n c",
        "\u{1f600}",
        "\u{85}",
        "\u{feff}x",
        "2024-01-02",
        "{a}",
        "[b]",
        "!x",
        "&y",
        "*z",
        "%d",
        "@e",
        "`f`",
        "---",
        "...",
        "yes",
        "",
        "|",
        ">",
        "a #b",
        "\u{2028}",
        "a\r\nb",
        "\n",
        " ",
    ];
    let out = folder.path().join("out");
    let mut writer = Writer::new(&out, Form::Markdown, Head::default()).unwrap();
    let mut written = Vec::new();
    for (index, text) in nasty.iter().enumerate() {
        let mut post = Post::new(format!("post_{index}"), *text);
        post.slug = Some(format!("s{index}"));
        post.body = format!("\n{text}\n---\n");
        post.excerpt = Some((*text).to_owned());
        post.old_paths = vec![(*text).to_owned()];
        let value = serde_json::json!({ *text: [text, 1.5, true, null, -3] });
        post.metadata.insert((*text).to_owned(), value);
        writer.post(&post).unwrap();
        written.push(post);
    }
    writer.finish().unwrap();
    let (mut read, skipped) = posts(open(&out));
    assert!(skipped.is_empty(), "{skipped:?}");
    read.sort_by_key(|post| post.source_id["post_".len()..].parse::<usize>().unwrap());
    for (mut read, written) in read.into_iter().zip(written) {
        read.folder = None;
        read.skipped.clear();
        assert_eq!(read, written);
    }
}
