//! Words that look like other words (UTS #39): letters of several scripts in one word, and words of
//! another script that look Latin in a Latin text.

use unicode_script::{Script, UnicodeScript};
use unicode_security::{MixedScript, is_potential_mixed_script_confusable_char, skeleton};

use super::excerpt::{code, quoted};
use super::found::{At, Found};
use crate::model::FindingCode;

/// How long a word may be to be looked at, in bytes. Nobody reads longer ones as a word.
const LONGEST: usize = 200;

/// Finds the words of a text that look like others.
pub(super) fn examine(text: &str, found: &mut Found<'_>) {
    if text.is_ascii() {
        return;
    }
    let mut is_latin = None;
    for (at, word) in words(text) {
        if word.is_ascii() || word.len() > LONGEST {
            continue;
        }
        if !word.is_single_script() {
            let odd = word.chars().find(|char| {
                char.script() != Script::Latin && is_potential_mixed_script_confusable_char(*char)
            });
            let Some(odd) = odd else { continue };
            let message = format!(
                "The word {} mixes letters of several scripts: {} is {}. It may look like another word.",
                quoted(word),
                code(odd),
                odd.script().full_name()
            );
            found.add(FindingCode::MixedScript, Some(At::Byte(at)), message);
        } else if let Some(latin) = looks_latin(word)
            && *is_latin.get_or_insert_with(|| is_mostly_latin(text))
        {
            let script = word.chars().map(|char| char.script()).find(|script| is_script(*script));
            let message = format!(
                "The word {} looks like {}, but its letters are {}.",
                quoted(word),
                quoted(&latin),
                script.map_or("of another script", Script::full_name)
            );
            found.add(FindingCode::MixedScript, Some(At::Byte(at)), message);
        }
    }
}

/// The words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |char: char| char.is_alphanumeric() || char.script() == Script::Inherited;
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_part)?;
        let length = text[start..].find(|char| !is_part(char)).unwrap_or(text.len() - start);
        rest = start + length;
        Some((start, &text[start..rest]))
    })
}

/// The Latin lookalike of a word that has letters of another script.
fn looks_latin(word: &str) -> Option<String> {
    let is_foreign = |char: char| is_script(char.script()) && char.script() != Script::Latin;
    if word.chars().count() < 2 || !word.chars().any(is_foreign) {
        return None;
    }
    let latin: String = skeleton(word).collect();
    latin.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(latin)
}

fn is_script(script: Script) -> bool {
    !matches!(script, Script::Common | Script::Inherited | Script::Unknown)
}

fn is_mostly_latin(text: &str) -> bool {
    let letters = || text.chars().filter(|char| char.is_alphabetic());
    let latin = letters().filter(|char| char.script() == Script::Latin).count();
    2 * latin > letters().count()
}
