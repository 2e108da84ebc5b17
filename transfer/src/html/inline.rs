//! What stands inside a paragraph, as Markdown.

use std::rc::Rc;

use markup5ever_rcdom::NodeData;

use super::dom::{self, Node};
use super::escape::{one_line, word};
use super::media;

/// How emphasis and code are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// With the marks of Markdown.
    Marks,
    /// With the tags of HTML, where marks would not be understood at their place.
    Tags,
}

/// Elements that have no Markdown and are harmless as they are.
const KEPT: [&str; 9] = ["u", "mark", "kbd", "ins", "sub", "sup", "q", "samp", "var"];

/// Whether an element sets off what is in it.
pub(super) fn is_mark(tag: &str) -> bool {
    matches!(tag, "strong" | "b" | "em" | "i" | "del" | "s" | "strike")
}

/// What stands between two pieces of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    /// So many line breaks.
    Break(usize),
}

impl Gap {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Break(one), Self::Break(other)) => Self::Break(one + other),
            (one, other) => one.max(other),
        }
    }
}

/// Where a piece of text stands.
#[derive(Clone, Copy, Default)]
struct Around {
    in_link: bool,
    marks: u8,
}

/// Text without spaces at its edges, and what stands there instead. A line break in it is `\n`.
#[derive(Default)]
struct Span {
    before: Gap,
    text: String,
    after: Gap,
}

impl Span {
    fn gap(&mut self, gap: Gap) {
        match self.text.is_empty() {
            true => self.before = self.before.and(gap),
            false => self.after = self.after.and(gap),
        }
    }

    fn put(&mut self, text: &str) {
        match std::mem::take(&mut self.after) {
            Gap::None => {}
            Gap::Space => self.text.push(' '),
            Gap::Break(1) => self.text.push('\n'),
            Gap::Break(_) => self.text.push_str("\n\n"),
        }
        self.text.push_str(text);
    }

    /// Adds another, changed by `wrap` where there is any of it.
    fn add(&mut self, inner: Self, wrap: impl FnOnce(&str) -> String) {
        self.gap(inner.before);
        if !inner.text.is_empty() {
            self.put(&wrap(&inner.text));
            self.after = inner.after;
        }
    }
}

/// The text of these nodes; a line break is `\n`, and two begin another paragraph.
pub(super) fn text(nodes: &[Rc<Node>], style: Style) -> String {
    span(nodes, style, Around::default()).text
}

fn span(nodes: &[Rc<Node>], style: Style, around: Around) -> Span {
    let mut out = Span::default();
    for node in nodes {
        add(&mut out, node, style, around);
    }
    out
}

fn add(out: &mut Span, node: &Rc<Node>, style: Style, around: Around) {
    let tag = match &node.data {
        NodeData::Text { contents } => return words(out, &contents.borrow(), around),
        NodeData::Element { .. } => dom::tag(node),
        _ => return,
    };
    let children = node.children.borrow();
    let inner = |around: Around| span(&children, style, around);
    // A paragraph does not end inside of a mark.
    let line = |text: &str| text.replace("\n\n", "\n");
    let marked = |bit: u8, mark: &'static str, tag: &'static str| {
        let is_again = around.marks & bit != 0;
        let inner = inner(Around { marks: around.marks | bit, ..around });
        (inner, move |text: &str| match (is_again, style) {
            (true, _) => text.to_owned(),
            (false, Style::Marks) => format!("{mark}{}{mark}", line(text)),
            (false, Style::Tags) => format!("<{tag}>{}</{tag}>", line(text)),
        })
    };
    match tag {
        "br" => out.gap(Gap::Break(1)),
        "img" => {
            if let Some(image) = media::image(node) {
                out.put(&image);
            }
        }
        "strong" | "b" => {
            let (inner, wrap) = marked(1, "**", "strong");
            out.add(inner, wrap);
        }
        "em" | "i" => {
            let (inner, wrap) = marked(2, "*", "em");
            out.add(inner, wrap);
        }
        "del" | "s" | "strike" => {
            let (inner, wrap) = marked(4, "~~", "del");
            out.add(inner, wrap);
        }
        "code" | "tt" if style == Style::Marks => {
            let code = one_line(&dom::text(node));
            if !code.is_empty() {
                out.put(&code_span(&code));
            }
        }
        "code" | "tt" => out.add(inner(around), |text| format!("<code>{}</code>", line(text))),
        "sup" if dom::attribute(node, "data-note").is_some() => {
            let name = dom::attribute(node, "data-note").unwrap_or_default();
            out.put(&format!("[^{name}]"));
        }
        "a" => link(out, node, inner(Around { in_link: true, ..around }), around),
        tag if KEPT.contains(&tag) => {
            out.add(inner(around), |text| format!("<{tag}>{}</{tag}>", line(text)));
        }
        tag => {
            let gap = if dom::ends_words(tag) { Gap::Space } else { Gap::None };
            out.gap(gap);
            out.add(inner(around), str::to_owned);
            out.gap(gap);
        }
    }
}

fn words(out: &mut Span, text: &str, around: Around) {
    let is_blank = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    for (place, part) in text.split(is_blank).enumerate() {
        if place > 0 {
            out.gap(Gap::Space);
        }
        if !part.is_empty() {
            let escaped = word(part, around.in_link);
            out.put(&escaped);
        }
    }
}

fn link(out: &mut Span, node: &Rc<Node>, inner: Span, around: Around) {
    let Some(url) = dom::attribute(node, "href").filter(|_| !around.in_link) else {
        return out.add(inner, str::to_owned);
    };
    let title = media::title_of(node);
    let is_own_text = title.is_empty()
        && (url.starts_with("http://") || url.starts_with("https://"))
        && dom::text(node).trim() == url
        && !url.contains(|char: char| char.is_whitespace() || "<>\\".contains(char));
    out.add(inner, |text| match is_own_text {
        true => format!("<{url}>"),
        false => {
            let text = text.replace("\n\n", "\n");
            format!("[{text}]({}{title})", media::destination(&url))
        }
    });
}

/// Code between as many backticks as it needs.
fn code_span(code: &str) -> String {
    let longest = code.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}
