//! Sanitised HTML as a tree whose nodes are pieces of the text itself.

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

#[cfg(test)]
mod tests {
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

    #[test]
    fn escapes_read_back() {
        assert_eq!(plain("a &amp;lt; &lt;b&gt;&nbsp;"), "a &lt; <b>\u{a0}");
        assert_eq!(plain(&escaped("<a href=\"&amp;\">")), "<a href=\"&amp;\">");
    }
}
