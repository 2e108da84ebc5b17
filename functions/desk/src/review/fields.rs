//! The fields of a text, before and after.

use byline_shared::model::{FieldChange, TagName};
use maud::{Markup, html};
use serde_json::Value;

use super::text::visible;

/// A table of the fields that differ. Tags, the cover and the text are told elsewhere.
pub(crate) fn table(changes: &[FieldChange], before: &str, after: &str) -> Markup {
    let changes: Vec<&FieldChange> = changes
        .iter()
        .filter(|change| !matches!(change.field.as_str(), "tags" | "cover" | "body"))
        .collect();
    html! {
        @if !changes.is_empty() {
            table.table {
                thead { tr { th scope="col" { "Field" } th scope="col" { (before) } th scope="col" { (after) } } }
                tbody {
                    @for change in changes {
                        tr {
                            th scope="row" { (label(&change.field)) }
                            td { (value(&change.from)) }
                            td { (value(&change.to)) }
                        }
                    }
                }
            }
        }
    }
}

/// The names of tags in one line: those that are gone, those that stay, those that are new.
pub(crate) fn tags(before: &[TagName], after: &[TagName]) -> Markup {
    html! {
        @if before.is_empty() && after.is_empty() {
            "none"
        }
        @for tag in before.iter().filter(|tag| !after.contains(tag)) {
            del { span.sr { "removed: " } (tag) } " "
        }
        @for tag in after {
            @if before.contains(tag) { span { (tag) } } @else { ins { span.sr { "added: " } (tag) } }
            " "
        }
    }
}

/// What a field is called on the pages.
pub(crate) fn label(field: &str) -> &str {
    match field {
        "title" => "Title",
        "body" => "Text",
        "slug" => "Address (slug)",
        "excerpt" => "Excerpt",
        "tags" => "Tags",
        "cover" => "Cover",
        "language" => "Language",
        "canonical_url" => "First published at",
        "meta_title" => "Title for search engines",
        "meta_description" => "Description for search engines",
        "featured" => "Featured",
        "metadata" => "Custom data",
        other => other,
    }
}

fn value(value: &Value) -> Markup {
    html! {
        @match value {
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
