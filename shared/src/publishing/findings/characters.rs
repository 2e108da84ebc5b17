//! Invisible characters of a text: how many of which, and what they spell.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_script::{Script, UnicodeScript};

use super::excerpt::{code, named, quoted};
use super::found::{At, Found};
use super::scripts::{has_no_spaces, is_emoji, is_joining, is_rtl};
use crate::model::FindingCode;
use crate::model::hidden::{self, Class, class_of};

/// How many characters must be spelled before they count as a message.
const MESSAGE: usize = 3;

/// Flags of regions that systems draw: England, Scotland, Wales.
const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];

/// Finds the invisible characters of a text.
pub(super) fn examine(text: &str, found: &mut Found<'_>) {
    if text.is_ascii() && !text.bytes().any(|byte| class_of(byte.into()).is_some()) {
        return;
    }
    let refused = refused(text, found);
    let mut needed: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    let mut others: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    let mut carriers: Vec<char> = Vec::new();
    let has_rtl = text.chars().any(is_rtl);
    let mut skipped = refused.iter().peekable();
    let (mut before, mut chars) = (None, text.char_indices().peekable());
    while let Some((at, char)) = chars.next() {
        let class = class_of(char).filter(|class| !class.is_refused());
        let Some(class) = class else {
            before = Some(char);
            continue;
        };
        carriers.push(char);
        while skipped.next_if(|skip| **skip < at).is_some() {}
        if skipped.peek() != Some(&&at) {
            let after = chars.peek().map(|(_, char)| *char);
            let is_needed = is_needed(class, char, before, after, has_rtl);
            let counts = if is_needed { &mut needed } else { &mut others };
            counts.entry(char).or_insert((at, 0)).1 += 1;
        }
        // A selector belongs to what stands before it, and so does a joiner behind the selector.
        if class != Class::Variation {
            before = Some(char);
        }
    }
    for (char, (at, count)) in others {
        let message = format!(
            "{count} \u{d7} {}. Readers do not see it, and nothing around it needs it; words that look \
             equal differ.",
            named(char)
        );
        found.add(FindingCode::InvisibleCharacters, Some(At::Byte(at)), message);
    }
    for (char, (at, count)) in needed {
        let message = format!("{count} \u{d7} {}, where emoji or the script need it.", named(char));
        found.add(FindingCode::InvisibleCharacters, Some(At::Byte(at)), message);
    }
    if let Some(message) = bits(&carriers).or_else(|| nibbles(&carriers)) {
        spelled(&message, first(text, &carriers), found);
    }
    flags(text, found);
}

/// Characters that are written as entities of HTML, outside of code.
pub(super) fn entities(text: &str, code_ranges: &[Range<usize>], found: &mut Found<'_>) {
    let mut at = 0;
    let mut code_ranges = code_ranges.iter().peekable();
    while let Some(start) = text[at..].find('&').map(|start| at + start) {
        at = start + 1;
        while code_ranges.next_if(|range| range.end <= start).is_some() {}
        if code_ranges.peek().is_some_and(|range| range.contains(&start)) {
            continue;
        }
        let Some(char) = entity(&text[at..]) else { continue };
        let Some(class) = class_of(char) else { continue };
        let message = format!(
            "{}, written as an entity of HTML. Readers do not see it, and in the source it looks like \
             any other entity.",
            named(char)
        );
        let is_refused = class.is_refused();
        let kind =
            if is_refused { FindingCode::HiddenText } else { FindingCode::InvisibleCharacters };
        found.add(kind, Some(At::Byte(start)), message);
    }
}

