//! Sanitised HTML as the sanitiser writes it: every element closed, every value in double quotes, every sign
//! of markup in a text escaped.

use std::borrow::Cow;

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
    let mut rest = open;
    while let Some(quote) = rest.find('"') {
        let (before, value) = (&rest[..quote], &rest[quote + 1..]);
        let end = value.find('"')?;
        let named = before.strip_suffix('=')?.rsplit([' ', '\n', '\t']).next()?;
        if named == name {
            return Some(&value[..end]);
        }
        rest = &value[end + 1..];
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
    for lead in [" id=\"", " href=\"#"] {
        // In values, quotes are escaped.
        let Some(start) = tag.find(lead).map(|start| start + lead.len()) else { continue };
        let end = tag[start..].find('"').map_or(tag.len(), |end| start + end);
        if let Some(id) = rename(&tag[start..end]) {
            tag.to_mut().replace_range(start..end, &id);
        }
    }
    tag
}

/// A start tag without its `id`.
pub(super) fn without_id(tag: &str) -> Cow<'_, str> {
    let Some(start) = tag.find(" id=\"") else { return Cow::Borrowed(tag) };
    let value = start + " id=\"".len();
    let end = tag[value..].find('"').map_or(tag.len(), |end| value + end + 1);
    Cow::Owned(format!("{}{}", &tag[..start], &tag[end..]))
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
        assert_eq!(without_id("<h2 title=\" id=&quot;a\">"), "<h2 title=\" id=&quot;a\">");
    }

    #[test]
    fn escapes_read_back() {
        assert_eq!(plain("a &amp;lt; &lt;b&gt;&nbsp;"), "a &lt; <b>\u{a0}");
        assert_eq!(plain(&escaped("<a href=\"&amp;\">")), "<a href=\"&amp;\">");
    }
}
