//! Blanks that can carry a message, and signs that viewers draw as nothing, as a box or as a line's end.
//! Readers see a gap, whatever it is made of.

use std::collections::{BTreeMap, BTreeSet};

use super::characters::{bits, spelled};
use super::excerpt::code;
use super::found::{At, Found};
use crate::model::FindingCode;

/// How many blanks may stand behind the words of a line. Two of them break a line in Markdown.
const AT_END: usize = 8;

/// How often blanks in a row may be followed by another kind: indented and aligned code has a few.
const TURNS: usize = 3;

/// How many characters blanks must spell before they count as a message: fewer come about by chance.
const MESSAGE: usize = 6;

/// Finds the blanks of a text that are more than gaps.
pub(super) fn examine(text: &str, found: &mut Found<'_>) {
    // What stands for 0 and 1 at the ends of lines and in odd gaps, and as blanks outside of ASCII.
    let (mut gaps, mut wide): (Signs, Signs) = Default::default();
    let mut end = 0;
    while let Some(start) = text[end..].find(is_blank).map(|start| end + start) {
        let length = text[start..].find(|char| !is_blank(char)).unwrap_or(text.len() - start);
        end = start + length;
        let gap = &text[start..end];
        if !gap.is_ascii() {
            wide.add(start, gap.chars().filter(|char| !char.is_ascii()));
        }
        let is_end = text[end..].chars().next().is_none_or(is_line_end);
        let is_line = text[..start].chars().next_back().is_none_or(is_line_end);
        let is_odd = is_odd(gap);
        if is_odd || is_end {
            gaps.add(start, gap.chars());
        }
        let count = gap.chars().count();
        let message = if is_odd {
            format!(
                "{count} blanks of several kinds in a row ({}). Readers see a gap; the kinds can carry \
                 a message.",
                kinds(gap)
            )
        } else if is_end && !is_line && count > AT_END {
            format!(
                "{count} blanks at the end of a line ({}). Readers do not see them; they can carry a \
                 message.",
                kinds(gap)
            )
        } else {
            continue;
        };
        found.add(FindingCode::InvisibleCharacters, Some(At::Byte(start)), message);
    }
    for signs in [gaps, wide] {
        if let Some(message) = bits(&signs.chars).filter(|message| message.len() >= MESSAGE) {
            spelled(&message, signs.first, found);
        }
    }
    signs(text, found);
}

/// Characters that may stand for something else, and where the first of them is.
#[derive(Default)]
struct Signs {
    first: usize,
    chars: Vec<char>,
}

impl Signs {
    fn add(&mut self, at: usize, chars: impl Iterator<Item = char>) {
        if self.chars.is_empty() {
            self.first = at;
        }
        self.chars.extend(chars);
    }
}

const fn is_line_end(char: char) -> bool {
    matches!(char, '\n' | '\r')
}

/// Whether a character is a blank within a line.
const fn is_blank(char: char) -> bool {
    matches!(
        char,
        ' ' | '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Whether blanks in a row change more often than indentation does, or are of several kinds outside
/// of ASCII.
fn is_odd(gap: &str) -> bool {
    let turns = gap.chars().zip(gap.chars().skip(1)).filter(|(one, next)| one != next).count();
    let mut wide = gap.chars().filter(|char| !char.is_ascii());
    let first = wide.next();
    turns > TURNS || wide.any(|char| Some(char) != first)
}

/// The code points in a text, each once.
fn kinds(gap: &str) -> String {
    let kinds: BTreeSet<char> = gap.chars().collect();
    kinds.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// Finds line ends that only some viewers draw, noncharacters, and the controls of hieroglyphs.
fn signs(text: &str, found: &mut Found<'_>) {
    if text.is_ascii() {
        return;
    }
    let mut counts: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    for (at, char) in text.char_indices().filter(|(_, char)| sign(*char).is_some()) {
        counts.entry(char).or_insert((at, 0)).1 += 1;
    }
    for (char, (at, count)) in counts {
        let Some((name, why)) = sign(char) else { continue };
        let message = format!("{count} \u{d7} {} ({name}). {why}", code(char));
        found.add(FindingCode::InvisibleCharacters, Some(At::Byte(at)), message);
    }
}

/// What a sign is, and why it is said; `None` for all other characters.
fn sign(char: char) -> Option<(&'static str, &'static str)> {
    let number = u32::from(char);
    Some(match char {
        '\u{2028}' => ("line separator", "Some viewers begin a line there, and pages do not."),
        '\u{2029}' => ("paragraph separator", "Some viewers begin a line there, and pages do not."),
        '\u{13430}'..='\u{1343f}' => {
            ("control of hieroglyphs", "Readers see nothing of it, or a box.")
        }
        '\u{fdd0}'..='\u{fdef}' => ("noncharacter", "Readers see nothing of it, or a box."),
        // U+FFFE and U+FFFF are refused.
        _ if number > 0xffff && number & 0xfffe == 0xfffe => {
            ("noncharacter", "Readers see nothing of it, or a box.")
        }
        _ => return None,
    })
}
