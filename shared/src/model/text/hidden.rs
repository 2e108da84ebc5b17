//! Characters that nobody sees, and the rule which of them a text may hold.
//!
//! A person approves what they see; agents and search engines read every character. Characters that
//! no script needs are therefore refused in every text. Those that scripts do need pass one or two at
//! a time: [`MAX_RUN`]. docs/decisions/0017-hidden-text.md has the reasons, and the sources are
//! `Default_Ignorable_Code_Point` of the Unicode Character Database, UAX #9 and UTS #51.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// How many characters without a width may follow each other. Emoji need two (a variation selector
/// and a joiner), and so do some Mongolian suffixes; nothing needs three.
pub const MAX_RUN: usize = 2;

/// Why a character is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A control character (C0, U+007F, C1) other than a tab or a line break.
    Control,
    /// An embedding, override or isolate of the bidirectional algorithm (UAX #9 §2). Right-to-left
    /// text needs none of them, and they make a text look like another one.
    DirectionOverride,
    /// An invisible copy of an ASCII character (U+E0000 block). Flags of regions are spelled with
    /// them, and nothing else is.
    Tag,
    /// A variation selector of the supplement (U+E0100 to U+E01EF): 240 values that draw nothing, so
    /// each can carry a byte.
    VariationSupplement,
    /// A blank that counts as a letter or as a sign: Hangul fillers and the blank Braille pattern.
    Filler,
    /// A mark around an annotation that plain text does not show (U+FFF9 to U+FFFB).
    Annotation,
    /// A format character that Unicode deprecates.
    Deprecated,
    /// A code point that Unicode reserves for characters that draw nothing.
    Reserved,
    /// A code point that XML, and so a feed, cannot hold (U+FFFE, U+FFFF).
    Noncharacter,
    /// A character without a width: it allows or forbids a line break, or ends a joined form.
    ZeroWidth,
    /// U+200C or U+200D: Arabic, Indic scripts and emoji need them.
    Joiner,
    /// A soft hyphen.
    SoftHyphen,
    /// A mark of direction that changes no order by itself (U+061C, U+200E, U+200F).
    DirectionMark,
    /// A variation selector of emoji, Han, Mongolian and mathematical signs.
    Variation,
}

impl Class {
    /// Whether no text may hold it, even once.
    #[must_use]
    pub const fn is_refused(self) -> bool {
        !matches!(
            self,
            Self::ZeroWidth
                | Self::Joiner
                | Self::SoftHyphen
                | Self::DirectionMark
                | Self::Variation
        )
    }

    /// What to call such a character.
    const fn name(self) -> &'static str {
        match self {
            Self::Control => "a control character",
            Self::DirectionOverride => "a mark that turns the direction of text",
            Self::Tag => "a tag character",
            Self::VariationSupplement => "a supplementary variation selector",
            Self::Filler => "a filler",
            Self::Annotation => "an annotation mark",
            Self::Deprecated => "a deprecated format character",
            Self::Reserved => "a reserved invisible character",
            Self::Noncharacter => "a noncharacter",
            Self::ZeroWidth => "a zero-width character",
            Self::Joiner => "a joiner",
            Self::SoftHyphen => "a soft hyphen",
            Self::DirectionMark => "a direction mark",
            Self::Variation => "a variation selector",
        }
    }
}

/// Why a character is not seen; `None` for one that is, and for tabs and line breaks.
#[must_use]
pub const fn class_of(char: char) -> Option<Class> {
    Some(match char {
        '\t' | '\n' | '\r' | ' '..='~' => return None,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Class::Control,
        '\u{ad}' => Class::SoftHyphen,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => Class::DirectionMark,
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => Class::Filler,
        '\u{17b4}' | '\u{17b5}' | '\u{206a}'..='\u{206f}' => Class::Deprecated,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' => Class::Variation,
        '\u{200c}' | '\u{200d}' => Class::Joiner,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Class::DirectionOverride,
        '\u{34f}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{16fe4}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}'
        | '\u{1d173}'..='\u{1d17a}' => Class::ZeroWidth,
        '\u{fff9}'..='\u{fffb}' => Class::Annotation,
        '\u{fffe}' | '\u{ffff}' => Class::Noncharacter,
        '\u{e0001}' | '\u{e0020}'..='\u{e007f}' => Class::Tag,
        '\u{e0100}'..='\u{e01ef}' => Class::VariationSupplement,
        '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}' => Class::Reserved,
        _ => return None,
    })
}

