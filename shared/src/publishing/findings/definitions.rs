//! Definitions of links (`[name]: address`) that no link uses. The parser leaves no trace of them:
//! readers never see what they say.

use std::collections::HashSet;
use std::ops::Range;

use super::excerpt::{quoted, words};
use super::found::{At, Found};
use crate::model::FindingCode;

/// How long a name may be, in bytes: CommonMark §6.3 has 999 characters.
const LONGEST: usize = 4 * 999;

/// How much of a definition is looked at for the message, in bytes behind its name.
const SHOWN: usize = 500;

/// How long the marks of quotes and lists in a line may be, in bytes. A text with more is not examined.
const MARKS: usize = 2000;

/// How many words a name of a link or a footnote may have before it is a text of its own.
const MAX_WORDS: usize = 5;

/// A definition in a text.
struct Definition<'t> {
    name: String,
    start: usize,
    /// The address that it gives the name.
    target: &'t str,
    /// The definition with its line.
    source: &'t str,
}

/// Finds the unused definitions of a text. `code_ranges` are the parts of it that are code, `targets`
/// the addresses that its links and pictures lead to.
pub(super) fn examine(
    text: &str,
    code_ranges: &[Range<usize>],
    targets: &HashSet<String>,
    found: &mut Found<'_>,
) {
    let (definitions, used) = read(text, code_ranges);
    let mut known = HashSet::new();
    for Definition { name, start, target, source } in definitions {
        let at = Some(At::Byte(start));
        let is_first = known.insert(name.clone());
        // With an escape or an entity, an address is another in the link than in the source.
        let leads = target.contains(['\\', '&']) || targets.contains(target);
        if is_first && leads && used.contains(&name) {
            long_label(&name, "link definition", at, found);
            continue;
        }
        let unless = match continues_paragraph(text, start) {
            true => " unless it continues a paragraph",
            false => "",
        };
        let message = format!(
            "A link definition that no link uses: {}. Readers do not see it{unless}; agents that read \
             the Markdown do.",
            quoted(source)
        );
        found.add(FindingCode::UnusedDefinition, at, message);
    }
}

/// The definitions of a text in their order, and the names in brackets that stand elsewhere.
fn read<'t>(text: &'t str, code_ranges: &[Range<usize>]) -> (Vec<Definition<'t>>, HashSet<String>) {
    let (mut definitions, mut used) = (Vec::new(), HashSet::new());
    let mut code_ranges = code_ranges.iter().peekable();
    let mut at = 0;
    while let Some(start) = text[at..].find('[').map(|start| at + start) {
        at = start + 1;
        while code_ranges.next_if(|range| range.end <= start).is_some() {}
        let is_code = code_ranges.peek().is_some_and(|range| range.contains(&start));
        if is_code || text[..start].ends_with('\\') {
            continue;
        }
        let Some(length) = label(&text[at..]) else { continue };
        let name = folded(&text[at..at + length]);
        let end = at + length + 1;
        if name.is_empty() || name.starts_with('^') {
            continue;
        }
        match text[end..].strip_prefix(':') {
            Some(rest) if line_before(text, start).is_empty() => {
                let rest = rest.trim_start();
                let target = match rest.strip_prefix('<') {
                    Some(inner) => inner.split(['>', '\n']).next(),
                    None => rest.split(char::is_whitespace).next(),
                };
                let shown = &text[start..text.floor_char_boundary(end + SHOWN)];
                let source = shown.split('\n').next().unwrap_or_default();
                let target = target.unwrap_or_default();
                definitions.push(Definition { name, start, target, source });
                at = end;
            }
            _ => {
                used.insert(name);
            }
        }
    }
    (definitions, used)
}

/// Finds a name that says more than a name does.
pub(super) fn long_label(name: &str, of: &str, at: Option<At>, found: &mut Found<'_>) {
    if words(name) > MAX_WORDS {
        let message = format!(
            "The name of a {of} is a text of its own: {}. Readers may not see it; agents that read the \
             Markdown do.",
            quoted(name)
        );
        found.add(FindingCode::LongLabel, at, message);
    }
}

/// The length of a name in brackets, behind the one that opens it.
fn label(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().take(LONGEST).enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b']' => return Some(at),
            // Brackets within end the search: each of them begins one of its own.
            b'[' => return None,
            _ => {}
        }
    }
    None
}

/// What stands before a place in its line, without the marks of quotes and lists.
fn line_before(text: &str, at: usize) -> &str {
    let before = before(text, at);
    let line = before.rfind(['\n', '\r']).unwrap_or(0);
    without_marks(&before[line..])
}

/// What stands right before a place: as much as the marks of a line may have.
fn before(text: &str, at: usize) -> &str {
    &text[text.floor_char_boundary(at.saturating_sub(MARKS))..at]
}

/// Whether the line above may be one of a paragraph, so that this one belongs to it.
fn continues_paragraph(text: &str, at: usize) -> bool {
    let line = before(text, at).rfind('\n').map_or(at, |end| at - before(text, at).len() + end);
    let above = before(text, line);
    let start = above.rfind('\n').unwrap_or(0);
    without_marks(&above[start..]).starts_with(char::is_alphanumeric)
}

/// A line without the marks of quotes and lists at its start.
fn without_marks(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let digits = rest.bytes().take(9).take_while(u8::is_ascii_digit).count();
        let next = match rest[digits..].chars().next() {
            Some('.' | ')') if digits > 0 => &rest[digits + 1..],
            Some('>' | '-' | '*' | '+') if digits == 0 => &rest[1..],
            _ => return rest,
        };
        rest = next.trim_start();
    }
}

/// A name as names are compared (CommonMark §6.3).
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
