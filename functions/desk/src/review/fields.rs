//! The fields of a text, before and after.

use byline_shared::model::{FieldChange, TagName};
use maud::{Markup, html};
use serde_json::Value;

use super::text::visible;

/// A table of the fields that differ. Tags, the cover and the text are told elsewhere; what had no value and has
/// none is left out, as of a new post.
pub(crate) fn table(changes: &[FieldChange], before: &str, after: &str) -> Markup {
    table_and(changes, (before, after), None)
}

/// The same, with further rows of these columns.
pub(crate) fn table_and(
    changes: &[FieldChange],
    (before, after): (&str, &str),
    more: Option<Markup>,
) -> Markup {
    let changes: Vec<&FieldChange> = shown(changes).filter(is_told).collect();
    html! {
        @if !changes.is_empty() || more.is_some() {
            table.table {
                thead { tr { th scope="col" { "Field" } th scope="col" { (before) } th scope="col" { (after) } } }
                tbody {
                    @for change in changes {
                        tr {
                            th scope="row" { (label(&change.field)) }
                            td { (value(change, &change.from)) }
                            td { (value(change, &change.to)) }
                        }
                    }
                    @if let Some(more) = more { (more) }
                }
            }
        }
    }
}

/// Rows for tags and cover, where nothing else tells of them. Tags have names, a cover has words of its own.
pub(crate) fn others(changes: &[FieldChange]) -> Option<Markup> {
    let is_other = |change: &&FieldChange| matches!(change.field.as_str(), "tags" | "cover");
    let others: Vec<&FieldChange> = changes.iter().filter(is_other).collect();
    (!others.is_empty()).then(|| {
        html! {
            @for change in others {
                tr {
                    th scope="row" { (label(&change.field)) }
                    @for value in [&change.from, &change.to] { td { (names(value)) } }
                }
            }
        }
    })
}

/// What stands for a list of tags or a cover.
fn names(value: &Value) -> Markup {
    let name = |tag: &Value| tag.as_str().or_else(|| tag.get("name")?.as_str()).map(str::to_owned);
    let names: Option<Vec<String>> =
        value.as_array().map(|tags| tags.iter().filter_map(name).collect());
    html! {
        @match names {
            Some(names) if !names.is_empty() => (names.join(", ")),
            None if !is_nothing(value) => "a picture",
            _ => span.quiet { "none" },
        }
    }
}

/// Whether the table of these changes has a row.
pub(crate) fn has_rows(changes: &[FieldChange]) -> bool {
    shown(changes).any(|change| is_told(&change))
}

fn is_told(change: &&FieldChange) -> bool {
    !(is_new_post(change) || is_nothing(&change.from) && is_nothing(&change.to))
}

/// Whether it says of something new that it is a post, as nearly all are.
fn is_new_post(change: &FieldChange) -> bool {
    change.field == "type" && change.from.is_null() && change.to == "post"
}

/// The fields of a text that nothing is compared with, as entries of facts. Those without a value are left
/// out.
pub(crate) fn new(changes: &[FieldChange]) -> Markup {
    html! {
        @for change in shown(changes).filter(|change| !is_nothing(&change.to) && !is_new_post(change)) {
            div { dt { (label(&change.field)) } dd { (value(change, &change.to)) } }
        }
    }
}

fn shown(changes: &[FieldChange]) -> impl Iterator<Item = &FieldChange> {
    let elsewhere = |field: &str| matches!(field, "tags" | "cover" | "body");
    changes.iter().filter(move |change| !elsewhere(&change.field))
}

/// The names of tags in one line: those that are gone, those that stay, those that are new.
pub(crate) fn tags(before: &[TagName], after: &[TagName]) -> Markup {
    let gone = before.iter().filter(|tag| !after.contains(tag));
    html! {
        @if before.is_empty() && after.is_empty() {
            "none"
        }
        @for (place, tag) in gone.chain(after).enumerate() {
            @if place > 0 { ", " }
            @if !after.contains(tag) { del { span.sr { "removed: " } (tag) } }
            @else if before.contains(tag) { span { (tag) } }
            @else { ins { span.sr { "added: " } (tag) } }
        }
    }
}

/// What a field is called on the pages.
pub(crate) fn label(field: &str) -> &str {
    match field {
        "title" => "Title",
        "body" => "Text",
        "slug" => "Address (slug)",
        "type" => "Post or page",
        "excerpt" => "Excerpt",
        "tags" => "Tags",
        "cover" => "Cover",
        "language" => "Language",
        "canonical_url" => "Address of the original",
        "meta_title" => "Title for search engines",
        "meta_description" => "Description for search engines",
        "featured" => "Featured",
        "metadata" => "Custom data",
        other => other,
    }
}

/// Whether readers see nothing of it.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

fn value(change: &FieldChange, value: &Value) -> Markup {
    html! {
        @match value {
            Value::String(text) if change.field == "type" && text == "page" => {
                "page: in no list of posts and no feed"
            }
            Value::Null => span.quiet { "none" },
            Value::String(text) if text.is_empty() => span.quiet { "none" },
            Value::String(text) => span.keep { (visible(text)) },
            Value::Bool(true) => "yes",
            Value::Bool(false) => "no",
            Value::Array(values) if values.is_empty() => span.quiet { "none" },
            Value::Object(members) if members.is_empty() => span.quiet { "none" },
            other => code.keep { (visible(&format!("{other:#}"))) },
        }
    }
}
