//! Footnotes, as markdown-it (Ghost) and Gutenberg (WordPress) write them.

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::{Element, Node};

use super::dom;

/// The name of the footnote with this id, for `fn1`, `fn:1` and `fn-a`.
fn name(id: &str) -> Option<String> {
    let name = id.strip_prefix("fn")?.trim_start_matches([':', '-']);
    let name = name.strip_prefix("ref").map_or(name, |name| name.trim_start_matches([':', '-']));
    let is_name = |char: char| char.is_alphanumeric() || char == '-';
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned())
}

fn is_footnote(node: &Node) -> bool {
    dom::tag(node) == "li" && dom::attribute(node, "id").is_some_and(|id| name(&id).is_some())
}

/// `sup`: a reference to a footnote, or merely raised.
pub(super) fn reference(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    if dom::attribute(element.node, "data-fn").is_some() {
        return Some(format!("[^{}]", dom::text(element.node).trim()).into());
    }
    let link = dom::find(element.node, |node| dom::tag(node) == "a");
    let to = link.and_then(|link| dom::attribute(&link, "href"));
    if let Some(name) = to.as_deref().and_then(|to| name(to.strip_prefix('#')?)) {
        return Some(format!("[^{name}]").into());
    }
    super::elements::kept(handlers, element)
}

/// `li`: a footnote, or an item.
pub(super) fn definition(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let id = dom::attribute(element.node, "id").filter(|_| is_footnote(element.node));
    let Some(name) = id.as_deref().and_then(name) else { return handlers.fallback(element) };
    let text = handlers.walk_children(element.node).content;
    let text = text.trim().replace("\n\n", "\n\n    ");
    Some(format!("\n\n[^{name}]: {text}\n\n").into())
}

/// `ol`: footnotes are no list in Markdown.
pub(super) fn list(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    if !element.node.children.borrow().iter().any(|child| is_footnote(child)) {
        return handlers.fallback(element);
    }
    let children = element.node.children.borrow();
    let notes = children.iter().filter(|child| is_footnote(child));
    let notes = notes.filter_map(|child| handlers.handle(child)).map(|note| note.content);
    Some(format!("\n\n{}\n\n", notes.collect::<String>().trim()).into())
}

/// `section`: the part with the footnotes is nothing but them.
pub(super) fn section(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    if !dom::has_class(element.node, "footnotes") {
        return handlers.fallback(element);
    }
    let list = dom::find(element.node, |node| dom::tag(node) == "ol")?;
    handlers.handle(&list)
}
