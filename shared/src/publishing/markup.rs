//! Sanitised HTML as the sanitiser writes it: every element closed, every value in double quotes, every sign
//! of markup in a text escaped.

use std::borrow::Cow;
use std::ops::Range;

/// A tag, or the text between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    Text(&'h str),
    Tag(&'h str),
}

/// The pieces of HTML, in their order.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let is_tag = rest.starts_with('<');
        let end = match is_tag {
            true => tag_end(rest).unwrap_or(rest.len()),
            false => rest.find('<').unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        let piece = if is_tag { Piece::Tag(piece) } else { Piece::Text(piece) };
        (end > 0).then_some(piece)
    })
}

/// Where the tag at the beginning of `html` ends. Values of attributes stand in double quotes.
pub(super) fn tag_end(html: &str) -> Option<usize> {
    let mut is_quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The value of an attribute as it is written in a start tag.
pub(super) fn attribute<'h>(open: &'h str, name: &str) -> Option<&'h str> {
    value(open, name).map(|value| &open[value])
}

/// Where the value of an attribute is in a start tag. Values are skipped as a whole: one may end as an attribute begins.
pub(super) fn value(open: &str, name: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(quote) = open[at..].find('"') {
        let (before, start) = (&open[at..at + quote], at + quote + 1);
        let end = start + open[start..].find('"')?;
        let named = before.strip_suffix('=')?.rsplit([' ', '\n', '\t']).next()?;
        if named == name {
            return Some(start..end);
        }
        at = end + 1;
    }
    None
}

/// A text as its readers see it, with the signs that HTML escapes.
pub(super) fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// A plain text as it is written in HTML, in an element or in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// HTML with other ids, and with links to them. `rename` says what an id becomes.
pub(super) fn with_ids_as(html: &str, rename: impl Fn(&str) -> Option<String>) -> String {
    let mut page = String::with_capacity(html.len() + html.len() / 16);
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => page.push_str(text),
            Piece::Tag(tag) => page.push_str(&tag_with_ids_as(tag, &rename)),
        }
    }
    page
}

fn tag_with_ids_as<'h>(tag: &'h str, rename: &impl Fn(&str) -> Option<String>) -> Cow<'h, str> {
    let mut tag = Cow::Borrowed(tag);
    for (name, lead) in [("id", ""), ("href", "#")] {
        let Some(value) = value(&tag, name) else { continue };
        if let Some(id) = tag[value.clone()].strip_prefix(lead).and_then(rename) {
            tag.to_mut().replace_range(value.start + lead.len()..value.end, &id);
        }
    }
    tag
}

/// A start tag without its `id`.
pub(super) fn without_id(tag: &str) -> Cow<'_, str> {
    let Some(value) = value(tag, "id") else { return Cow::Borrowed(tag) };
    let start = value.start - " id=\"".len();
    Cow::Owned(format!("{}{}", &tag[..start], &tag[value.end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole() {
        let html = "a<p title=\"x > y\">b &lt;</p>\n<hr>";
        use Piece::{Tag, Text};
        let expected = [
            Text("a"),
            Tag("<p title=\"x > y\">"),
            Text("b &lt;"),
            Tag("</p>"),
            Text("\n"),
            Tag("<hr>"),
        ];
        assert!(pieces(html).eq(expected));
        assert!(pieces("").next().is_none());
        assert!(pieces("<p").eq([Tag("<p")]));
    }

    #[test]
    fn a_tag_loses_its_id_and_nothing_else() {
        assert_eq!(without_id("<h2 lang=\"en\" id=\"a\">"), "<h2 lang=\"en\">");
        for other in ["<h2 title=\" id=&quot;a\">", "<h2 title=\"a id=\" lang=\"en\">"] {
            assert_eq!(without_id(other), other);
        }
        let tag = "<h2 title=\"a id=\" id=\"b\">";
        assert_eq!(without_id(tag), "<h2 title=\"a id=\">");
        let renamed = with_ids_as(tag, |id| Some(format!("text-{id}")));
        assert_eq!(renamed, "<h2 title=\"a id=\" id=\"text-b\">");
    }

    #[test]
    fn escapes_read_back() {
        assert_eq!(plain("a &amp;lt; &lt;b&gt;&nbsp;"), "a &lt; <b>\u{a0}");
        assert_eq!(plain(&escaped("<a href=\"&amp;\">")), "<a href=\"&amp;\">");
    }
}
