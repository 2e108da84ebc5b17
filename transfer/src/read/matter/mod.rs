//! Front matter as a post: the keys of Jekyll, Hugo, Astro and Byline's own export.

mod addresses;
mod fields;
mod marks;
mod status;

use std::collections::HashSet;

use byline_shared::model::{PostType, Slug};
use serde_json::{Map, Value};

use super::clean::{self, text_of};
use super::dates;
use super::location::Location;
use super::permalink::Generator;
use super::source_context::SourceContext;
use crate::model::{Author, MediaRef, Post, PostTag};
use addresses::addresses;
use fields::{Fields, is_true};
use status::{Dates, keep_undated, set_status};

/// A file as a post, and its author as far as the file knows them.
pub(super) fn post_of(
    path: &str,
    matter: Map<String, Value>,
    body: &str,
    is_page: bool,
    context: &SourceContext,
) -> (Post, Option<Author>) {
    let mut fields = Fields { left: matter, is_exact: context.is_ours, notes: Vec::new() };
    let place = Location::of(path, &context.addresses);
    let title = fields.text(&["title"]);
    let title = if context.is_ours { title } else { title.map(|title| clean::one_line(&title)) };
    let title =
        title.or_else(|| heading(body)).unwrap_or_else(|| place.name.replace(['-', '_'], " "));
    let id = if context.is_ours { fields.text(&["id"]) } else { None };
    let mut post = Post::new(id.unwrap_or_else(|| path.to_owned()), title);
    post.body = body.to_owned();
    let mut wrong = Vec::new();

    let date = fields.time(&["date", "pubdate"], context, &mut wrong);
    let named_date = place.date.as_ref().filter(|_| !context.is_ours);
    let named = named_date.and_then(|date| dates::time(date, &context.zone));
    let is_named = !wrong.is_empty() && named.is_some();
    if is_named {
        for text in wrong.drain(..) {
            let why = "is not a date that is understood; the date in its file name counts.";
            post.skip(format!("`{text}` {why}"));
        }
    }
    let mut time = |names: &[&str]| fields.time(names, context, &mut wrong);
    let publish = time(&["publishdate", "publishedat"]);
    let scheduled = time(&["scheduledat"]);
    let is_wrong = !wrong.is_empty();
    let mut time = |names: &[&str]| fields.time(names, context, &mut wrong);
    post.updated_at =
        time(&["updatedat", "lastmod", "updated", "updateddate", "lastmodifiedat", "modified"]);
    post.created_at = time(&["createdat", "created"]);
    let date = date.or(named);
    let others = post.created_at.or(post.updated_at);
    let date = date.or(others.filter(|_| publish.is_none() && !context.is_ours));
    for text in wrong {
        post.skip(format!("`{text}` is not a date that is understood, and was left out."));
    }
    let dates = Dates { date, publish, scheduled, is_wrong };
    set_status(&mut post, &mut fields, path, &dates, context);
    let date = date.or(publish);

    tags(&mut post, &mut fields, context);
    let categories = categories(&mut post, &mut fields, &place, context);
    let author = author(&mut post, &mut fields, context);
    post.post_type = post_type(&mut fields, &place, is_page, context);
    if !context.is_ours {
        keep_undated(&mut post, &dates);
    }
    addresses(&mut post, &mut fields, &place, &categories, date, context);

    let (excerpt, description) =
        (fields.text(&["excerpt", "summary"]), fields.text(&["metadescription", "description"]));
    (post.excerpt, post.meta_description) = match (excerpt, description) {
        (None, description) if !context.is_ours => (description, None),
        both => both,
    };
    post.meta_title = fields.text(&["metatitle", "seotitle"]);
    post.canonical_url = fields.text(&["canonicalurl", "canonical"]);
    post.language = fields.text(&["language", "lang", "locale"]).or(place.language.clone());
    post.featured = fields.take(&["featured", "pinned"]).is_some_and(|value| is_true(&value));
    post.cover = cover(&mut fields);
    translation(&mut post, &mut fields, &place, context);
    if let Some(Value::Object(metadata)) = fields.take(&["metadata"]) {
        post.metadata.extend(metadata);
    }
    fields.notes.into_iter().for_each(|note| post.skip(note));
    // What is left has no place of its own, and is kept.
    post.metadata.extend(fields.left);
    notes(&mut post, path);
    (post, author)
}

/// Whether it is a page: by what it says itself, else by its place and its layout.
fn post_type(
    fields: &mut Fields,
    place: &Location,
    is_page: bool,
    context: &SourceContext,
) -> PostType {
    let layout = fields.text(&["layout"]);
    let said = fields.left.get("type").and_then(Value::as_str).map(str::to_lowercase);
    let known = match said.as_deref().map(str::trim) {
        Some("page" | "pages") => Some(PostType::Page),
        Some("post" | "posts") => Some(PostType::Post),
        _ => None,
    };
    if known.is_some() {
        fields.left.shift_remove("type");
    }
    // Some themes show their posts in the layout of a page.
    let generator = context.addresses.generator;
    let is_among_posts = place.is_post && matches!(generator, Generator::Jekyll | Generator::Hexo);
    let has_layout = layout.as_deref() == Some("page") && !is_among_posts;
    match (known, said) {
        (Some(known), _) => known,
        // Another type of the site's own.
        (None, Some(_)) => PostType::Post,
        (None, None) if is_page || has_layout => PostType::Page,
        (None, None) => PostType::Post,
    }
}

/// The heading that a text begins with.
fn heading(body: &str) -> Option<String> {
    let first = body.lines().find(|line| !line.trim().is_empty())?;
    let title = clean::one_line(first.strip_prefix("# ")?.trim_end_matches('#'));
    clean::text(title)
}

