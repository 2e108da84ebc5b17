//! Finds the references to files in a Markdown text.

use std::ops::Range;

use byline_shared::model::TooComplex;
use byline_shared::publishing::parse_markdown;
use comrak::Arena;
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{NodeLink, NodeValue, Sourcepos};

use super::destination::{self, Destinations};
use super::lines::Lines;
use super::reference::{Kind, Reference};

/// How much is kept of the text of a link or of an alternative text, in bytes. Images may stand in the
/// alternative texts of others, so that all of them together could be far longer than their post.
const MAX_TEXT: usize = 2_000;

/// All references of images, links and raw HTML in a text, in the order of the text. Without links
/// whose text is their own URL (autolinks): those keep their URL.
///
/// # Errors
/// Where parsing the text would take more time than a post is worth.
pub fn references(markdown: &str) -> Result<Vec<Reference>, TooComplex> {
    let arena = Arena::new();
    let root = parse_markdown(&arena, markdown)?;
    let mut found = Found {
        markdown,
        lines: Lines::of(markdown),
        destinations: Destinations::of(markdown),
        text: String::new(),
        open: Vec::new(),
        references: Vec::new(),
    };
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => {
                let data = node.data();
                match &data.value {
                    NodeValue::Image(_) | NodeValue::Link(_) => found.open(),
                    NodeValue::HtmlInline(_) => found.html(found.lines.exact(data.sourcepos)),
                    NodeValue::HtmlBlock(_) => found.html(found.lines.whole(data.sourcepos)),
                    NodeValue::Text(text) => found.text.push_str(text),
                    NodeValue::Code(code) => found.text.push_str(&code.literal),
                    _ => {}
                }
            }
            NodeEdge::End(node) => {
                let data = node.data();
                match &data.value {
                    NodeValue::Image(link) => found.close(Kind::Image, link, data.sourcepos),
                    NodeValue::Link(link) => found.close(Kind::Link, link, data.sourcepos),
                    _ => {}
                }
            }
        }
    }
    Ok(found.references.into_iter().flatten().collect())
}

/// What is said of a text whose references are not known.
pub(crate) fn not_looked_for(why: &TooComplex) -> String {
    format!("the files that its text names were not looked for: {why}")
}

/// The references of a text while its parts are walked through.
struct Found<'a> {
    markdown: &'a str,
    lines: Lines<'a>,
    destinations: Destinations<'a>,
    /// All text so far.
    text: String,
    /// The links and images that are open: the place of each among the references, and where its text
    /// begins.
    open: Vec<(usize, usize)>,
    /// `None` for those that are open, and for those that keep their URL.
    references: Vec<Option<Reference>>,
}

impl Found<'_> {
    /// Begins a link or an image.
    fn open(&mut self) {
        self.open.push((self.references.len(), self.text.len()));
        self.references.push(None);
    }

    /// Ends the link or the image that was begun last.
    fn close(&mut self, kind: Kind, link: &NodeLink, position: Sourcepos) {
        let Some((place, start)) = self.open.pop() else { return };
        let text = &self.text[start..];
        if kind == Kind::Link && text == link.url {
            return;
        }
        let text = text[..text.floor_char_boundary(MAX_TEXT)].to_owned();
        let range = self.lines.exact(position);
        let range = range.and_then(|span| self.destinations.in_link(span, &link.url));
        self.references[place] = Some(Reference { url: link.url.clone(), kind, text, range });
    }

    /// Adds the URLs in the attributes of raw HTML.
    fn html(&mut self, span: Option<Range<usize>>) {
        let Some(span) = span else { return };
        let source = &self.markdown[span.clone()];
        self.references.extend(destination::in_html(source).into_iter().map(
            |(range, url, kind)| {
                let range = Some(span.start + range.start..span.start + range.end);
                Some(Reference { url, kind, text: String::new(), range })
            },
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_images_are_found() {
        let found = references("![A *b* `c`](d.png) [e](f.pdf)").unwrap();
        assert_eq!((found[0].text.as_str(), found[0].kind), ("A b c", Kind::Image));
        assert_eq!((found[1].text.as_str(), found[1].kind), ("e", Kind::Link));
    }

    #[test]
    fn one_inside_another_comes_after_it() {
        let found = references("[a ![b](c.png) d](e.png) <http://f.example> ![g](h.png)").unwrap();
        let found: Vec<_> = found.iter().map(|found| (&*found.url, &*found.text)).collect();
        assert_eq!(found, [("e.png", "a b d"), ("c.png", "b"), ("h.png", "g")]);
    }
}
