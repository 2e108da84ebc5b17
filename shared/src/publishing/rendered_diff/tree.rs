//! Sanitised HTML as a tree whose nodes are pieces of the text itself.

use super::super::markup::tag_end;

/// Elements without an end tag.
const VOID: [&str; 12] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// Elements that stand beside each other in lines of their own.
#[rustfmt::skip]
const BLOCKS: [&str; 41] = [
    "address", "article", "aside", "blockquote", "caption", "center", "col", "colgroup", "dd", "details",
    "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
];

/// A text or an element.
#[derive(Debug)]
pub(super) enum Node<'h> {
    Text(&'h str),
    Element(Element<'h>),
}

/// An element, as it stands in the HTML.
#[derive(Debug)]
pub(super) struct Element<'h> {
    pub(super) name: &'h str,
    /// The start tag.
    pub(super) open: &'h str,
    pub(super) children: Vec<Node<'h>>,
    /// The end tag; empty if it has none.
    pub(super) close: &'h str,
    /// All of it.
    pub(super) whole: &'h str,
    /// Whether it is a block, or holds one.
    pub(super) is_block: bool,
}

impl<'h> Element<'h> {
    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element<'h>> {
        self.children.iter().filter_map(Node::element)
    }

    /// What stands between its tags.
    pub(super) fn inner(&self) -> &'h str {
        &self.whole[self.open.len()..self.whole.len() - self.close.len()]
    }
}

impl<'h> Node<'h> {
    pub(super) fn element(&self) -> Option<&Element<'h>> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }

    pub(super) fn is_block(&self) -> bool {
        self.element().is_some_and(|element| element.is_block)
    }

    /// Whether it is nothing but white space that HTML can collapse.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.bytes().all(|byte| byte.is_ascii_whitespace()))
    }
}

/// The tree of a serialised page; none if it is not well formed.
pub(super) fn parse(html: &str) -> Option<Vec<Node<'_>>> {
    let mut top = Vec::new();
    // The elements that are open, and where each begins.
    let mut open: Vec<(Element<'_>, usize)> = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let (piece, after) = if rest.starts_with('<') {
            rest.split_at(tag_end(rest)?)
        } else {
            rest.split_at(rest.find('<').unwrap_or(rest.len()))
        };
        at = html.len() - after.len();
        let node = match Piece::of(piece)? {
            Piece::Text => Node::Text(piece),
            Piece::Start(name) => {
                let is_block = BLOCKS.contains(&name);
                let children = Vec::new();
                let element =
                    Element { name, open: piece, children, close: "", whole: piece, is_block };
                if !VOID.contains(&name) {
                    open.push((element, at - piece.len()));
                    continue;
                }
                Node::Element(element)
            }
            Piece::End(name) => {
                let (mut element, start) = open.pop()?;
                if element.name != name {
                    return None;
                }
                (element.close, element.whole) = (piece, &html[start..at]);
                element.is_block |= element.children.iter().any(Node::is_block);
                Node::Element(element)
            }
        };
        open.last_mut().map_or(&mut top, |(parent, _)| &mut parent.children).push(node);
    }
    open.is_empty().then_some(top)
}

enum Piece<'h> {
    Text,
    Start(&'h str),
    End(&'h str),
}

impl<'h> Piece<'h> {
    /// None for what a sanitised page does not hold, such as a comment.
    fn of(piece: &'h str) -> Option<Self> {
        let Some(tag) = piece.strip_prefix('<') else { return Some(Self::Text) };
        match tag.strip_prefix('/') {
            Some(end) => name(end).map(Self::End),
            None => name(tag).map(Self::Start),
        }
    }
}

/// The name that a tag begins with.
fn name(tag: &str) -> Option<&str> {
    let end = tag.find([' ', '>', '/'])?;
    let name = &tag[..end];
    name.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::super::super::markup::attribute;
    use super::*;

    #[test]
    fn a_tree_is_made_of_pieces_of_its_text() {
        let html = "<p>a <b title=\"x > y\">b</b><br></p>\n<hr>";
        let tree = parse(html).unwrap();
        let whole = |node: &Node<'_>| match node {
            Node::Text(text) => (*text).to_owned(),
            Node::Element(element) => element.whole.to_owned(),
        };
        assert_eq!(tree.iter().map(whole).collect::<String>(), html);
        let paragraph = tree[0].element().unwrap();
        assert_eq!(paragraph.inner(), "a <b title=\"x > y\">b</b><br>");
        let bold = paragraph.elements().next().unwrap();
        assert_eq!(attribute(bold.open, "title"), Some("x > y"));
        assert_eq!(attribute(bold.open, "tit"), None);
        assert!(paragraph.is_block && !bold.is_block);
        for broken in ["<p>", "</p>", "<p></b></p>", "<!-- x -->", "<p", "< p></p>"] {
            assert!(parse(broken).is_none(), "{broken}");
        }
    }
}
