//! The Markdown of a post, as the renderer's parser reads it.

use std::collections::HashSet;
use std::ops::Range;

use comrak::Arena;
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{AstNode, NodeValue};

use super::super::deadline::Deadline;
use super::super::{render, sections};
use super::excerpt::{self, quoted};
use super::found::{At, Found};
use super::html::{self, Open, Place};
use super::{blanks, characters, definitions, links, words};
use crate::model::FindingCode;

/// Examines the body of a post.
pub(super) fn examine<'a>(markdown: &'a str, found: &mut Found<'a>) {
    found.begin("/body", markdown);
    characters::examine(markdown, found);
    blanks::examine(markdown, found);
    words::examine(markdown, found);
    let arena = Arena::new();
    let mut options = render::markdown_options();
    // Also those that nothing refers to, which the renderer leaves out.
    options.parse.leave_footnote_definitions = true;
    let root = match render::parse(&arena, markdown, &options, &Deadline::of_rendering()) {
        Ok(root) => root,
        Err(reason) => {
            let message =
                format!("The text cannot be examined. It cannot be published either. {reason}");
            found.add(FindingCode::NotExamined, None, message);
            return;
        }
    };
    let source = Source { text: markdown, starts: sections::line_starts(markdown) };
    let mut walk = Walk {
        columns: 0,
        source,
        open: Open::default(),
        code: Vec::new(),
        targets: HashSet::new(),
    };
    // A picture may stand in the text of another one; that is part of the outer one's text.
    let mut pictures = 0_usize;
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => {
                walk.examine(node, pictures > 0, found);
                pictures += usize::from(is_picture(node));
            }
            NodeEdge::End(node) => pictures -= usize::from(is_picture(node)),
        }
    }
    walk.open.close(found);
    let Walk { code: mut code_ranges, targets, .. } = walk;
    code_ranges.sort_by_key(|range| range.start);
    characters::entities(markdown, &code_ranges, found);
    definitions::examine(markdown, &code_ranges, &targets, found);
}

fn is_picture<'n>(node: &'n AstNode<'n>) -> bool {
    matches!(node.data().value, NodeValue::Image(_))
}

/// A walk through the nodes of a text in their order.
struct Walk<'s> {
    source: Source<'s>,
    open: Open,
    /// The code of the text.
    code: Vec<Range<usize>>,
    /// How many columns the table has that was seen last.
    columns: usize,
    /// Where links and pictures lead.
    targets: HashSet<String>,
}

impl Walk<'_> {
    fn examine<'n>(&mut self, node: &'n AstNode<'n>, in_picture: bool, found: &mut Found<'_>) {
        let data = node.data();
        let range = self.source.range(&data.sourcepos);
        let at = At::Byte(range.start);
        match &data.value {
            NodeValue::Text(text) => self.open.push(text, at, found),
            NodeValue::Alert(alert) => {
                self.open.push(alert.title.as_deref().unwrap_or_default(), at, found);
            }
            NodeValue::SoftBreak | NodeValue::LineBreak => self.open.push(" ", at, found),
            NodeValue::Code(code) => {
                self.open.push(&code.literal, at, found);
                self.code.push(range);
            }
            NodeValue::CodeBlock(block) => {
                code_info(&block.info, at, found);
                self.open.push(&block.literal, at, found);
                self.code.push(range);
            }
            NodeValue::HtmlInline(literal) => {
                html::examine(literal, Place::Tag(range.start), &mut self.open, found);
            }
            NodeValue::HtmlBlock(block) => {
                let first = data.sourcepos.start.line.saturating_sub(1);
                let lines = self.source.starts.get(first..).unwrap_or_default();
                html::examine(&block.literal, Place::Lines(lines), &mut self.open, found);
            }
            NodeValue::Link(target) => {
                self.targets.insert(target.url.clone());
                html::title(&target.title, at, found);
                if !in_picture {
                    let text = node.collect_text();
                    links::examine(&text, &target.url, Some(at), found);
                    if text.trim().is_empty() {
                        let has_picture = node.descendants().any(is_picture);
                        links::empty(&target.url, has_picture, Some(at), found);
                    }
                }
            }
            NodeValue::Table(table) => self.columns = table.num_columns,
            NodeValue::TableRow(_) => self.row(range.start, found),
            NodeValue::Image(target) => {
                self.targets.insert(target.url.clone());
                html::title(&target.title, at, found);
                links::examine_host(&target.url, Some(at), found);
                self.open.push_picture();
                if !in_picture {
                    html::alt(&node.collect_text(), at, found);
                }
            }
            NodeValue::FootnoteDefinition(footnote) => {
                definitions::long_label(&footnote.name, "footnote", Some(at), found);
                if footnote.total_references == 0 {
                    let message = format!(
                        "A footnote that nothing refers to: {}. Readers do not see it; agents that read \
                         the Markdown do.",
                        quoted(&self.source.text[range])
                    );
                    found.add(FindingCode::UnusedFootnote, Some(at), message);
                }
            }
            _ => {}
        }
    }

    /// Finds the cells of a row that the table has no columns for.
    fn row(&self, start: usize, found: &mut Found<'_>) {
        let rest = &self.source.text[start..];
        let line = rest.split(['\n', '\r']).next().unwrap_or_default().trim();
        let line = line.strip_prefix('|').unwrap_or(line);
        let (mut cells, mut is_escaped) = (0, false);
        let end = line.find(|char| {
            let is_end = char == '|' && !is_escaped;
            is_escaped = char == '\\' && !is_escaped;
            cells += usize::from(is_end);
            is_end && cells == self.columns
        });
        let beyond = end.map_or("", |end| &line[end..]);
        if beyond.chars().any(|char| char != '|' && !char.is_whitespace()) {
            let message = format!(
                "Cells of a row that its table has no columns for: {}. Readers do not see them; agents \
                 that read the Markdown do.",
                quoted(beyond.trim_matches('|'))
            );
            found.add(FindingCode::DroppedCells, Some(At::Byte(start)), message);
        }
    }
}

/// The language of a code block, where it is more than a name, and the words behind it.
fn code_info(info: &str, at: At, found: &mut Found<'_>) {
    let (language, rest) = info.trim().split_once(char::is_whitespace).unwrap_or((info.trim(), ""));
    let (what, words) = match rest.trim().is_empty() {
        true if excerpt::is_name(language) => return,
        true => ("The language of a code block is more than a name", language),
        false if excerpt::is_name(language) => ("Words behind the language of a code block", rest),
        false => ("Words as the language of a code block", info),
    };
    let message = format!(
        "{what}: {}. Readers do not see them; agents that read the Markdown do.",
        quoted(words)
    );
    found.add(FindingCode::CodeInfo, Some(at), message);
}

/// The text, and where its lines begin for the parser.
struct Source<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

impl Source<'_> {
    /// A position of the parser, in lines and columns of bytes from 1, as bytes of the text.
    fn range(&self, position: &comrak::nodes::Sourcepos) -> Range<usize> {
        let byte = |line: usize, column: usize| {
            let line = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
            self.text.floor_char_boundary(line.saturating_add(column))
        };
        let start = byte(position.start.line, position.start.column.saturating_sub(1));
        let end = byte(position.end.line, position.end.column);
        start..end.max(start)
    }
}