/// What to call an invisible character: its own name if it is a common one, else that of its class.
#[must_use]
pub fn name(char: char) -> &'static str {
    match char {
        '\u{34f}' => "combining grapheme joiner",
        '\u{61c}' => "Arabic letter mark",
        '\u{ad}' => "soft hyphen",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible mathematical operator",
        '\u{2800}' => "blank Braille pattern",
        '\u{3164}' | '\u{ffa0}' | '\u{115f}' | '\u{1160}' => "Hangul filler",
        '\u{fe0e}' => "variation selector for text",
        '\u{fe0f}' => "variation selector for emoji",
        '\u{feff}' => "zero-width no-break space",
        _ => class_of(char).map_or("visible character", |class| {
            let name = class.name();
            name.strip_prefix("an ").or(name.strip_prefix("a ")).unwrap_or(name)
        }),
    }
}

/// The first character of a text that it may not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Hidden {
    /// The character.
    pub char: char,
    /// The line, from 1.
    pub line: usize,
    /// The place within the line in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { char, line, column } = self;
        let code = u32::from(*char);
        match class_of(*char) {
            Some(class) if class.is_refused() => write!(
                f,
                "Holds U+{code:04X}, {}, on line {line}, column {column}. Readers do not see it: \
                 remove it.",
                class.name()
            ),
            _ => write!(
                f,
                "Holds more than {MAX_RUN} invisible characters in a row from line {line}, column \
                 {column} (U+{code:04X}, {}). Readers do not see them: remove them.",
                name(*char)
            ),
        }
    }
}

/// Checks that a text holds nothing that no script needs and no eye sees.
///
/// # Errors
/// The first such character.
pub fn check(text: &str) -> Result<(), Hidden> {
    match refused(text).next() {
        None => Ok(()),
        Some((at, char)) => {
            let (line, column) = place(text, at);
            Err(Hidden { char, line, column })
        }
    }
}

/// Line and column of a byte of a text, both from 1; the column counts characters.
#[must_use]
pub fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(at)];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Every character of a text that it may not hold, with its place in bytes.
pub fn refused(text: &str) -> impl Iterator<Item = (usize, char)> {
    Refused { text, at: 0, run_end: 0 }
}

/// A text in which every refused character is replaced, or removed where `with` is `None` for it.
pub fn replace(text: &str, with: impl Fn(char) -> Option<char>) -> Replaced<'_> {
    let mut replaced = Replaced { text: Cow::Borrowed(text), counts: BTreeMap::new() };
    // Where a character was removed, two short runs can have become a long one.
    while let Some(next) = pass(&replaced.text, &with, &mut replaced.counts) {
        replaced.text = Cow::Owned(next);
    }
    replaced
}

/// The text without what was refused in it; `None` if nothing was.
fn pass(
    text: &str,
    with: impl Fn(char) -> Option<char>,
    counts: &mut BTreeMap<char, usize>,
) -> Option<String> {
    let mut refused = refused(text).peekable();
    refused.peek()?;
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for (at, char) in refused {
        out.push_str(&text[end..at]);
        // A replacement that is refused, too, would never come to an end.
        out.extend(with(char).filter(|with| class_of(*with).is_none()));
        end = at + char.len_utf8();
        *counts.entry(char).or_default() += 1;
    }
    out.push_str(&text[end..]);
    Some(out)
}

/// What [`replace`] made of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced<'a> {
    /// The text, in which nothing is refused.
    pub text: Cow<'a, str>,
    /// How often each refused character was in it.
    pub counts: BTreeMap<char, usize>,
}

struct Refused<'a> {
    text: &'a str,
    at: usize,
    /// Where a run that is too long ends; all of it is refused.
    run_end: usize,
}

impl Iterator for Refused<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        loop {
            let rest = &self.text[self.at..];
            let char = rest.chars().next()?;
            let here = self.at;
            match class_of(char) {
                None => self.at += flag(rest).unwrap_or(char.len_utf8()),
                Some(class) if class.is_refused() || here < self.run_end => {
                    self.at += char.len_utf8();
                    return Some((here, char));
                }
                Some(_) => {
                    let is_run = |char: &char| class_of(*char).is_some_and(|c| !c.is_refused());
                    let run = rest.chars().take_while(is_run);
                    let (count, length) =
                        run.fold((0, 0), |(count, length), c| (count + 1, length + c.len_utf8()));
                    if count > MAX_RUN {
                        self.run_end = here + length;
                    } else {
                        self.at += length;
                    }
                }
            }
        }
    }
}

/// The length in bytes of a flag of a region at the start of a text: a black flag, the code of a
/// country's subdivision in tag characters, and the tag that ends it (UTS #51, emoji tag sequences).
fn flag(text: &str) -> Option<usize> {
    let tags = text.strip_prefix('\u{1f3f4}')?;
    let is_code =
        |char: &char| matches!(char, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let code = tags.chars().take(7).take_while(is_code).count();
    let length = '\u{1f3f4}'.len_utf8() + (code + 1) * '\u{e007f}'.len_utf8();
    let ends = tags.chars().nth(code) == Some('\u{e007f}');
    (ends && (3..=6).contains(&code)).then_some(length)
}
