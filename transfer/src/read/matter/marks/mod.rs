//! Marks that keep a post from readers, in the words of any generator, theme or plugin.
//!
//! Nobody knows all of these words, and a post that goes public by mistake cannot be taken back. So a key
//! that sounds like a mark, with a value that says no, is one.

mod words;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::super::clean::text_of;
use super::super::dates;
use super::fields::plain;
use words::{
    AUDIENCE, BEFORE, BEHIND, CLOSED, FOLDERS, NO, NOT, NOT_PUBLIC, OPEN, PARTS, PUBLIC, STATE,
    SURE,
};

/// How deep objects of front matter are looked into.
const DEPTH: usize = 4;

/// The first mark that keeps a post from readers, as it stands in the front matter: `draft: true`.
pub(super) fn closed(matter: &Map<String, Value>) -> Option<String> {
    inside(matter, &mut Vec::new())
}

/// The folder or the name that keeps a file from readers.
pub(super) fn closed_place(path: &str) -> Option<&str> {
    let mut parts = path.split(['/', '\\']).rev();
    let name = parts.next().filter(|name| name.starts_with('_'));
    name.or_else(|| parts.find(|part| FOLDERS.contains(&part.to_lowercase().as_str())))
}

fn inside(matter: &Map<String, Value>, above: &mut Vec<String>) -> Option<String> {
    matter.iter().find_map(|(key, value)| {
        let values = match value {
            Value::Object(inner) if above.len() < DEPTH => {
                above.push(key.clone());
                let found = inside(inner, above);
                above.pop();
                return found;
            }
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        let value = values.iter().filter_map(text_of).find(|value| is_closed(key, value, above))?;
        let path: Vec<&str> = above.iter().map(String::as_str).chain([key.as_str()]).collect();
        // What is no word for it may be what opens the post.
        Some(match is_yes(&value) || is_no(&value) || value.contains("noindex") {
            true => format!("{}: {value}", path.join(".")),
            false => path.join("."),
        })
    })
}

/// Whether a key with a value keeps a post from readers.
fn is_closed(key: &str, value: &str, above: &[String]) -> bool {
    let words = words(key);
    let around: Vec<String> = above.iter().flat_map(|key| self::words(key)).collect();
    let is_part = |word: &String| PARTS.contains(&word.as_str());
    if words.last().is_some_and(|word| word == "robots" || word == "googlebot") {
        return is_unseen(value);
    }
    if around.iter().any(is_part) || words.len() > 1 && words.iter().any(is_part) {
        return false;
    }
    if matches!(plain(key).as_str(), "permalink" | "url") && above.is_empty() {
        return value == "false";
    }
    let Some(said) = said(&words, &around) else { return false };
    match said {
        Said::Audience => !is_for_all(value),
        Said::State => NOT_PUBLIC.contains(&value.trim().to_lowercase().as_str()),
        Said::Public => !is_yes(value) && !is_time(value),
        Said::Open => is_no(value),
        Said::Closed { is_sure } => is_yes(value) || is_sure && !is_not_meant(value),
    }
}

/// What a key is about.
enum Said {
    Audience,
    State,
    /// For readers where it says yes, and nothing else.
    Public,
    /// For readers unless it says no.
    Open,
    /// Not for readers where it says yes; surely so where the key is nothing but the word.
    Closed {
        is_sure: bool,
    },
}

fn said(words: &[String], around: &[String]) -> Option<Said> {
    let word = |list: &[&str], word: &String| list.contains(&word.as_str());
    let last = words.last()?;
    let core: Vec<&String> = words.iter().filter(|found| !word(&BEFORE, found)).collect();
    let is_alone = core.len() <= 1;
    if word(&AUDIENCE, last) {
        return Some(Said::Audience);
    }
    if word(&STATE, last) {
        return Some(Said::State);
    }
    let is_open = |found: &String| {
        word(&OPEN, found) || found.contains("publish") && !found.starts_with("un")
    };
    let place = words.iter().position(|found| word(&CLOSED, found));
    let place = place.or_else(|| words.iter().position(is_open));
    if words.first().is_some_and(|first| first == "hide")
        && words.get(1).is_none_or(|next| word(&BEHIND, next))
    {
        return Some(Said::Closed { is_sure: false });
    }
    let Some(place) = place else {
        // `disabled`, and `disable` of a feed or of the sitemap.
        let is_off = matches!(last.as_str(), "disabled" | "disable");
        let is_of_open = around.last().is_none_or(is_open);
        let is_on = matches!(last.as_str(), "enabled" | "enable" | "active");
        return match () {
            () if is_off && is_alone && is_of_open => Some(Said::Closed { is_sure: false }),
            () if is_on && is_alone && is_of_open => Some(Said::Open),
            () => None,
        };
    };
    let is_placed = words[..place].iter().all(|before| word(&BEFORE, before) || word(&NOT, before))
        || place + 1 == words.len();
    let is_placed = is_placed && words.get(place + 1).is_none_or(|behind| word(&BEHIND, behind));
    let found = &words[place];
    let is_mark = is_placed || matches!(found.as_str(), "exclude" | "excluded" | "noindex");
    if !is_mark {
        return None;
    }
    let is_turned = words[..place].iter().any(|before| word(&NOT, before));
    Some(match (word(&CLOSED, found), is_turned) {
        (true, false) => Said::Closed { is_sure: is_alone && word(&SURE, found) },
        (true, true) => Said::Open,
        (false, true) => Said::Closed { is_sure: false },
        (false, false) if is_alone && word(&PUBLIC, found) => Said::Public,
        (false, false) => Said::Open,
    })
}

/// Whether a value sends robots away.
fn is_unseen(value: &str) -> bool {
    let value = value.to_lowercase();
    value.split(|char: char| !char.is_alphanumeric()).any(|word| {
        matches!(word, "noindex" | "none" | "false" | "no" | "disallow" | "hidden" | "hide")
    })
}

/// The words of `dg-publish`, `isDraft`, `in_search.list` and `ExcludeFromFeed`, in small letters.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for char in key.chars() {
        let is_break = !char.is_alphanumeric();
        if (is_break || char.is_uppercase() && was_small) && words.last() != Some(&String::new()) {
            words.push(String::new());
        }
        if let (false, Some(word)) = (is_break, words.last_mut()) {
            word.extend(char.to_lowercase());
        }
        was_small = char.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    // `ispublished`, `nopublish`, `searchhidden`.
    let [word] = words.as_slice() else { return words };
    let known = || OPEN.iter().chain(&CLOSED);
    if known().any(|known| known == word) {
        return words;
    }
    let parts = |word: &str| {
        let head = BEFORE.iter().chain(&NOT).find_map(|head| {
            let rest = word.strip_prefix(head)?;
            known().any(|known| *known == rest).then(|| vec![(*head).to_owned(), rest.to_owned()])
        });
        head.or_else(|| {
            let tail = known().find(|known| known.len() > 5 && word.ends_with(*known))?;
            let head = word.strip_suffix(tail).filter(|head| !PARTS.contains(head))?;
            Some(vec![head.to_owned(), (*tail).to_owned()])
        })
    };
    parts(word).unwrap_or(words)
}

fn is_yes(value: &str) -> bool {
    let words = ["true", "yes", "on", "1", "y", "t", "always", "all", "everyone", "anyone"];
    let value = value.trim().to_lowercase();
    words.contains(&value.as_str()) || is_for_all(&value)
}

fn is_no(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    NO.contains(&value.as_str()) || NOT_PUBLIC.contains(&value.as_str())
}

/// Whether a value says that a mark is not meant.
fn is_not_meant(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    is_for_all(&value) || NO.contains(&value.as_str())
}

/// Whether a value says that all readers may see it.
pub(super) fn is_for_all(value: &str) -> bool {
    let words = ["public", "published", "publish", "live", "everyone", "all", "anyone", "visible"];
    words.contains(&value.trim().to_lowercase().as_str())
}

/// Whether a value is the time of a publication.
fn is_time(value: &str) -> bool {
    dates::time(value, &TimeZone::UTC).is_some()
}

#[cfg(test)]
mod tests;
