//! Looking into a parsed HTML tree.

use std::rc::Rc;

use htmd::Node;
use markup5ever_rcdom::NodeData;

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
