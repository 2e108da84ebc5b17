//! Footnotes, as markdown-it (Ghost) and Gutenberg (WordPress) write them.

use std::rc::Rc;

use super::dom::{self, Node};

/// The name of the footnote with this id, for `fn1`, `fn:1` and `fn-a`.
fn name(id: &str) -> Option<String> {
    let name = id.strip_prefix("fn")?.trim_start_matches([':', '-']);
    let name = name.strip_prefix("ref").map_or(name, |name| name.trim_start_matches([':', '-']));
    let is_name = |char: char| char.is_alphanumeric() || char == '-';
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned())
}

/// The name of the footnote that an item of a list is.
pub(super) fn definition(node: &Node) -> Option<String> {
    let id = dom::attribute(node, "id").filter(|_| dom::tag(node) == "li")?;
    name(&id)
}

/// The name of the footnote that a raised text refers to.
pub(super) fn reference(node: &Rc<Node>) -> Option<String> {
    if dom::attribute(node, "data-fn").is_some() {
        return Some(dom::text(node).trim().to_owned());
    }
    let link = dom::find(node, |node| dom::tag(node) == "a");
    let to = link.and_then(|link| dom::attribute(&link, "href"));
    to.as_deref().and_then(|to| name(to.strip_prefix('#')?))
}

/// Whether a link leads from a footnote back to its place, which Markdown makes by itself.
pub(super) fn is_way_back(node: &Node) -> bool {
    dom::has_class(node, "footnote-backref")
        || dom::attribute(node, "href").is_some_and(|url| url.starts_with("#fnref"))
}

/// A definition, from its blocks.
pub(super) fn written(name: &str, blocks: &[String]) -> String {
    format!("[^{name}]: {}", blocks.join("\n\n").replace("\n\n", "\n\n    "))
}
