//! Front matter and settings as generators of all ages wrote them.

use super::{folder, open, posts, said, titled};
use crate::model::Status;
use crate::samples::time;

#[test]
fn d01_ruby_yaml() {
    let posts = posts(&[
        (
            "_posts/2004-12-16-a.markdown",
            "---\ntitle: ! 'Release 0.9: Small'\ncategories: []\npublished: true\n\
             date: 2004-12-16 15:17:59.000000000 +00:00\n---\nText.\n",
        ),
        (
            "_posts/2004-12-18-b.markdown",
            "---\ntitle: !binary |-\n  R3LDvMOfZQ==\nmeta: !ruby/hash:Meta\n  _hash: ! '#code'\n\
             common: &common\n  lang: de\n<<: *common\ndate: 2004-12-18 15:17:59 Z\n---\nText.\n",
        ),
    ]);
    let first = titled(&posts, "Release 0.9: Small");
    assert_eq!(first.status, Status::Published);
    assert_eq!(first.published_at, Some(time("2004-12-16T15:17:59Z")));
    let second = titled(&posts, "Gr\u{fc}\u{df}e");
    assert_eq!(second.metadata["meta"]["_hash"], "#code");
    assert_eq!(second.language.as_deref(), Some("de"));
    assert_eq!(second.published_at, Some(time("2004-12-18T15:17:59Z")));
}

#[test]
fn b01_jekyll_dates() {
    for (date, expected) in [
        ("2012-1-5", "2012-01-05T00:00:00Z"),
        ("2012-01-05 9:00", "2012-01-05T09:00:00Z"),
        ("2013-03-08 12:00:00 EST", "2013-03-08T17:00:00Z"),
        ("2013-03-08 12:00:00 UTC", "2013-03-08T12:00:00Z"),
        ("Mon, 2 Jan 2006 15:04:05 MST", "2006-01-02T22:04:05Z"),
        ("2014-10-30 10:00 PM", "2014-10-30T22:00:00Z"),
        ("March 5, 2015", "2015-03-05T00:00:00Z"),
        ("20150305", "2015-03-05T00:00:00Z"),
        ("2019-06-01 12:00:00 Europe/Berlin", "2019-06-01T10:00:00Z"),
    ] {
        let text = format!("---\ntitle: A\ndate: {date}\n---\nText.\n");
        let posts = posts(&[("_posts/2010-01-01-a.md", &text)]);
        let found = (posts[0].status, posts[0].published_at, posts[0].skipped.len());
        assert_eq!(found, (Status::Published, Some(time(expected)), 0), "{date}");
    }
    let posts = posts(&[
        ("_posts/2012-1-5-short.md", "---\ntitle: Short\n---\nText.\n"),
        ("_posts/2010-01-02-wrong.md", "---\ntitle: Wrong\ndate: soon\n---\nText.\n"),
        ("_posts/2010-01-03-slashes.md", "---\ntitle: Slashes\ndate: 05/03/2015\n---\nText.\n"),
    ]);
    let short = titled(&posts, "Short");
    assert_eq!(short.slug.as_deref(), Some("short"));
    assert_eq!(short.published_at, Some(time("2012-01-05T00:00:00Z")));
    let wrong = titled(&posts, "Wrong");
    assert_eq!(wrong.status, Status::Published);
    assert_eq!(wrong.published_at, Some(time("2010-01-02T00:00:00Z")));
    assert!(said(wrong).contains("`soon` is not a date that is understood; the date in its file"));
    let slashes = titled(&posts, "Slashes");
    assert_eq!(slashes.published_at, Some(time("2015-03-05T00:00:00Z")));
    assert!(said(slashes).contains("with the day first"));
}

#[test]
fn d07_big_number() {
    let settings = "title: Big\nurl: https://big.example\ntimezone: Asia/Tokyo\n\
                    permalink: /:title.html\nuser: 109847468560157291940\n";
    let files = [
        ("_config.yml", settings),
        (
            "_posts/2020-01-01-a.md",
            "---\ntitle: A\ndate: 2020-01-01 08:00\nuser: 109847468560157291940\nversion: 1.10\n\
             n: .inf\nbase: &b {x: 1}\nother:\n  <<: *b\n1: one\n---\nText.\n",
        ),
    ];
    let source = folder(&files);
    let publication = open(source.path()).unwrap();
    assert_eq!(publication.site.title.as_deref(), Some("Big"));
    assert_eq!(publication.site.url.as_deref(), Some("https://big.example"));
    let posts = crate::samples::posts(publication).0;
    assert_eq!(posts[0].published_at, Some(time("2019-12-31T23:00:00Z")));
    assert_eq!(posts[0].old_paths, ["/a.html"]);
    assert_eq!(posts[0].metadata["user"], "109847468560157291940");
    assert_eq!(posts[0].metadata["version"], "1.10");
    assert_eq!(posts[0].metadata["other"]["x"], 1);
}

#[test]
fn d07_settings_that_cannot_be_read_stop_the_import() {
    for name in ["_config.yml", "hugo.toml", "config.json"] {
        let source = folder(&[(name, "title: [\n"), ("posts/a.md", "---\ntitle: A\n---\nText.\n")]);
        let error = open(source.path()).err().unwrap().to_string();
        assert!(error.contains(name) && error.contains("settings"), "{error}");
    }
}
