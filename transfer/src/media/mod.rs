//! The media that a Markdown text names: found by the Markdown parser, and rewritten in the source so
//! that nothing but their addresses changes.

mod destination;
mod lines;
mod place;
mod rewrite;

use std::ops::Range;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

use lines::Lines;
pub use place::{Place, place};
pub use rewrite::rewrite;

/// What names a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An image, or the source of another element that shows something.
    Image,
    /// A link, which may lead to a file or to a page.
    Link,
}

/// An address in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The address, without the escapes of Markdown or HTML.
    pub url: String,
    /// Whether it is shown or linked to.
    pub kind: Kind,
    /// The text of the link, or what stands for an image that is not seen.
    pub text: String,
    /// Where it stands in the source; `None` where that cannot be told.
    range: Option<Range<usize>>,
}

/// Markdown as Byline renders it.
pub(crate) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    options
}

/// Every address of an image or a link in a text, in its order. Those that are their own text are
/// left out.
#[must_use]
pub fn references(markdown: &str) -> Vec<Reference> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let lines = Lines::of(markdown);
    let mut found = Vec::new();
    for node in root.descendants() {
        let data = node.data();
        let (kind, link) = match &data.value {
            NodeValue::Image(link) => (Kind::Image, link),
            NodeValue::Link(link) => (Kind::Link, link),
            NodeValue::HtmlInline(_) => {
                html(markdown, lines.exact(data.sourcepos), &mut found);
                continue;
            }
            NodeValue::HtmlBlock(_) => {
                html(markdown, lines.whole(data.sourcepos), &mut found);
                continue;
            }
            _ => continue,
        };
        let text: String = node
            .descendants()
            .filter_map(|inner| match &inner.data().value {
                NodeValue::Text(text) => Some(text.to_string()),
                NodeValue::Code(code) => Some(code.literal.clone()),
                _ => None,
            })
            .collect();
        if kind == Kind::Link && text == link.url {
            continue;
        }
        let range = lines.exact(data.sourcepos);
        let range = range.and_then(|span| destination::in_link(markdown, span, &link.url));
        found.push(Reference { url: link.url.clone(), kind, text, range });
    }
    found
}

/// Addresses in the attributes of raw HTML.
fn html(markdown: &str, span: Option<Range<usize>>, found: &mut Vec<Reference>) {
    let Some(span) = span else { return };
    let source = &markdown[span.clone()];
    found.extend(destination::in_html(source).into_iter().map(|(range, url, kind)| Reference {
        url,
        kind,
        text: String::new(),
        range: Some(span.start + range.start..span.start + range.end),
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_images_are_found() {
        let found = references("![A *b* `c`](d.png) [e](f.pdf)");
        assert_eq!((found[0].text.as_str(), found[0].kind), ("A b c", Kind::Image));
        assert_eq!((found[1].text.as_str(), found[1].kind), ("e", Kind::Link));
    }
}