fn tags(post: &mut Post, fields: &mut Fields, context: &SourceContext) {
    let values = fields.list(&["tags"]);
    let values: Vec<Value> = values.into_iter().chain(fields.list_of_one(&["tag"])).collect();
    for value in values.into_iter().flat_map(flat) {
        let tag = match &value {
            Value::Object(_) if context.is_ours => serde_json::from_value(value).ok(),
            Value::Object(about) => {
                let named = ["name", "title", "label", "tag", "slug", "value"];
                let name = named.iter().find_map(|name| text_of(about.get(*name)?));
                if name.is_none() {
                    post.skip(format!("Its tag `{value}` has no name, and was left out."));
                }
                name.and_then(|name| clean::tag(&name))
            }
            value => fields.text_of(value).and_then(|name| {
                let known = context.tags.iter().find(|tag| tag.name == name);
                match known {
                    Some(tag) => Some(PostTag { slug: tag.slug.clone(), name }),
                    None if context.is_ours => {
                        let slug = Slug::from_text(&name)?.to_string();
                        Some(PostTag { slug, name })
                    }
                    None => clean::tag(&name),
                }
            }),
        };
        if let Some(tag) = tag {
            post.tag(tag);
        }
    }
}

/// The values of a list of lists.
fn flat(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values.into_iter().flat_map(flat).collect(),
        value => vec![value],
    }
}

/// The categories, those of folders first. They are tags here.
fn categories(
    post: &mut Post,
    fields: &mut Fields,
    place: &Location,
    context: &SourceContext,
) -> Vec<String> {
    let of_folders = context.addresses.generator == Generator::Jekyll && place.is_post;
    let mut names = if of_folders { place.folders.clone() } else { Vec::new() };
    let values = fields.list(&["categories"]);
    let values: Vec<Value> = values.into_iter().chain(fields.list_of_one(&["category"])).collect();
    for value in values.into_iter().flat_map(flat) {
        let name = text_of(&value).or_else(|| text_of(value.get("name").or(value.get("title"))?));
        match name {
            Some(name) => names.push(clean::one_line(&name)),
            None if matches!(value, Value::Null | Value::String(_)) => {}
            None => post.skip(format!("Its category `{value}` has no name, and was left out.")),
        }
    }
    let mut known = HashSet::new();
    names.retain(|name| known.insert(name.to_lowercase()));
    for name in &names {
        if let Some(tag) = clean::tag(name) {
            post.tag(tag);
        }
    }
    names
}

/// What translations of one text have in common, where the source knows.
fn translation(post: &mut Post, fields: &mut Fields, place: &Location, context: &SourceContext) {
    let key = fields.text(&["translationkey", "translationid"]);
    if context.is_ours {
        return;
    }
    let of_place = || {
        place.language.as_ref()?;
        let parts = place.folders.iter().chain([&place.name]).map(String::as_str);
        let parts = parts.filter(|part| Some(*part) != place.language.as_deref());
        Some(parts.collect::<Vec<_>>().join("/"))
    };
    let default = || {
        // The text itself names no language.
        let has_others = !context.addresses.languages.is_empty();
        let parts = place.folders.iter().chain([&place.name]).map(String::as_str);
        has_others.then(|| parts.collect::<Vec<_>>().join("/"))
    };
    if let Some(key) = key.or_else(of_place).or_else(default) {
        post.metadata.insert("translation_key".into(), key.into());
    }
}

/// The first author; the names of others stay in the metadata.
fn author(post: &mut Post, fields: &mut Fields, context: &SourceContext) -> Option<Author> {
    let mut authors = match fields.take(&["authors", "author"])? {
        Value::Array(values) => values,
        value => vec![value],
    };
    if authors.is_empty() {
        return None;
    }
    let first = authors.remove(0);
    clean::other_authors(post, authors);
    let field = |name: &str| text_of(first.get(name)?);
    if let (true, Value::String(id)) = (context.is_ours, &first) {
        post.author = Some(id.clone());
        return None;
    }
    let name = text_of(&first).or_else(|| field("name")).map(|name| clean::one_line(&name))?;
    post.author = Some(name.clone());
    let email = field("email");
    let author = Author { source_id: name.clone(), name, slug: None, email };
    Some(author)
}

/// A picture as text, as an object, or the first of a list.
fn cover(fields: &mut Fields) -> Option<MediaRef> {
    const NAMES: [&str; 9] = [
        "cover",
        "coverimage",
        "featuredimage",
        "featureimage",
        "heroimage",
        "image",
        "banner",
        "thumbnail",
        "images",
    ];
    let alt = fields.text(&["coveralt", "heroimagealt", "imagealt", "featuredimagealt"]);
    let value = match fields.take(&NAMES)? {
        Value::Array(values) => values.into_iter().next()?,
        value => value,
    };
    let field = |names: &[&str]| names.iter().find_map(|name| text_of(value.get(*name)?));
    let url = match &value {
        Value::String(url) => clean::text(url)?,
        _ => field(&["image", "src", "url", "path", "feature"])?,
    };
    Some(MediaRef { url, alt: alt.or_else(|| field(&["alt", "image_alt", "caption"])) })
}

/// What a body has that only its generator understands.
fn notes(post: &mut Post, path: &str) {
    if path.ends_with(".mdx") {
        post.skip("Components and imports of MDX stay in its text as they are.");
    }
    let generated =
        [("{{<", "Hugo's shortcodes"), ("{{%", "Hugo's shortcodes"), ("{%", "Liquid tags")];
    if let Some((_, what)) = generated.iter().find(|(start, _)| post.body.contains(start)) {
        post.skip(format!("{what} stay in its text as they are."));
    }
}
