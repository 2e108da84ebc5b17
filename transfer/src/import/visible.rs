//! Takes text that nobody sees out of what is imported, and says so: Byline refuses it everywhere, and
//! old systems have it without anybody's intent.

use std::collections::BTreeMap;

use byline_shared::model::hidden;
use serde_json::{Map, Value};

use crate::model::{Author, MediaFile, Post, Publication, Site, Skipped, Tag};

/// How many kinds of characters a note names.
const NAMED: usize = 5;

/// The characters that Windows-1252 has where Unicode has control characters (WHATWG Encoding
/// Standard, index windows-1252). Old texts that were taken for Latin-1 have them.
const WINDOWS_1252: [Option<char>; 32] = [
    Some('\u{20ac}'),
    None,
    Some('\u{201a}'),
    Some('\u{192}'),
    Some('\u{201e}'),
    Some('\u{2026}'),
    Some('\u{2020}'),
    Some('\u{2021}'),
    Some('\u{2c6}'),
    Some('\u{2030}'),
    Some('\u{160}'),
    Some('\u{2039}'),
    Some('\u{152}'),
    None,
    Some('\u{17d}'),
    None,
    None,
    Some('\u{2018}'),
    Some('\u{2019}'),
    Some('\u{201c}'),
    Some('\u{201d}'),
    Some('\u{2022}'),
    Some('\u{2013}'),
    Some('\u{2014}'),
    Some('\u{2dc}'),
    Some('\u{2122}'),
    Some('\u{161}'),
    Some('\u{203a}'),
    Some('\u{153}'),
    None,
    Some('\u{17e}'),
    Some('\u{178}'),
];

/// What was taken out of a text: how often each character was in it.
type Taken = BTreeMap<char, usize>;

/// Cleans a post and notes what was taken out of it.
pub(super) fn post(post: &mut Post) {
    let mut notes = Vec::new();
    let mut field = |name: &str, text: Option<&mut String>| {
        let taken = text.map(clean).unwrap_or_default();
        notes.extend(sentence(&format!("its {name}"), &taken));
    };
    field("title", Some(&mut post.title));
    field("text", Some(&mut post.body));
    field("excerpt", post.excerpt.as_mut());
    field("search title", post.meta_title.as_mut());
    field("search description", post.meta_description.as_mut());
    field("canonical URL", post.canonical_url.as_mut());
    field("language", post.language.as_mut());
    field("cover's description", post.cover.as_mut().and_then(|cover| cover.alt.as_mut()));
    for tag in &mut post.tags {
        let taken = clean(&mut tag.name);
        notes.extend(sentence(&format!("the name of its tag `{}`", tag.name), &taken));
    }
    let mut taken = Taken::new();
    post.metadata = object(std::mem::take(&mut post.metadata), &mut taken);
    notes.extend(sentence("its metadata", &taken));
    notes.into_iter().for_each(|note| post.skip(note));
}

/// Cleans everything but the posts, which are read one at a time, and notes what was taken out.
pub(super) fn publication(publication: &mut Publication) {
    let Publication { site: said_of_site, authors, tags, media, skipped, .. } = publication;
    skipped.extend(site(said_of_site));
    skipped.extend(authors.iter_mut().flat_map(author));
    skipped.extend(tags.iter_mut().flat_map(tag));
    skipped.extend(media.iter_mut().flat_map(file));
}

/// Cleans what an export says of its site.
fn site(site: &mut Site) -> Vec<Skipped> {
    let texts = [&mut site.title, &mut site.description, &mut site.style_guide];
    said("the site's settings", texts.into_iter().flatten())
}

/// Cleans the name of an author.
fn author(author: &mut Author) -> Vec<Skipped> {
    let what = format!("the author {}", author.source_id);
    said(&what, [&mut author.name])
}

/// Cleans what a tag is called and what it is about.
fn tag(tag: &mut Tag) -> Vec<Skipped> {
    let what = format!("the tag {}", tag.slug);
    said(&what, std::iter::once(&mut tag.name).chain(&mut tag.description))
}

