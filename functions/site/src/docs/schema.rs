//! JSON Schemas for people: types, limits, enumerations, and links between them.

use maud::{Markup, html};
use serde_json::Value;

use super::json::{entries, list, text};
use super::prose;

/// A named value: a parameter or a member of an object.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) place: Option<&'a str>,
    /// "required" of what is sent, "optional" of what is answered: whichever is the exception.
    pub(super) note: Option<&'static str>,
    pub(super) schema: &'a Value,
    pub(super) description: &'a str,
}

/// What a schema describes: the members of an object, or else its type.
pub(super) fn definition(schema: &Value) -> Markup {
    html! {
        @if schema["properties"].is_object() { (answered(schema)) }
        @else { p { (type_of(schema)) } }
    }
}

/// The note of what has to be sent.
pub(super) fn required(required: bool) -> Option<&'static str> {
    required.then_some("required")
}

/// The members of an object that is sent.
pub(super) fn sent(schema: &Value) -> Markup {
    members(schema, required)
}

/// The members of an object that is answered.
pub(super) fn answered(schema: &Value) -> Markup {
    members(schema, |required| (!required).then_some("optional"))
}

fn members(schema: &Value, note: fn(bool) -> Option<&'static str>) -> Markup {
    let members = entries(&schema["properties"]).map(|(name, member)| Field {
        name,
        place: None,
        note: note(list(&schema["required"]).any(|required| required == name)),
        schema: member,
        description: text(&member["description"]),
    });
    fields(members, note)
}

/// A list of fields with their types, limits and descriptions.
pub(super) fn fields<'a>(
    fields: impl Iterator<Item = Field<'a>>,
    note: fn(bool) -> Option<&'static str>,
) -> Markup {
    html! {
        dl.fields {
            @for field in fields {
                dt {
                    code.name { (field.name) }
                    @if let Some(place) = field.place { " " small { (place) } }
                    @if let Some(note) = field.note { " " small.note { (note) } }
                }
                dd {
                    p.kind { (type_of(field.schema)) }
                    (prose::blocks(field.description))
                    @if field.place.is_some() { (prose::blocks(text(&field.schema["description"]))) }
                    @if let Value::Object(_) = field.schema["properties"] { (members(field.schema, note)) }
                    @if let Value::Object(_) = field.schema["items"]["properties"] {
                        (members(&field.schema["items"], note))
                    }
                }
            }
        }
    }
}

/// A schema's type with its limits.
pub(super) fn type_of(schema: &Value) -> Markup {
    let limits = limits(schema);
    html! {
        (name_of(schema))
        @if !limits.is_empty() { span.limits { ", " (limits.join(", ")) } }
        @if !schema["default"].is_null() {
            span.limits { ", default " code { (plain(&schema["default"])) } }
        }
    }
}

/// A schema's type: the values of an enumeration, a linked schema, or the names of JSON types.
fn name_of(schema: &Value) -> Markup {
    let options: Vec<&Value> = list(&schema["anyOf"]).chain(list(&schema["oneOf"])).collect();
    html! {
        @if let Some(name) = text(&schema["$ref"]).strip_prefix("#/components/schemas/") {
            a href={ "#schema-" (name) } { code { (name) } }
        } @else if schema["enum"].is_array() {
            span.values { @for (place, value) in list(&schema["enum"]).enumerate() {
                @if place > 0 { " | " }
                code { (plain(value)) }
            } }
        } @else if !options.is_empty() {
            @for (place, option) in options.iter().enumerate() {
                @if place > 0 { " or " }
                (name_of(option))
            }
        } @else if schema["items"].is_object() {
            "array of " (name_of(&schema["items"]))
            @if list(&schema["type"]).any(|name| name == "null") { " or null" }
        } @else {
            @match &schema["type"] {
                Value::String(name) => (name),
                Value::Array(names) => (names.iter().map(text).collect::<Vec<_>>().join(" or ")),
                _ => "any JSON value",
            }
        }
    }
}

/// The limits of a schema in words, such as "1 to 100 characters".
fn limits(schema: &Value) -> Vec<String> {
    let mut limits = Vec::new();
    // The width of an integer helps nobody.
    if let Some(format) = schema["format"].as_str().filter(|format| !format.contains("int")) {
        limits.push(format.to_owned());
    }
    for (least, most, unit) in [
        ("minLength", "maxLength", " characters"),
        ("minimum", "maximum", ""),
        ("minItems", "maxItems", " entries"),
    ] {
        let least = schema[least].as_u64().filter(|least| *least > 0);
        match (least, schema[most].as_u64()) {
            (Some(least), Some(most)) => limits.push(format!("{least} to {most}{unit}")),
            (Some(1), None) => limits.push("not empty".to_owned()),
            (Some(least), None) => limits.push(format!("at least {least}{unit}")),
            (None, Some(most)) => limits.push(format!("at most {most}{unit}")),
            (None, None) => {}
        }
    }
    limits
}

/// A value without the quotes of a text.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The members of the schema that `schema` links to, or of `schema` itself.
pub(super) fn shape(api: &Value, schema: &Value) -> Markup {
    let schema = resolve(api, schema);
    html! { @if schema["properties"].is_object() { (answered(schema)) } }
}

/// What a `$ref` leads to, or the value itself.
pub(super) fn resolve<'a>(api: &'a Value, value: &'a Value) -> &'a Value {
    let target = text(&value["$ref"]).strip_prefix('#').and_then(|pointer| api.pointer(pointer));
    target.unwrap_or(value)
}
