//! Tables: Markdown asks for a row of headings and for cells of one line.

use std::rc::Rc;

use super::dom::{self, Node};
use super::inline::{self, Style};

/// Elements that no cell of Markdown can have.
const COMPLEX: [&str; 14] = [
    "ul",
    "ol",
    "dl",
    "pre",
    "table",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "details",
];

/// Whether Markdown cannot say a table: a cell reaches over others, or has more than lines in it.
pub(super) fn is_complex(table: &Rc<Node>) -> bool {
    let spans = |node: &Node| {
        ["colspan", "rowspan"]
            .iter()
            .any(|name| dom::attribute(node, name).is_some_and(|number| number != "1"))
    };
    let is_table = |node: &Node| std::ptr::eq(node, table.as_ref());
    let found = dom::find(table, |node| {
        let tag = dom::tag(node);
        !is_table(node) && (COMPLEX.contains(&tag) || matches!(tag, "td" | "th") && spans(node))
    });
    found.is_some()
}

/// A table as Markdown; empty for one without cells.
pub(super) fn markdown(table: &Rc<Node>, style: Style) -> String {
    let mut rows = Vec::new();
    let mut has_head = false;
    for part in table.children.borrow().iter() {
        match dom::tag(part) {
            "tr" => rows.push(Rc::clone(part)),
            "thead" | "tbody" | "tfoot" => {
                has_head |= dom::tag(part) == "thead" && rows.is_empty();
                let inner = part.children.borrow();
                rows.extend(inner.iter().filter(|row| dom::tag(row) == "tr").cloned());
            }
            _ => {}
        }
    }
    let has_head = has_head || rows.first().is_some_and(|row| is_head(row));
    let sides: Vec<&str> = rows.first().map(|row| sides(row)).unwrap_or_default();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row, style)).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if width == 0 {
        return String::new();
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
    let mut text = line(&head);
    let sides = (0..width).map(|place| (*sides.get(place).unwrap_or(&"---")).to_owned());
    text.push_str(&line(&sides.collect::<Vec<_>>()));
    body.iter().for_each(|row| text.push_str(&line(row)));
    text.trim_end().to_owned()
}

fn is_head(row: &Node) -> bool {
    let cells = row.children.borrow();
    let mut cells = cells.iter().filter(|cell| is_cell(cell)).peekable();
    cells.peek().is_some() && cells.all(|cell| dom::tag(cell) == "th")
}

fn is_cell(node: &Node) -> bool {
    matches!(dom::tag(node), "td" | "th")
}

/// At which side the columns stand, by the cells of a row.
fn sides(row: &Node) -> Vec<&'static str> {
    let cells = row.children.borrow();
    let cells = cells.iter().filter(|cell| is_cell(cell));
    let sides = cells.map(|cell| {
        let named = ["align", "data-align", "style"];
        let named = named.iter().find_map(|name| dom::attribute(cell, name)).unwrap_or_default();
        let is_style = named.contains(':');
        let has = |side: &str| {
            if is_style {
                named.contains("text-align") && named.contains(side)
            } else {
                named == side
            }
        };
        match () {
            () if has("right") => "--:",
            () if has("center") => ":-:",
            () => "---",
        }
    });
    sides.collect()
}

fn cells(row: &Node, style: Style) -> Vec<String> {
    let cells = row.children.borrow();
    let cells = cells.iter().filter(|cell| is_cell(cell)).map(|cell| {
        let mut lines: Vec<String> = Vec::new();
        let mut run: Vec<Rc<Node>> = Vec::new();
        let mut end = |run: &mut Vec<Rc<Node>>| {
            let text = inline::text(&std::mem::take(run), style);
            lines.extend(text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned));
        };
        for child in cell.children.borrow().iter() {
            match dom::BLOCKS.contains(&dom::tag(child)) {
                true => {
                    end(&mut run);
                    end(&mut vec![Rc::clone(child)]);
                }
                false => run.push(Rc::clone(child)),
            }
        }
        end(&mut run);
        lines.join("<br>").replace('|', "\\|")
    });
    cells.collect()
}
