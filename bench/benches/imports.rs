//! The import of a body: the export of another system read, and the files found that its text refers to,
//! each moved to another address. Rendering it is measured by itself.

use byline_shared::model::Time;
use byline_transfer::media::{references, rewrite};
use byline_transfer::read::{Format, ReadOptions, open};
use serde_json::json;

/// A body of HTML, as Ghost exports it.
pub(crate) fn ghost(body: &str) -> String {
    let post = json!({ "id": "1", "title": "A post", "html": body });
    let export = json!({ "db": [{ "data": { "posts": [post] } }] });
    imported("export.json", Format::Ghost, &export.to_string())
}

/// A body of HTML with shortcodes and bare paragraphs, as WordPress exports it.
pub(crate) fn wordpress(body: &str) -> String {
    let body = body.replace("]]>", "]]]]><![CDATA[>");
    let export = format!(
        "<rss><channel><item><title>A post</title><content:encoded><![CDATA[{body}]]></content:encoded>\
         </item></channel></rss>"
    );
    imported("export.xml", Format::Wordpress, &export)
}

/// A file of Markdown.
pub(crate) fn markdown(body: &str) -> String {
    imported("post.md", Format::Markdown, &format!("---\ntitle: A post\n---\n{body}"))
}

fn imported(name: &str, format: Format, export: &str) -> String {
    let folder = tempfile::tempdir().expect("the folder for temporary files can be written");
    let path = folder.path().join(name);
    std::fs::write(&path, export).expect("the folder for temporary files can be written");
    let (site_url, media_folder, permalink) = (None, None, None);
    let options = ReadOptions {
        site_url,
        media_folder,
        permalink,
        skip_pages: false,
        now: Time::from_millis(0),
    };
    let mut publication = match open(&path, format, &options) {
        Ok(publication) => publication,
        Err(why) => return format!("refused: {why}"),
    };
    match publication.posts.next() {
        Some(Ok(post)) => {
            let found = match references(&post.body) {
                Ok(found) => found,
                Err(why) => return format!("refused: {why:?}"),
            };
            let moved = |number: usize| Some(format!("/media/{number}.png"));
            let (text, failed) =
                rewrite(&post.body, &found, |reference| moved(reference.url.len()));
            let (count, failed) = (found.len(), failed.len());
            format!("{} bytes, {count} references, {failed} not moved", text.len())
        }
        Some(Err(skipped)) => format!("refused: {}", skipped.why),
        None => "no post".to_owned(),
    }
}
