//! A post of another system, made to fit what posts are here. What does not fit is cut or left out,
//! and said.

use byline_shared::endpoint::{InputContract, typed};
use byline_shared::model::{
    Markdown, MediaId, Metadata, Name, PostFields, Slug, Tag, is_deceptive,
};
use byline_shared::publishing::NewPost;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::problems::describe;
use crate::model::{Metadata as Object, Post, PostTag};

/// A post that fits.
pub(super) struct Fitted {
    pub(super) fields: PostFields,
    pub(super) body: Markdown,
    /// What was cut or left out, in sentences.
    pub(super) notes: Vec<String>,
}

/// How many tags a post may have.
const MAX_TAGS: usize = 20;

/// Makes a post fit.
///
/// # Errors
/// What cannot be cut, in words.
pub(super) fn fit(post: &Post, cover: Option<&str>) -> Result<Fitted, String> {
    let mut notes = Vec::new();
    let mut tags = post.tags.clone();
    if tags.len() > MAX_TAGS {
        let left: Vec<String> = tags.drain(MAX_TAGS..).map(|tag| tag.name).collect();
        notes.push(format!(
            "It may have {MAX_TAGS} tags; these were left out: {}.",
            left.join(", ")
        ));
    }
    let body = printable(&post.body);
    if body != post.body {
        notes.push("Control characters were taken out of its text.".to_owned());
    }
    let slug = post.slug.as_deref().and_then(slug_of);
    let cover = cover.and_then(|id| id.parse::<MediaId>().ok());
    let mut fields = Object::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    put("title", Some(cut(&post.title, 200, "title", &mut notes).into()));
    put("body", Some(body.clone().into()));
    let excerpt = post.excerpt.as_deref().map(|text| cut(text, 500, "excerpt", &mut notes));
    put("excerpt", excerpt.map(Value::from));
    put("cover", cover.map(|id| json!(id)));
    put("canonical_url", post.canonical_url.clone().map(Value::from));
    let title = post.meta_title.as_deref().map(|text| cut(text, 200, "meta_title", &mut notes));
    put("meta_title", title.map(Value::from));
    let text = post.meta_description.as_deref();
    let text = text.map(|text| cut(text, 500, "meta_description", &mut notes));
    put("meta_description", text.map(Value::from));
    put("language", post.language.as_deref().map(|language| language.replace('_', "-").into()));
    put("featured", post.featured.then(|| true.into()));
    put("metadata", (!post.metadata.is_empty()).then(|| metadata(&post.metadata, &mut notes)));
    let new = valid(fields, &mut tags, &mut notes)?;
    let slug = slug.or_else(|| Slug::from_text(new.title.as_str()));
    let slug = slug.unwrap_or_else(|| Slug::trusted("post"));
    let (mut fields, body) = new.into_parts(slug);
    fields.tags = tags.iter().filter_map(tag).collect();
    Ok(Fitted { fields, body, notes })
}

/// The post as the API would take it: what its schema refuses is left out, if a post can be without.
fn valid(
    mut fields: Object,
    tags: &mut Vec<PostTag>,
    notes: &mut Vec<String>,
) -> Result<NewPost, String> {
    let contract = InputContract::from_body::<NewPost>();
    loop {
        let names = tags.iter().map(|tag| Value::from(tag.name.as_str())).collect();
        fields.insert("tags".into(), names);
        let problem = match contract.validate(Value::Object(fields.clone())) {
            Ok(value) => return typed(value).map_err(describe),
            Err(problem) => problem,
        };
        let mut is_mended = false;
        // From the end, so that the places of tags stay what they are.
        for error in problem.errors.iter().rev() {
            let mut path = error.pointer.trim_start_matches('/').split('/');
            let (name, place) = (path.next().unwrap_or_default(), path.next());
            match (name, place.and_then(|place| place.parse::<usize>().ok())) {
                ("tags", Some(place)) if place < tags.len() => {
                    let tag = tags.remove(place);
                    notes.push(format!("The tag `{}` was left out: {}", tag.name, error.message));
                    is_mended = true;
                }
                ("title" | "body" | "tags", _) => {}
                (name, _) => {
                    if fields.shift_remove(name).is_some() {
                        notes.push(format!("Its `{name}` was left out: {}", error.message));
                        is_mended = true;
                    }
                }
            }
        }
        if !is_mended {
            return Err(describe(problem));
        }
    }
}

