//! HTML without what no post can have, and with what it can have in its place: before anything is read or
//! written, so that both agree.

use std::collections::BTreeMap;
use std::rc::Rc;

use markup5ever_rcdom::NodeData;

use super::dom::{self, Node};
use super::media::Frame;
use super::{footnotes, media};

/// Elements that are left out with all that is in them, and what is said about it.
const DROPPED: [(&str, &str); 11] = [
    ("script", "scripts were dropped"),
    ("style", "styles were dropped"),
    ("form", "forms were dropped"),
    ("button", "buttons were dropped"),
    ("input", "form fields were dropped"),
    ("select", "form fields were dropped"),
    ("textarea", "form fields were dropped"),
    ("svg", "drawings (SVG) were dropped"),
    ("canvas", "drawings (canvas) were dropped"),
    ("math", "formulas (MathML) were dropped"),
    ("template", "templates were dropped"),
];

/// How often something is lost or becomes something else, by what is said about it.
pub(super) type Changes = BTreeMap<&'static str, usize>;

/// Simplifies a whole tree.
pub(super) fn simplify(root: &Rc<Node>) -> Changes {
    let mut changes = Changes::new();
    // Parents first: what takes the place of something is looked into as well.
    dom::each(root, &mut |node| {
        let children = std::mem::take(&mut *node.children.borrow_mut());
        let mut kept = Vec::with_capacity(children.len());
        for child in children {
            replaced(&child, &mut kept, &mut changes);
        }
        *node.children.borrow_mut() = kept;
        true
    });
    changes
}

/// Adds what takes the place of a node.
fn replaced(node: &Rc<Node>, out: &mut Vec<Rc<Node>>, changes: &mut Changes) {
    match &node.data {
        NodeData::Text { .. } => return out.push(Rc::clone(node)),
        NodeData::Element { .. } => {}
        _ => return,
    }
    let mut said = |what: &'static str| *changes.entry(what).or_default() += 1;
    let children = || dom::taken(node);
    let tag = dom::tag(node);
    if tag == "input" && dom::attribute(node, "type").as_deref() == Some("checkbox") {
        let is_checked = match &node.data {
            NodeData::Element { attrs, .. } => {
                attrs.borrow().iter().any(|attribute| &*attribute.name.local == "checked")
            }
            _ => false,
        };
        return out.push(dom::text_node(if is_checked { "\u{2611} " } else { "\u{2610} " }));
    }
    if tag == "script"
        && let Some(link) = media::gist(node)
    {
        said("embedded gists became links");
        return out.push(link);
    }
    if let Some((_, why)) = DROPPED.iter().find(|(name, _)| *name == tag) {
        return said(why);
    }
    match tag {
        "noscript" | "head" | "source" | "track" | "link" | "base" => {}
        "iframe" | "embed" | "object" => match media::frame(node) {
            Some(Frame::Player(link)) => out.push(link),
            Some(Frame::Link(link)) => {
                said("embedded frames became links");
                out.push(link);
            }
            None => said("frames without an address were dropped"),
        },
        "video" | "audio" => {
            said("players became links to their files");
            out.extend(media::player(node));
        }
        "img" => match media::source(node) {
            Some(source) => {
                dom::set_attribute(node, "src", &source);
                out.push(Rc::clone(node));
            }
            None => said("images without an address were dropped"),
        },
        "a" if footnotes::is_way_back(node) => {}
        "a" if dom::attribute(node, "href").is_none_or(|href| !media::may_be_followed(&href)) => {
            if dom::attribute(node, "href").is_some() {
                said("links that lead neither to the web nor to a mailbox became text");
            }
            for child in children() {
                replaced(&child, out, changes);
            }
        }
        "sup" => {
            if let Some(name) = footnotes::reference(node) {
                dom::set_attribute(node, "data-note", &name);
            }
            out.push(Rc::clone(node));
        }
        "figcaption" => out.extend(caption(children())),
        "table" => {
            let (captions, rest): (Vec<_>, Vec<_>) =
                children().into_iter().partition(|child| dom::tag(child) == "caption");
            *node.children.borrow_mut() = rest;
            for found in captions {
                out.extend(caption(dom::taken(&found)));
            }
            out.push(Rc::clone(node));
        }
        "figure" | "div" => card(node, out),
        _ => out.push(Rc::clone(node)),
    }
}

/// A caption: a line of its own, slanted unless something in it is set off already.
fn caption(children: Vec<Rc<Node>>) -> Option<Rc<Node>> {
    let inner = dom::element("span", &[], children);
    if dom::text(&inner).trim().is_empty() {
        return None;
    }
    let is_marked = |node: &Node| matches!(dom::tag(node), "em" | "i" | "strong" | "b");
    let has_marks = dom::find(&inner, is_marked).is_some();
    let tag = if has_marks { "span" } else { "em" };
    let children = dom::taken(&inner);
    Some(dom::element("p", &[], vec![dom::element(tag, &[], children)]))
}

/// `figure` and `div`: cards of Ghost among them.
fn card(node: &Rc<Node>, out: &mut Vec<Rc<Node>>) {
    if dom::has_class(node, "kg-bookmark-card") {
        let link = dom::find(node, |inner| dom::tag(inner) == "a");
        let title = dom::find(node, |inner| dom::has_class(inner, "kg-bookmark-title"));
        if let Some(url) = link.and_then(|link| dom::attribute(&link, "href")) {
            let title = title.map(|title| dom::text(&title)).unwrap_or_default();
            out.push(media::link_to(&url, title.trim()));
            let found = dom::find(node, |inner| dom::tag(inner) == "figcaption");
            out.extend(found.and_then(|found| caption(dom::taken(&found))));
            return;
        }
    }
    if dom::has_class(node, "kg-callout-card") {
        let mut parts = Vec::new();
        for part in node.children.borrow().iter() {
            parts.push(dom::element("span", &[], dom::taken(part)));
            parts.push(dom::text_node(" "));
        }
        let paragraph = dom::element("p", &[], parts);
        return out.push(dom::element("blockquote", &[], vec![paragraph]));
    }
    out.push(Rc::clone(node));
}
