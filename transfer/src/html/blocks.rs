//! Blocks as Markdown. Each of the smallest ones is rendered and read again; where that is not what the source
//! says, it is written in another way.

use std::collections::HashSet;
use std::rc::Rc;

use byline_shared::publishing::to_html;

use super::dom::{self, BLOCKS, Node};
use super::escape;
use super::inline::{self, Style};
use super::reading::{self, Unit};
use super::{code, table};

/// Blocks while they are written.
pub(super) struct Writer {
    /// Elements with a block somewhere in them.
    around_blocks: HashSet<*const Node>,
    /// How many blocks stay HTML.
    pub(super) kept: usize,
}

impl Writer {
    pub(super) fn of(root: &Rc<Node>) -> Self {
        let mut around_blocks = HashSet::new();
        note_blocks(root, &mut around_blocks);
        Self { around_blocks, kept: 0 }
    }

    fn is_block(&self, node: &Rc<Node>) -> bool {
        BLOCKS.contains(&dom::tag(node))
            || self.around_blocks.contains(&Rc::as_ptr(node)) && dom::tag(node) != "a"
    }

    /// The blocks of these nodes, each as lines of Markdown.
    pub(super) fn flow(&mut self, nodes: &[Rc<Node>]) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut run: Vec<Rc<Node>> = Vec::new();
        let mut last_list = "";
        for node in nodes {
            if !self.is_block(node) {
                run.push(Rc::clone(node));
                continue;
            }
            blocks.extend(self.paragraph(&std::mem::take(&mut run)));
            let made = self.block(node);
            let list = if matches!(dom::tag(node), "ul" | "ol") { dom::tag(node) } else { "" };
            // Two lists of one kind would be one.
            if !list.is_empty() && list == last_list && !made.is_empty() {
                blocks.push("<!-- -->".to_owned());
            }
            if !made.is_empty() {
                last_list = list;
            }
            blocks.extend(made);
        }
        blocks.extend(self.paragraph(&run));
        blocks
    }

    fn paragraph(&mut self, nodes: &[Rc<Node>]) -> Option<String> {
        let made = self.leaf(nodes, "p", |style| escape::lines(&inline::text(nodes, style)));
        made.filter(|made| !made.is_empty())
    }

    fn block(&mut self, node: &Rc<Node>) -> Vec<String> {
        let children = node.children.borrow().clone();
        let one = [Rc::clone(node)];
        let heading = |mark: &'static str| {
            move |style: Style| {
                let text = inline::text(&children_of(node), style).replace('\n', " ");
                format!("{mark} {}", escape::one_line(&text))
            }
        };
        let made = match dom::tag(node) {
            "hr" => Some("- - -".to_owned()),
            "h1" => self.leaf(&one, "", heading("#")),
            "h2" => self.leaf(&one, "", heading("##")),
            "h3" => self.leaf(&one, "", heading("###")),
            "h4" => self.leaf(&one, "", heading("####")),
            "h5" => self.leaf(&one, "", heading("#####")),
            "h6" => self.leaf(&one, "", heading("######")),
            "pre" => self.leaf(&one, "", |_| code::block(node)),
            "table" if table::is_complex(node) => self.html(&one),
            "table" => self.leaf(&one, "", |style| table::markdown(node, style)),
            "dl" => self.html(&one),
            "blockquote" => {
                let blocks = self.flow(&children);
                let text = blocks.join("\n\n");
                let lines = text.lines().map(|line| match line {
                    "" => ">".to_owned(),
                    line => format!("> {line}"),
                });
                let text = lines.collect::<Vec<_>>().join("\n");
                (!text.is_empty()).then_some(text)
            }
            "ul" | "ol" | "menu" | "dir" => return self.list(node, &children),
            "details" => Some(self.details(&children)),
            tag if inline::is_mark(tag) => {
                let inside: Vec<Rc<Node>> =
                    children.iter().map(|child| self.pushed(tag, child)).collect();
                return self.flow(&inside);
            }
            _ => return self.flow(&children),
        };
        made.filter(|made| !made.is_empty()).into_iter().collect()
    }

    /// A node whose text is in an element of the tag: Markdown has no emphasis around blocks.
    fn pushed(&mut self, tag: &str, node: &Rc<Node>) -> Rc<Node> {
        if !self.is_block(node) {
            return dom::element(tag, &[], vec![Rc::clone(node)]);
        }
        let children = std::mem::take(&mut *node.children.borrow_mut());
        let is_frame = matches!(
            dom::tag(node),
            "ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot" | "tr"
        );
        let inside = match is_frame {
            true => children
                .iter()
                .map(|child| match dom::tag(child) {
                    "" => Rc::clone(child),
                    _ => self.pushed(tag, child),
                })
                .collect(),
            false => {
                let inner = dom::element(tag, &[], children);
                if self.around_blocks.contains(&Rc::as_ptr(node)) {
                    self.around_blocks.insert(Rc::as_ptr(&inner));
                }
                vec![inner]
            }
        };
        *node.children.borrow_mut() = inside;
        Rc::clone(node)
    }

    /// What folds away stays HTML around Markdown.
    fn details(&mut self, children: &[Rc<Node>]) -> String {
        let is_summary = |node: &&Rc<Node>| dom::tag(node) == "summary";
        let mut summary = String::new();
        for node in children.iter().filter(is_summary).flat_map(children_of) {
            dom::raw(&node, &mut summary);
        }
        let rest: Vec<Rc<Node>> =
            children.iter().filter(|node| !is_summary(node)).cloned().collect();
        let rest = self.flow(&rest).join("\n\n");
        format!("<details>\n<summary>{}</summary>\n\n{rest}\n\n</details>", summary.trim())
    }

    /// One of the smallest blocks: in the first way that reads as the source does, else as HTML.
    fn leaf(
        &mut self,
        nodes: &[Rc<Node>],
        around: &str,
        make: impl Fn(Style) -> String,
    ) -> Option<String> {
        let source = reading::of(nodes);
        if source.is_empty() {
            return None;
        }
        let first = make(Style::Marks);
        let read = rendered(&first);
        if read.as_ref() == Some(&source) {
            return Some(first);
        }
        let second = make(Style::Tags);
        if second != first && rendered(&second).as_ref() == Some(&source) {
            return Some(second);
        }
        let html = as_html(nodes, around);
        let kept = rendered(&html);
        let has_words = |read: &Option<Vec<Unit>>| {
            read.as_ref().is_some_and(|read| letters(read) == letters(&source))
        };
        // Where not even HTML says it, as with an address that no link may have, the marks do.
        if kept.as_ref() != Some(&source) && (has_words(&read) || !has_words(&kept)) {
            return Some(first);
        }
        self.kept += 1;
        Some(html)
    }

    /// What Markdown has no way to say.
    fn html(&mut self, nodes: &[Rc<Node>]) -> Option<String> {
        if reading::of(nodes).is_empty() {
            return None;
        }
        self.kept += 1;
        Some(as_html(nodes, ""))
    }
}