/// Metadata that can be kept: the largest values go first.
fn metadata(object: &Object, notes: &mut Vec<String>) -> Value {
    let mut object = object.clone();
    while let Err(why) = Metadata::trusted(object.clone()).check() {
        let size = |value: &Value| value.to_string().len();
        let largest = object.iter().max_by_key(|(_, value)| size(value));
        let Some(largest) = largest.map(|(name, _)| name.clone()) else { break };
        object.shift_remove(&largest);
        notes.push(format!("`{largest}` was left out of its metadata: {why}"));
    }
    Value::Object(object)
}

/// A slug as it is where it can be one, else one made of it.
pub(super) fn slug_of(text: &str) -> Option<Slug> {
    let is_group = |group: &str| {
        let mut chars = group.chars();
        !group.is_empty() && chars.all(|char| char.is_ascii_lowercase() || char.is_ascii_digit())
    };
    if text.len() <= 100 && text.split('-').all(is_group) {
        return Some(Slug::trusted(text));
    }
    Slug::from_text(text)
}

fn tag(tag: &PostTag) -> Option<Tag> {
    let name = byline_shared::model::TagName::trusted(tag.name.clone());
    let slug = slug_of(&tag.slug).or_else(|| Slug::from_text(&tag.name))?;
    Some(Tag { slug, name })
}

/// Text without the characters that no text has here.
pub(super) fn printable(text: &str) -> String {
    let is_control = |char: char| char.is_ascii_control() && !matches!(char, '\t' | '\n' | '\r');
    let is_refused = |char: char| {
        is_control(char) || is_deceptive(char) || matches!(char, '\u{fffe}' | '\u{ffff}')
    };
    text.chars().filter(|char| !is_refused(*char)).collect()
}

/// A name of one line, as a person's has to be.
pub(super) fn name(text: &str, or: &str) -> Name {
    let is_break = |char: &char| char.is_control() || matches!(char, '\u{2028}' | '\u{2029}');
    let text = printable(text).replace(['\n', '\t'], " ");
    let line: String = text.chars().filter(|char| !is_break(char)).take(100).collect();
    Name::trusted(if line.trim().is_empty() { or } else { &line })
}

/// A value as the API would take it.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn checked<T: JsonSchema + DeserializeOwned>(value: Value) -> Result<T, String> {
    let value = InputContract::from_body::<T>().validate(value).map_err(describe)?;
    typed(value).map_err(describe)
}

/// Text of at most so many characters.
fn cut(text: &str, most: usize, name: &str, notes: &mut Vec<String>) -> String {
    let text = printable(text);
    if text.chars().count() <= most {
        return text;
    }
    notes.push(format!("Its `{name}` was cut: it may have {most} characters."));
    let mut cut: String = text.chars().take(most - 1).collect();
    cut.push('\u{2026}');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_and_said() {
        let mut post = Post::new("1", "T".repeat(300));
        post.slug = Some("Größe".into());
        post.body = "a\u{7}b\n".into();
        post.canonical_url = Some("ftp://x".into());
        post.language = Some("de_DE".into());
        post.metadata.insert("big".into(), "x".repeat(9000).into());
        post.metadata.insert("small".into(), 1.into());
        let tag = |name: &str| PostTag { slug: "x".into(), name: name.into() };
        post.tags = vec![tag("fine"), tag(&"y".repeat(60))];
        let fitted = fit(&post, Some("media_nonsense")).unwrap();
        assert_eq!(fitted.fields.title.as_str().chars().count(), 200);
        assert_eq!(fitted.fields.slug.as_str(), "grosse");
        assert_eq!(fitted.body.as_str(), "ab\n");
        assert_eq!(fitted.fields.canonical_url, None);
        assert_eq!(fitted.fields.language.unwrap().as_str(), "de-DE");
        assert_eq!(fitted.fields.metadata.as_object().len(), 1);
        assert_eq!(fitted.fields.tags.len(), 1);
        assert_eq!(fitted.notes.len(), 5, "{:?}", fitted.notes);
    }
}
