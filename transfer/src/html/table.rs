//! Tables: Markdown asks for a row of headings and for cells of one line.

use std::rc::Rc;

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::{Element, Node};

use super::dom;

/// Whether a cell reaches over others.
pub(super) fn spans(cell: &Node) -> bool {
    ["colspan", "rowspan"]
        .iter()
        .any(|name| dom::attribute(cell, name).is_some_and(|number| number != "1"))
}

/// `table`.
pub(super) fn table(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let mut rows = Vec::new();
    let mut caption = String::new();
    let mut has_head = false;
    for part in element.node.children.borrow().iter() {
        match dom::tag(part) {
            "tr" => rows.push(Rc::clone(part)),
            "thead" | "tbody" | "tfoot" => {
                has_head |= dom::tag(part) == "thead" && rows.is_empty();
                let inner = part.children.borrow();
                rows.extend(inner.iter().filter(|row| dom::tag(row) == "tr").cloned());
            }
            "caption" => caption = dom::text(part).trim().to_owned(),
            _ => {}
        }
    }
    let has_head = has_head || rows.first().is_some_and(|row| is_head(row));
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(handlers, row)).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if width == 0 {
        return None;
    }
    // Markdown needs the row of headings to be as wide as the table; other rows may be shorter. Were they
    // not, a wide row would make a long table of a few bytes endless.
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let (head, body) = match rows.split_first() {
        Some((head, body)) if has_head => (head.as_slice(), body),
        _ => (&[] as &[String], rows.as_slice()),
    };
    let mut head = head.to_vec();
    head.resize(width, String::new());
    let mut text = String::from("\n\n");
    if !caption.is_empty() {
        text.push_str(&format!("*{caption}*\n\n"));
    }
    text.push_str(&line(&head));
    text.push_str(&line(&vec!["---".to_owned(); width]));
    body.iter().for_each(|row| text.push_str(&line(row)));
    text.push('\n');
    Some(text.into())
}

fn is_head(row: &Node) -> bool {
    let cells = row.children.borrow();
    let mut cells = cells.iter().filter(|cell| matches!(dom::tag(cell), "td" | "th")).peekable();
    cells.peek().is_some() && cells.all(|cell| dom::tag(cell) == "th")
}

fn cells(handlers: &dyn Handlers, row: &Node) -> Vec<String> {
    let cells = row.children.borrow();
    let cells = cells.iter().filter(|cell| matches!(dom::tag(cell), "td" | "th"));
    let cells = cells.map(|cell| {
        let text = handlers.walk_children(cell).content;
        let lines = text.split('\n').map(|line| line.trim_end_matches('\\').trim());
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        lines.join("<br>").replace('|', "\\|")
    });
    cells.collect()
}