/// Cleans what an export says of a file.
fn file(file: &mut MediaFile) -> Vec<Skipped> {
    let what = file.path.clone();
    said(&what, [&mut file.filename, &mut file.alt, &mut file.caption].into_iter().flatten())
}

fn said<'t>(what: &str, texts: impl IntoIterator<Item = &'t mut String>) -> Vec<Skipped> {
    let mut taken = Taken::new();
    for text in texts {
        add(&mut taken, clean(text));
    }
    sentence("it", &taken).into_iter().map(|why| Skipped::new(what, why)).collect()
}

/// Takes the characters out of a text that no text may hold.
fn clean(text: &mut String) -> Taken {
    let replaced = hidden::replace(text, visible);
    let taken = replaced.counts;
    if !taken.is_empty() {
        *text = replaced.text.into_owned();
    }
    taken
}

/// What stands in the place of a hidden character, if anything does.
fn visible(char: char) -> Option<char> {
    match char {
        '\u{80}'..='\u{9f}' => WINDOWS_1252[(u32::from(char) - 0x80) as usize],
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => Some(' '),
        _ => None,
    }
}

fn add(taken: &mut Taken, more: Taken) {
    for (char, count) in more {
        *taken.entry(char).or_default() += count;
    }
}

fn object(object: Map<String, Value>, taken: &mut Taken) -> Map<String, Value> {
    let members = object.into_iter().map(|(mut name, member)| {
        add(taken, clean(&mut name));
        (name, value(member, taken))
    });
    members.collect()
}

fn value(any: Value, taken: &mut Taken) -> Value {
    match any {
        Value::String(mut text) => {
            add(taken, clean(&mut text));
            Value::String(text)
        }
        Value::Array(values) => values.into_iter().map(|inner| value(inner, taken)).collect(),
        Value::Object(members) => Value::Object(object(members, taken)),
        other => other,
    }
}

/// What was taken out of something, in a sentence; `None` if nothing was.
fn sentence(of: &str, taken: &Taken) -> Option<String> {
    let count: usize = taken.values().sum();
    let mut kinds: Vec<String> = taken
        .iter()
        .take(NAMED)
        .map(|(char, count)| {
            format!("{count} \u{d7} U+{:04X} ({})", u32::from(*char), hidden::name(*char))
        })
        .collect();
    if taken.len() > NAMED {
        kinds.push("\u{2026}".to_owned());
    }
    let (noun, verb) = match count {
        0 => return None,
        1 => ("character", "was"),
        _ => ("characters", "were"),
    };
    Some(format!(
        "{count} invisible {noun} of {of} {verb} replaced or taken out: {}.",
        kinds.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_is_said() {
        let mut odd = Post::new("1", "Don\u{92}t \u{2800}\u{85}");
        odd.body = "a\u{7}b\u{200b}\u{200b}\u{200b}\u{e0041}c\u{ad}d\n".into();
        odd.metadata.insert("k\u{3164}".into(), serde_json::json!(["\u{202e}x", 1]));
        super::post(&mut odd);
        assert_eq!(odd.title, "Don\u{2019}t  \u{2026}");
        assert_eq!(odd.body, "abc\u{ad}d\n");
        assert_eq!(serde_json::to_string(&odd.metadata).unwrap(), r#"{"k ":["x",1]}"#);
        let said: Vec<&str> = odd.skipped.iter().map(|said| said.why.as_str()).collect();
        assert_eq!(
            said[1],
            "5 invisible characters of its text were replaced or taken out: 1 \u{d7} U+0007 (control \
             character), 3 \u{d7} U+200B (zero-width space), 1 \u{d7} U+E0041 (tag character)."
        );
        assert_eq!(said.len(), 3, "{said:?}");
        let mut plain = Post::new("1", "Plain");
        super::post(&mut plain);
        assert!(plain.skipped.is_empty());
    }
}
