//! The ids of a text on pages of ours, which have ids of their own.

use std::borrow::Cow;

use super::super::markup::{Piece, pieces, with_ids_as, without_id};

/// What ids begin with on a page of ours that shows one text.
const LEAD: &str = "text-";

/// The HTML of one text, with ids that nothing else on a page of ours has, and with the links to them.
pub(super) fn apart(html: &str) -> String {
    with_ids_as(html, |id| Some(format!("{LEAD}{id}")))
}

/// The HTML without the ids of its headings, for a page that shows several texts.
pub(super) fn without_headings(html: &str) -> String {
    let mut page = String::with_capacity(html.len());
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => page.push_str(text),
            Piece::Tag(tag) => page.push_str(&without_of_heading(tag)),
        }
    }
    page
}

/// A tag without its id, if it is that of a heading.
pub(super) fn without_of_heading(tag: &str) -> Cow<'_, str> {
    let is_heading = tag.starts_with("<h") && tag.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    if is_heading { without_id(tag) } else { Cow::Borrowed(tag) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_links_to_them_stay_together() {
        let html = "<h2 id=\"a\" lang=\"en\">A</h2><a href=\"#fn-a\" id=\"fnref-a\">1</a> <a href=\"/b#c\">id=\"x\"</a>";
        let expected = "<h2 id=\"text-a\" lang=\"en\">A</h2><a href=\"#text-fn-a\" id=\"text-fnref-a\">1</a> \
                        <a href=\"/b#c\">id=\"x\"</a>";
        assert_eq!(apart(html), expected);
    }

    #[test]
    fn only_headings_lose_their_ids() {
        let html = "<h2 id=\"a\">A</h2><hr><a id=\"fnref-a\">1</a>";
        assert_eq!(without_headings(html), "<h2>A</h2><hr><a id=\"fnref-a\">1</a>");
    }
}
