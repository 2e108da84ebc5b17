//! Finds the references to files in a Markdown text.

use std::ops::Range;

use byline_shared::publishing::markdown_options;
use comrak::nodes::NodeValue;
use comrak::{Arena, parse_document};

use super::destination;
use super::lines::Lines;
use super::reference::{Kind, Reference};

/// All references of images, links and raw HTML in a text, in the order of the text. Without links
/// whose text is their own URL (autolinks): those keep their URL.
#[must_use]
pub fn references(markdown: &str) -> Vec<Reference> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &markdown_options());
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

/// Adds the URLs in the attributes of raw HTML.
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
