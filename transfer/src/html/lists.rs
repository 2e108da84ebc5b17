//! Lists as Markdown, and the notes at the foot, which HTML has as one.

use std::rc::Rc;

use super::blocks::{Writer, children_of};
use super::dom::{self, Node};
use super::footnotes;

impl Writer {
    pub(super) fn list(&mut self, node: &Rc<Node>, children: &[Rc<Node>]) -> Vec<String> {
        if children.iter().any(|child| footnotes::definition(child).is_some()) {
            let notes = children.iter().filter_map(|child| {
                let name = footnotes::definition(child)?;
                Some(footnotes::written(&name, &self.flow(&children_of(child))))
            });
            return notes.collect();
        }
        // What stands between the items belongs to the one before it.
        let mut items: Vec<Vec<Rc<Node>>> = Vec::new();
        for child in children {
            match (dom::tag(child), items.last_mut()) {
                ("li", _) => items.push(children_of(child)),
                (_, Some(last)) => last.push(Rc::clone(child)),
                ("", None) if dom::text(child).trim().is_empty() => {}
                (_, None) => items.push(vec![Rc::clone(child)]),
            }
        }
        let is_ordered = dom::tag(node) == "ol";
        let start = dom::attribute(node, "start").and_then(|start| start.parse::<u32>().ok());
        let mut number = start.filter(|start| *start < 100_000_000).unwrap_or(1);
        let mut is_tight = true;
        let mut written = Vec::new();
        for item in &items {
            let mut marker = "- ".to_owned();
            if is_ordered {
                marker = format!("{number}. ");
                number += 1;
            }
            let blocks = self.flow(item);
            let mut text = String::new();
            for block in blocks {
                let is_list = block.starts_with("- ") || block.starts_with("1. ");
                let joint = match (text.is_empty(), is_list) {
                    (true, _) => "",
                    (false, true) => "\n",
                    (false, false) => {
                        is_tight = false;
                        "\n\n"
                    }
                };
                text.push_str(joint);
                text.push_str(&block);
            }
            for (sign, box_of) in [("\u{2611} ", "[x] "), ("\u{2610} ", "[ ] ")] {
                if let Some(rest) = text.strip_prefix(sign) {
                    text = format!("{box_of}{rest}");
                }
            }
            let indent = " ".repeat(marker.len());
            let lines = text.lines().enumerate().map(|(place, line)| match (place, line) {
                (0, line) => format!("{marker}{line}"),
                (_, "") => String::new(),
                (_, line) => format!("{indent}{line}"),
            });
            let lines: Vec<String> = lines.collect();
            written.push(if lines.is_empty() {
                marker.trim_end().to_owned()
            } else {
                lines.join("\n")
            });
        }
        if written.is_empty() {
            return Vec::new();
        }
        vec![written.join(if is_tight { "\n" } else { "\n\n" })]
    }
}
