//! A post of another system, made to fit what posts are here. What does not fit is cut or left out,
//! and said.

use byline_shared::endpoint::{InputContract, typed};
use byline_shared::http::problem::Problem;
use byline_shared::model::{
    Markdown, MediaId, Metadata, Name, PostFields, Slug, Tag, TagName, Title, hidden,
};
use byline_shared::publishing::NewPost;
use serde_json::{Value, json};

use crate::model::{Metadata as Object, Post, PostTag};

/// A post that fits.
pub(super) struct Fitted {
    pub(super) fields: PostFields,
    pub(super) body: Markdown,
    /// What was cut or left out, in sentences.
    pub(super) notes: Vec<String>,
}

/// The title of a post whose own has nothing to see.
const UNTITLED: &str = "(Untitled)";

/// How many tags a post may have.
const MAX_TAGS: usize = 20;

/// Makes a post fit.
///
/// # Errors
/// 422 for what cannot be cut.
pub(super) fn fit(post: &Post, cover: Option<&str>) -> Result<Fitted, Problem> {
    let mut notes = Vec::new();
    let mut tags = post.tags.clone();
    if tags.len() > MAX_TAGS {
        let left: Vec<String> = tags.drain(MAX_TAGS..).map(|tag| tag.name).collect();
        notes.push(format!(
            "It may have {MAX_TAGS} tags; these were left out: {}.",
            left.join(", ")
        ));
    }
    let slug = post.slug.as_deref().and_then(slug_of);
    let cover = cover.and_then(|id| id.parse::<MediaId>().ok());
    let mut fields = Object::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    let title = cut(&one_line(&post.title), 200, "title", &mut notes);
    let title = if title.parse::<Title>().is_ok() { title } else { UNTITLED.to_owned() };
    put("title", Some(title.into()));
    put("type", Some(post.post_type.as_str().into()));
    put("body", Some(post.body.clone().into()));
    let excerpt = post.excerpt.as_deref().map(|text| cut(text, 500, "excerpt", &mut notes));
    put("excerpt", excerpt.map(Value::from));
    put("cover", cover.map(|id| json!(id)));
    put("canonical_url", post.canonical_url.clone().map(Value::from));
    let title = post.meta_title.as_deref();
    let title = title.map(|text| cut(&one_line(text), 200, "meta_title", &mut notes));
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
) -> Result<NewPost, Problem> {
    let contract = InputContract::from_body::<NewPost>();
    loop {
        let names = tags.iter().map(|tag| Value::from(tag.name.as_str())).collect();
        fields.insert("tags".into(), names);
        let problem = match contract.validate(Value::Object(fields.clone())) {
            Ok(value) => return typed(value),
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
            return Err(problem);
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
    text.parse().ok().or_else(|| Slug::from_text(text))
}

fn tag(tag: &PostTag) -> Option<Tag> {
    // Its form was checked with the post's.
    let name = tag.name.parse::<TagName>().ok()?;
    let slug = slug_of(&tag.slug).or_else(|| Slug::from_text(&tag.name))?;
    Some(Tag { slug, name })
}

/// A name of one line, as a person's has to be.
pub(super) fn name(text: &str, or: &Slug) -> Name {
    let line: String = one_line(text).chars().take(100).collect();
    line.parse().unwrap_or_else(|_| Name::trusted(or.as_str()))
}

/// Text with spaces in the place of line breaks and tabs.
pub(super) fn one_line(text: &str) -> String {
    let is_break = |char: char| char.is_control() || matches!(char, '\u{2028}' | '\u{2029}');
    text.replace("\r\n", " ").replace(is_break, " ")
}

/// Text of at most so many characters.
fn cut(text: &str, most: usize, name: &str, notes: &mut Vec<String>) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    notes.push(format!("Its `{name}` was cut: it may have {most} characters."));
    let cut: String = text.chars().take(most - 1).collect();
    // A flag that was cut in two would leave characters that nobody sees.
    format!("{}\u{2026}", hidden::replace(&cut, |_| None).text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_and_said() {
        let mut post = Post::new("1", "T".repeat(300));
        post.slug = Some("Größe".into());
        post.body = "ab\n".into();
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
        assert_eq!(fitted.notes.len(), 4, "{:?}", fitted.notes);
        let blank = fit(&Post::new("2", "\u{2028} \n"), None).unwrap();
        assert_eq!(blank.fields.title.as_str(), "(Untitled)");
    }
}