/// The character of an entity behind its `&`: by number, or by one of the names of invisible ones.
fn entity(text: &str) -> Option<char> {
    const NAMES: [(&str, char); 17] = [
        ("shy", '\u{ad}'),
        ("zwj", '\u{200d}'),
        ("zwnj", '\u{200c}'),
        ("lrm", '\u{200e}'),
        ("rlm", '\u{200f}'),
        ("NoBreak", '\u{2060}'),
        ("af", '\u{2061}'),
        ("ApplyFunction", '\u{2061}'),
        ("it", '\u{2062}'),
        ("InvisibleTimes", '\u{2062}'),
        ("ic", '\u{2063}'),
        ("InvisibleComma", '\u{2063}'),
        ("ZeroWidthSpace", '\u{200b}'),
        ("NegativeVeryThinSpace", '\u{200b}'),
        ("NegativeThinSpace", '\u{200b}'),
        ("NegativeMediumSpace", '\u{200b}'),
        ("NegativeThickSpace", '\u{200b}'),
    ];
    let end = text.bytes().take(32).position(|byte| byte == b';')?;
    let name = &text[..end];
    let Some(number) = name.strip_prefix('#') else {
        return NAMES.iter().find(|(known, _)| *known == name).map(|(_, char)| *char);
    };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

/// The characters that no text may hold any more, of each class once; answers where they are.
fn refused(text: &str, found: &mut Found<'_>) -> Vec<usize> {
    let mut places = Vec::new();
    let mut classes: BTreeMap<Class, (usize, Vec<char>)> = BTreeMap::new();
    for (at, char) in hidden::refused(text) {
        places.push(at);
        if let Some(class) = class_of(char) {
            classes.entry(class).or_insert((at, Vec::new())).1.push(char);
        }
    }
    for (at, chars) in classes.into_values() {
        let spelled: String = chars.iter().filter_map(|char| carried(*char)).collect();
        let says = match is_message(&spelled) {
            true => format!(" They spell {}.", quoted(&spelled)),
            false => String::new(),
        };
        let kinds = chars.iter().collect::<BTreeSet<_>>();
        let names: Vec<String> = kinds.iter().take(5).map(|char| code(**char)).collect();
        let more = if kinds.len() > names.len() { ", \u{2026}" } else { "" };
        let message = format!(
            "{} \u{d7} {} ({}{more}). Readers do not see them; agents and search engines do.{says} New \
             texts may not hold them.",
            chars.len(),
            hidden::name(chars[0]),
            names.join(", ")
        );
        found.add(FindingCode::HiddenText, Some(At::Byte(at)), message);
    }
    places
}

/// The byte that a tag or a supplementary selector carries, as ASCII.
fn carried(char: char) -> Option<char> {
    let number = u32::from(char);
    let byte = match char {
        '\u{e0020}'..='\u{e007e}' => number - 0xe0000,
        // Selectors number from 17: 16 of them are in the other block.
        '\u{e0100}'..='\u{e01ef}' => number - 0xe0100 + 16,
        _ => return None,
    };
    char::from_u32(byte)
}

fn is_message(text: &str) -> bool {
    text.len() >= MESSAGE && text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

/// A message in two kinds of characters that stand for 0 and 1.
pub(super) fn bits(carriers: &[char]) -> Option<String> {
    let signs: Vec<char> =
        carriers.iter().copied().filter(|char| class_of(*char) != Some(Class::Variation)).collect();
    let kinds: BTreeSet<char> = signs.iter().copied().collect();
    let kinds: Vec<char> = kinds.into_iter().collect();
    let [zero, one] = kinds[..] else { return None };
    let ways = [(one, 8), (zero, 8), (one, 7), (zero, 7)];
    ways.into_iter().find_map(|(one, width)| {
        let bytes = signs
            .chunks_exact(width)
            .map(|chunk| chunk.iter().fold(0, |byte, sign| 2 * byte + u8::from(*sign == one)));
        let text: String = bytes.map(char::from).collect();
        is_message(&text).then_some(text)
    })
}

/// A message in variation selectors that stand for half a byte each.
fn nibbles(carriers: &[char]) -> Option<String> {
    let halves: Vec<u8> = carriers
        .iter()
        .filter_map(|char| {
            let number = u32::from(*char).checked_sub(0xfe00).filter(|number| *number < 16)?;
            u8::try_from(number).ok()
        })
        .collect();
    let bytes = halves.chunks_exact(2).map(|pair| 16 * pair[0] + pair[1]);
    let text: String = bytes.map(char::from).collect();
    is_message(&text).then_some(text)
}

fn first(text: &str, carriers: &[char]) -> usize {
    carriers.first().and_then(|char| text.find(*char)).unwrap_or(0)
}

pub(super) fn spelled(message: &str, at: usize, found: &mut Found<'_>) {
    let message = format!(
        "Invisible characters spell {}. Readers do not see it; agents can read it.",
        quoted(message)
    );
    found.add(FindingCode::SpelledText, Some(At::Byte(at)), message);
}

/// Flags of regions that no system draws: what they spell is not seen.
fn flags(text: &str, found: &mut Found<'_>) {
    for (at, flag) in text.match_indices('\u{1f3f4}') {
        let tags = text[at + flag.len()..].chars().take_while(|char| *char != '\u{e007f}');
        let code: String = tags.take(7).map_while(carried).collect();
        if !code.is_empty() && !FLAGS.contains(&code.as_str()) {
            spelled(&code, at, found);
        }
    }
}

/// Whether what stands around an invisible character needs it.
fn is_needed(
    class: Class,
    char: char,
    before: Option<char>,
    after: Option<char>,
    has_rtl: bool,
) -> bool {
    let either = |is: fn(char) -> bool| before.is_some_and(is) || after.is_some_and(is);
    let both = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match (class, char) {
        (Class::Joiner, '\u{200d}') => either(is_joining) || both(is_emoji),
        (Class::Joiner, _) => either(is_joining),
        (Class::DirectionMark, _) => has_rtl,
        (Class::Variation, '\u{fe0e}' | '\u{fe0f}') => {
            before.is_some_and(|char| is_emoji(char) || "#*0123456789".contains(char))
        }
        (Class::Variation, '\u{fe00}'..='\u{fe0d}') => before.is_some_and(|char| {
            is_joining(char)
                || char.script() == Script::Han
                || matches!(char, '\u{2200}'..='\u{22ff}' | '\u{2a00}'..='\u{2aff}')
        }),
        (Class::Variation, _) | (Class::ZeroWidth, '\u{180e}') => {
            before.is_some_and(|char| char.script() == Script::Mongolian)
        }
        (Class::ZeroWidth, '\u{200b}') => both(has_no_spaces),
        (Class::SoftHyphen, _) => both(char::is_alphabetic),
        _ => false,
    }
}
