//! A parsed HTML tree: made, looked into and changed.

use std::rc::Rc;

use markup5ever_rcdom::{NodeData, RcDom};
use tree_html5ever::tendril::{StrTendril, TendrilSink};
use tree_html5ever::tree_builder::TreeBuilderOpts;
use tree_html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_document};

pub(super) use markup5ever_rcdom::Node;

/// HTML as a tree; what stands in `noscript` is part of it.
pub(super) fn parse(html: &str) -> Rc<Node> {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    // A parser puts a script before the text into the head, which nobody reads.
    let begins_with_script =
        html.trim_start().get(..7).is_some_and(|tag| tag.eq_ignore_ascii_case("<script"));
    let start = if begins_with_script { "<body>" } else { "" };
    parse_document(RcDom::default(), options)
        .from_iter([start, html].map(StrTendril::from))
        .document
}

/// The content of a tree's `body`.
pub(super) fn body(tree: &Rc<Node>) -> Vec<Rc<Node>> {
    let body = find(tree, |node| tag(node) == "body");
    body.map(|body| body.children.borrow().clone()).unwrap_or_default()
}

/// A text.
pub(super) fn text_node(text: &str) -> Rc<Node> {
    Node::new(NodeData::Text { contents: StrTendril::from(text).into() })
}

/// An element with these attributes and children.
pub(super) fn element(tag: &str, attributes: &[(&str, &str)], children: Vec<Rc<Node>>) -> Rc<Node> {
    let attributes = attributes.iter().map(|(name, value)| attribute_of(name, value)).collect();
    let node = Node::new(NodeData::Element {
        name: QualName::new(None, ns!(html), tag.into()),
        attrs: std::cell::RefCell::new(attributes),
        template_contents: std::cell::RefCell::new(None),
        mathml_annotation_xml_integration_point: false,
    });
    *node.children.borrow_mut() = children;
    node
}

fn attribute_of(name: &str, value: &str) -> Attribute {
    let name = match name {
        "href" => local_name!("href"),
        other => other.into(),
    };
    Attribute { name: QualName::new(None, ns!(), name), value: value.into() }
}

/// The children of a node, which has none any more. A node that goes away takes along what is in its children, so
/// they are never in two at once.
pub(super) fn taken(node: &Node) -> Vec<Rc<Node>> {
    std::mem::take(&mut *node.children.borrow_mut())
}

/// Sets an attribute.
pub(super) fn set_attribute(node: &Node, name: &str, value: &str) {
    if let NodeData::Element { attrs, .. } = &node.data {
        let mut attrs = attrs.borrow_mut();
        attrs.retain(|attribute| &*attribute.name.local != name);
        attrs.push(attribute_of(name, value));
    }
}

/// The tag of an element; empty for what is none.
pub(super) fn tag(node: &Node) -> &str {
    match &node.data {
        NodeData::Element { name, .. } => &name.local,
        _ => "",
    }
}

/// An attribute that says something.
pub(super) fn attribute(node: &Node, name: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attrs = attrs.borrow();
    let found = attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    let value = found.value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether an element has a class.
pub(super) fn has_class(node: &Node, class: &str) -> bool {
    attribute(node, "class").is_some_and(|classes| classes.split_whitespace().any(|is| is == class))
}

/// Calls for every node, parents first, without recursion; where `enter` is false, not for those
/// inside it.
pub(super) fn each(root: &Rc<Node>, enter: &mut dyn FnMut(&Rc<Node>) -> bool) {
    let mut open = vec![Rc::clone(root)];
    while let Some(node) = open.pop() {
        if enter(&node) {
            open.extend(node.children.borrow().iter().rev().cloned());
        }
    }
}

/// The first element below `root` that is wanted.
pub(super) fn find(root: &Rc<Node>, wanted: impl Fn(&Node) -> bool) -> Option<Rc<Node>> {
    let mut found = None;
    each(root, &mut |node| {
        if found.is_none() && wanted(node) {
            found = Some(Rc::clone(node));
        }
        found.is_none()
    });
    found
}

/// How many elements are inside one another.
pub(super) fn depth(root: &Rc<Node>) -> usize {
    let mut deepest = 0;
    let mut open = vec![(Rc::clone(root), 0)];
    while let Some((node, depth)) = open.pop() {
        deepest = deepest.max(depth);
        open.extend(node.children.borrow().iter().map(|child| (Rc::clone(child), depth + 1)));
    }
    deepest
}

/// All text of a node, line breaks as such.
pub(super) fn text(root: &Rc<Node>) -> String {
    let mut text = String::new();
    each(root, &mut |node| {
        match &node.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { name, .. } if &*name.local == "br" => text.push('\n'),
            _ => {}
        }
        true
    });
    text
}

/// Text as HTML, for elements and for attributes in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Elements that are blocks.
pub(super) const BLOCKS: [&str; 40] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
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
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "ul",
];

/// Parts of tables, which are no blocks by themselves but end words as blocks do.
pub(super) fn ends_words(tag: &str) -> bool {
    BLOCKS.contains(&tag)
        || matches!(tag, "br" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "img")
}

/// Attributes that HTML in Markdown keeps.
const ATTRIBUTES: [&str; 9] =
    ["href", "src", "alt", "title", "start", "colspan", "rowspan", "datetime", "align"];

/// A node as HTML in one line, without what says nothing to readers. Markdown ends its HTML at a blank line.
pub(super) fn raw(node: &Rc<Node>, html: &mut String) {
    raw_in(node, html, false);
}

fn raw_in(node: &Rc<Node>, html: &mut String, is_exact: bool) {
    match &node.data {
        NodeData::Text { contents } => {
            let contents = contents.borrow();
            if is_exact {
                html.push_str(&escaped(&contents).replace('\n', "&#10;"));
                return;
            }
            let is_blank = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}');
            let mut was_blank = false;
            for char in contents.chars() {
                match is_blank(char) {
                    true if was_blank => {}
                    true => html.push(' '),
                    false => html.push_str(&escaped(char.encode_utf8(&mut [0; 4]))),
                }
                was_blank = is_blank(char);
            }
        }
        NodeData::Element { attrs, .. } => {
            let tag = tag(node);
            html.push_str(&format!("<{tag}"));
            for attribute in attrs.borrow().iter() {
                let name = &*attribute.name.local;
                if ATTRIBUTES.contains(&name) {
                    let value = attribute.value.split_whitespace().collect::<Vec<_>>().join(" ");
                    html.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
                }
            }
            html.push('>');
            if matches!(tag, "br" | "img" | "hr" | "wbr" | "col") {
                return;
            }
            for child in node.children.borrow().iter() {
                raw_in(child, html, is_exact || tag == "pre");
            }
            html.push_str(&format!("</{tag}>"));
        }
        _ => {}
    }
}
