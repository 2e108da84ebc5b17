//! The HTML of a text as part of its post: what rendering cannot know, since it sees a text alone.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::markup::{self, Piece, attribute, plain};
use super::references::{MAX_FILES, OwnFiles};
use super::{footnotes, render};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::too_complex::{MAX_HTML, TooComplex};
use crate::model::{Markdown, MediaId, MediaStatus, PostId};
use crate::store::media::MediaItem;

/// The HTML of a post from that of its text: footnotes have ids of their own, and pictures of the publication the size
/// of their `file`, so that a page does not jump while they load.
///
/// # Errors
/// If the HTML becomes too long.
pub(super) fn html<'f>(
    html: &str,
    post: &PostId,
    media_url: &str,
    file: impl Fn(&MediaId) -> Option<&'f MediaItem>,
) -> Result<String, TooComplex> {
    let html = with_sizes(&footnotes::of_post(html, post), media_url, file);
    if html.len() > MAX_HTML { Err(TooComplex::Length) } else { Ok(html) }
}

/// A body as readers of the post get it, or would. At most one further call, for all its pictures.
///
/// # Errors
/// 503 while the database does not answer. The inner error says why it cannot be rendered.
pub(super) async fn rendered(
    cx: &Context,
    post: &PostId,
    body: &Markdown,
) -> Result<Result<String, TooComplex>, Problem> {
    let text = match render::of_publication(cx, body).await? {
        Ok(text) => text,
        Err(fault) => return Ok(Err(fault)),
    };
    let media_url = &cx.config.media_url;
    let ids: Vec<MediaId> = pictures(&text, media_url).into_iter().take(MAX_FILES).collect();
    let found = if ids.is_empty() { Vec::new() } else { cx.store.media().get_many(&ids).await? };
    let there = found.into_iter().filter(|item| item.status != MediaStatus::Deleting);
    let files: BTreeMap<MediaId, MediaItem> = there.map(|item| (item.id.clone(), item)).collect();
    Ok(html(&text, post, media_url, |id| files.get(id)))
}

/// The files of the publication that pictures show.
fn pictures(html: &str, media_url: &str) -> BTreeSet<MediaId> {
    let own = OwnFiles::new(media_url);
    let tags = markup::pieces(html).filter_map(|piece| match piece {
        Piece::Tag(tag) => shown_file(tag, &own),
        Piece::Text(_) => None,
    });
    tags.collect()
}

/// The file of the publication that a tag shows as a picture.
fn shown_file(tag: &str, own: &OwnFiles) -> Option<MediaId> {
    let src = attribute(tag.strip_prefix("<img")?, "src")?;
    let mut found = BTreeSet::new();
    own.add_at(&plain(src), &mut found);
    found.pop_first()
}

fn with_sizes<'f>(
    html: &str,
    media_url: &str,
    file: impl Fn(&MediaId) -> Option<&'f MediaItem>,
) -> String {
    let own = OwnFiles::new(media_url);
    let mut page = String::with_capacity(html.len() + html.len() / 16);
    for piece in markup::pieces(html) {
        match piece {
            Piece::Text(text) => page.push_str(text),
            Piece::Tag(tag) => {
                let item = shown_file(tag, &own).and_then(|id| file(&id));
                let tag = item.map_or(Cow::Borrowed(tag), |item| Cow::Owned(sized(tag, item)));
                page.push_str(&tag);
            }
        }
    }
    page
}

/// The tag of a picture with the size of its file, unless its author gave another, decoded beside the page.
fn sized(tag: &str, item: &MediaItem) -> String {
    let mut sized = tag.trim_end_matches('>').to_owned();
    let has = |name: &str| attribute(tag, name).is_some();
    if let (Some(width), Some(height)) = (item.width, item.height)
        && !has("width")
        && !has("height")
    {
        sized += &format!(" width=\"{width}\" height=\"{height}\"");
    }
    if !has("decoding") {
        sized += " decoding=\"async\"";
    }
    sized + ">"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    const MEDIA: &str = "https://media.example";

    fn shown(tag: &str, item: &MediaItem) -> String {
        let post = examples::post(false).summary.id;
        html(tag, &post, MEDIA, |id| (*id == item.id).then_some(item)).unwrap()
    }

    #[test]
    fn only_pictures_of_known_files_get_their_size() {
        let item = MediaItem { width: Some(640), height: Some(480), ..examples::media_item(true) };
        let src = format!("{MEDIA}/media/{}/a.gif", item.id.ulid());
        let size = " width=\"640\" height=\"480\" decoding=\"async\"";
        assert_eq!(
            shown(&format!("<p><img src=\"{src}\" alt=\"a > b\" loading=\"lazy\"></p>"), &item),
            format!("<p><img src=\"{src}\" alt=\"a > b\" loading=\"lazy\"{size}></p>")
        );
        // A size that the author gave is kept, also by half.
        let own = format!("<img src=\"{src}\" width=\"64\">");
        let expected = format!("<img src=\"{src}\" width=\"64\" decoding=\"async\">");
        assert_eq!(shown(&own, &item), expected);
        let unknown = MediaItem { width: None, ..item.clone() };
        let expected = format!("<img src=\"{src}\" decoding=\"async\">");
        assert_eq!(shown(&format!("<img src=\"{src}\">"), &unknown), expected);
        for other in [
            format!("<img src=\"https://other.example/media/{}/a.gif\">", item.id.ulid()),
            format!("<img src=\"{MEDIA}/media/01JD9ZP7V8Q2M4T6W8X0Y2Z4J3/a.gif\">"),
            format!("<a href=\"{src}\">x</a>"),
            "<img alt=\"\">".to_owned(),
        ] {
            assert_eq!(shown(&other, &item), other);
        }
    }

    #[test]
    fn what_is_added_counts_against_the_limit() {
        let item = examples::media_item(true);
        let text = |text: &str| format!("{text}<a id=\"fn-a\">x</a>");
        let room = MAX_HTML - text("").len() - "01jd9zp7v8q2m4t6w8x0y2z4j2-".len();
        let full = text(&"x".repeat(room));
        assert_eq!(shown(&full, &item).len(), MAX_HTML);
        let post = examples::post(false).summary.id;
        assert_eq!(html(&format!("x{full}"), &post, MEDIA, |_| None), Err(TooComplex::Length));
    }
}