pub(super) fn children_of(node: &Rc<Node>) -> Vec<Rc<Node>> {
    node.children.borrow().clone()
}

/// Notes the elements with a block in them; answers whether this is or has one.
fn note_blocks(node: &Rc<Node>, found: &mut HashSet<*const Node>) -> bool {
    let mut has = false;
    for child in node.children.borrow().iter() {
        has |= note_blocks(child, found);
    }
    if has {
        found.insert(Rc::as_ptr(node));
    }
    has || BLOCKS.contains(&dom::tag(node))
}

/// Nodes as HTML that Markdown passes on, in an element where they are none by themselves.
pub(super) fn as_html(nodes: &[Rc<Node>], around: &str) -> String {
    let mut html = String::new();
    nodes.iter().for_each(|node| dom::raw(node, &mut html));
    match around {
        "" => html.trim().to_owned(),
        tag => format!("<{tag}>{}</{tag}>", html.trim()),
    }
}

/// What is read in Markdown; `None` where it cannot be rendered.
pub(super) fn rendered(markdown: &str) -> Option<Vec<Unit>> {
    let html = to_html(&with_notes(markdown)).ok()?;
    Some(reading::of(&dom::body(&dom::parse(&html))))
}

/// Markdown in which every reference to a footnote has one.
fn with_notes(markdown: &str) -> String {
    let mut text = markdown.to_owned();
    let mut rest = markdown;
    let mut names = HashSet::new();
    while let Some(at) = rest.find("[^") {
        rest = &rest[at + 2..];
        if let Some((name, _)) = rest.split_once(']')
            && !markdown.contains(&format!("[^{name}]:"))
            && names.insert(name)
        {
            text.push_str(&format!("\n\n[^{name}]: x\n"));
        }
    }
    text
}

/// The letters alone.
fn letters(units: &[Unit]) -> Vec<String> {
    let words = units.iter().filter_map(|unit| match unit {
        Unit::Word(letters) => Some(letters.iter().map(|(char, ..)| *char).collect()),
        _ => None,
    });
    words.collect()
}
