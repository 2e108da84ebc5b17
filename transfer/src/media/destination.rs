//! Where exactly an address stands in the source of a link, a definition or an HTML element.

use std::ops::Range;

use byline_shared::publishing::markdown_options;
use comrak::nodes::NodeValue;
use comrak::{Arena, parse_document};
use regex::Regex;

use super::reference::Kind;

/// The address within a link or an image that stands at `span`: `[…](here)`, or in the definition
/// that it names.
pub(super) fn in_link(markdown: &str, span: Range<usize>, url: &str) -> Option<Range<usize>> {
    let source = &markdown[span.clone()];
    if !source.starts_with("![") && !source.starts_with('[') {
        return None;
    }
    // The last one that fits: text in brackets may hold links of its own.
    let found = source.rmatch_indices("](").find_map(|(at, _)| {
        let range = inline(source, at + 2, url)?;
        is_last(&source[range.end..]).then_some(range)
    });
    if let Some(range) = found {
        return Some(span.start + range.start..span.start + range.end);
    }
    if source.ends_with(']') {
        return definition(markdown, url);
    }
    // The parser is wrong about the ends of links that go over a line's end, not about their starts.
    let mut later = markdown[span.start..].match_indices("](");
    later.find_map(|(at, _)| inline(markdown, span.start + at + 2, url))
}

/// The address that begins at `from`, if it is the one that is looked for.
fn inline(source: &str, from: usize, url: &str) -> Option<Range<usize>> {
    let start = from + blank(&source[from..]);
    let range = destination(source, start)?;
    (decoded(&source[range.clone()]) == url).then_some(range)
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

fn definitions() -> Regex {
    let pattern = r"(?m)^[ \t>*+-]*(?:\d+[.)] +)?\[(?:[^\]\\\n]|\\.)+\]:[ \t]*(\S+)";
    Regex::new(pattern).expect("the pattern is a constant")
}

/// The address in a definition such as `[name]: here`.
fn definition(markdown: &str, url: &str) -> Option<Range<usize>> {
    definitions().captures_iter(markdown).find_map(|found| {
        let start = found.get(1)?.start();
        let range = destination(markdown, start)?;
        (decoded(&markdown[range.clone()]) == url).then_some(range)
    })
}

/// An address without the escapes of Markdown, as the parser itself reads it.
pub(super) fn decoded(raw: &str) -> String {
    if !raw.contains(['\\', '&']) {
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

/// HTML without the addresses in its attributes.
pub(super) fn blanked(source: &str) -> String {
    let mut text = source.to_owned();
    for (range, ..) in in_html(source).into_iter().rev() {
        text.replace_range(range, "");
    }
    text
}

/// Addresses in the attributes of HTML, without its escapes.
pub(super) fn in_html(source: &str) -> Vec<(Range<usize>, String, Kind)> {
    let pattern =
        r#"\s(src|href|poster|SRC|HREF|POSTER)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))"#;
    let attributes = Regex::new(pattern).expect("the pattern is a constant");
    let found = attributes.captures_iter(source).filter_map(|found| {
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
