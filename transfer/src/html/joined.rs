//! Elements of one kind that follow each other, such as `<b>a</b><b>b</b>`, made one.
//!
//! Editors leave them behind, and their marks would stand against each other in Markdown.

use std::mem;
use std::rc::Rc;

use markup5ever_rcdom::NodeData;

use super::dom::{self, Node};

/// Elements that are not joined: blocks, and links.
const APART: [&str; 67] = [
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "pre",
    "script",
    "search",
    "section",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
    "a",
];

/// Joins them in a whole tree.
pub(super) fn join(root: &Rc<Node>) {
    dom::each(root, &mut |node| {
        let mut children = node.children.borrow_mut();
        if children.len() > 1 {
            let mut joined: Vec<Rc<Node>> = Vec::with_capacity(children.len());
            for child in mem::take(&mut *children) {
                match joined.last() {
                    Some(last) if are_alike(last, &child) => append(last, &child),
                    _ => joined.push(child),
                }
            }
            *children = joined;
        }
        true
    });
}

/// Whether two elements are of one kind, and have nothing but text in them.
fn are_alike(first: &Node, second: &Node) -> bool {
    let (NodeData::Element { attrs, .. }, NodeData::Element { attrs: others, .. }) =
        (&first.data, &second.data)
    else {
        return false;
    };
    let (tag, other) = (dom::tag(first), dom::tag(second));
    let are_one = tag == other
        || matches!((tag, other), ("i", "em") | ("em", "i") | ("b", "strong") | ("strong", "b"));
    are_one && *attrs == *others && !APART.contains(&tag) && is_text(first) && is_text(second)
}

/// Whether all that an element has in it is one text.
fn is_text(element: &Node) -> bool {
    let children = element.children.borrow();
    matches!(&children[..], [only] if matches!(only.data, NodeData::Text { .. }))
}

/// Adds the text of an element to that of another.
fn append(to: &Node, from: &Node) {
    let (to, from) = (to.children.borrow(), from.children.borrow());
    if let (Some(to), Some(from)) = (to.first(), from.first())
        && let (NodeData::Text { contents }, NodeData::Text { contents: more }) =
            (&to.data, &from.data)
    {
        contents.borrow_mut().push_tendril(&more.borrow());
    }
}
