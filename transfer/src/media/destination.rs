//! Where exactly an address stands in the source of a link, a definition or an HTML element.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use byline_shared::publishing::markdown_options;
use comrak::nodes::NodeValue;
use comrak::{Arena, parse_document};
use regex::Regex;

use super::reference::Kind;

/// How many bytes are looked at to find the addresses of a text, for each byte of it. A link is looked at
/// once, and again if it stands in another; hostile texts are full of what may be an address.
const LOOKS: usize = 32;

/// How many of these bytes it is worth to read an address with escapes.
const UNESCAPING: usize = 200;

/// Looks for the addresses of a text.
pub(super) struct Destinations<'a> {
    markdown: &'a str,
    /// By its address, where the first definition of it has it.
    definitions: Option<HashMap<String, Range<usize>>>,
    /// How many bytes may still be looked at.
    left: usize,
}

impl<'a> Destinations<'a> {
    pub(super) fn of(markdown: &'a str) -> Self {
        Self { markdown, definitions: None, left: LOOKS * markdown.len() }
    }

    /// The address within a link or an image that stands at `span`: `[…](here)`, or in the definition
    /// that it names.
    pub(super) fn in_link(&mut self, span: Range<usize>, url: &str) -> Option<Range<usize>> {
        let markdown = self.markdown;
        let source = &markdown[span.clone()];
        if !source.starts_with("![") && !source.starts_with('[') {
            return None;
        }
        // The last one that fits: text in brackets may hold links of its own.
        let mut end = source.len();
        while let Some(at) = source[..end].rfind("](") {
            self.spend(end - at)?;
            let range = self.inline(source, at + 2, url);
            if let Some(range) = range.filter(|range| is_last(&source[range.end..])) {
                return Some(span.start + range.start..span.start + range.end);
            }
            end = at;
        }
        self.spend(end)?;
        if source.ends_with(']') {
            let found = self.definitions.get_or_insert_with(|| definitions(markdown));
            return found.get(url).cloned();
        }
        // The parser is wrong about the ends of links that go over a line's end, not about their starts.
        let mut from = span.start;
        while let Some(at) = markdown[from..].find("](").map(|at| from + at) {
            self.spend(at + 2 - from)?;
            if let Some(range) = self.inline(markdown, at + 2, url) {
                return Some(range);
            }
            from = at + 2;
        }
        None
    }

    /// The address that begins at `from`, if it is the one that is looked for.
    fn inline(&mut self, source: &str, from: usize, url: &str) -> Option<Range<usize>> {
        let start = from + blank(&source[from..]);
        let found = destination(source, start);
        self.spend(found.as_ref().map_or(source.len(), |range| range.end) - from)?;
        let range = found?;
        let raw = &source[range.clone()];
        if has_escapes(raw) {
            self.spend(UNESCAPING)?;
        }
        (decoded(raw) == url).then_some(range)
    }

    /// Notes that so many bytes were looked at; `None` once there were too many.
    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }
}

/// Whether nothing but a title and the end of the link comes.
fn is_last(rest: &str) -> bool {
    let rest = rest.strip_prefix('>').unwrap_or(rest).trim_start();
    let is_title = |open: char, close: char| {
        rest.starts_with(open)
            && rest.strip_suffix(')').is_some_and(|rest| rest.trim_end().ends_with(close))
    };
    rest == ")" || is_title('"', '"') || is_title('\'', '\'') || is_title('(', ')')
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The address at a place: between `<` and `>`, or up to a space or the bracket that closes.
fn destination(source: &str, start: usize) -> Option<Range<usize>> {
    let text = source.get(start..)?;
    if let Some(inner) = text.strip_prefix('<') {
        let end = ends(inner, |char, _| char == '>')?;
        return Some(start + 1..start + 1 + end);
    }
    let mut open = 0;
    let end = ends(text, |char, _| {
        match char {
            '(' => open += 1,
            ')' if open > 0 => open -= 1,
            ')' => return true,
            _ => {}
        }
        char.is_whitespace()
    });
    Some(start..start + end.unwrap_or(text.len()))
}

/// The first character that ends a destination and is not escaped.
fn ends(text: &str, mut is_end: impl FnMut(char, usize) -> bool) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, char)| {
        let was_escaped = is_escaped;
        is_escaped = char == '\\' && !was_escaped;
        (!was_escaped && is_end(char, at)).then_some(at)
    })
}

/// The addresses of all definitions such as `[name]: here`, with where the first of each stands.
fn definitions(markdown: &str) -> HashMap<String, Range<usize>> {
    static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?m)^[ \t>*+-]*(?:\d+[.)] +)?\[(?:[^\]\\\n]|\\.)+\]:[ \t]*(\S+)";
        Regex::new(pattern).expect("the pattern is a constant")
    });
    let mut definitions = HashMap::new();
    for found in DEFINITION.captures_iter(markdown) {
        let range = found.get(1).and_then(|found| destination(markdown, found.start()));
        if let Some(range) = range {
            definitions.entry(decoded(&markdown[range.clone()])).or_insert(range);
        }
    }
    definitions
}

fn has_escapes(raw: &str) -> bool {
    raw.contains(['\\', '&'])
}

/// An address without the escapes of Markdown, as the parser itself reads it.
pub(super) fn decoded(raw: &str) -> String {
    if !has_escapes(raw) {
        return raw.trim().to_owned();
    }
    let arena = Arena::new();
    let source = format!("[x](<{raw}>)");
    let root = parse_document(&arena, &source, &markdown_options());
    let link = root.descendants().find_map(|node| match &node.data().value {
        NodeValue::Link(link) => Some(link.url.clone()),
        _ => None,
    });
    link.unwrap_or_else(|| raw.to_owned())
}

/// HTML without the addresses in its attributes, and those addresses.
pub(super) fn divided(source: &str) -> (String, Vec<String>) {
    let (mut rest, mut urls) = (String::with_capacity(source.len()), Vec::new());
    let mut end = 0;
    for (range, url, _) in in_html(source) {
        rest.push_str(&source[end..range.start]);
        end = range.end;
        urls.push(url);
    }
    rest.push_str(&source[end..]);
    (rest, urls)
}

/// Addresses in the attributes of HTML, without its escapes.
pub(super) fn in_html(source: &str) -> Vec<(Range<usize>, String, Kind)> {
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r#"\s(src|href|poster|SRC|HREF|POSTER)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))"#;
        Regex::new(pattern).expect("the pattern is a constant")
    });
    // Most elements have no attributes, and some texts have tens of thousands of elements.
    if !source.contains('=') {
        return Vec::new();
    }
    let found = ATTRIBUTE.captures_iter(source).filter_map(|found| {
        let value = found.get(2).or(found.get(3)).or(found.get(4))?;
        let url = value.as_str().replace("&quot;", "\"").replace("&#39;", "'");
        let url = url.replace("&#038;", "&").replace("&amp;", "&");
        let kind = if found[1].eq_ignore_ascii_case("href") { Kind::Link } else { Kind::Image };
        Some((value.range(), url, kind))
    });
    found.collect()
}

/// An address that can stand in Markdown and in HTML, bare or in quotes.
pub(super) fn safe(url: &str) -> String {
    let mut safe = String::with_capacity(url.len());
    for char in url.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            ' ' | '(' | ')' | '<' | '>' | '"' | '\'' | '\\' | '`' | '|' | '[' | ']' => {
                safe.push_str(&format!("%{:02X}", u32::from(char)));
            }
            char if char.is_control() => {}
            char => safe.push(char),
        }
    }
    safe
}
