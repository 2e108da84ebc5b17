//! What a validator found, in words for the caller. No message repeats what was sent.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::http::problem::FieldError;

pub(super) const UNKNOWN: &str = "There is no such field. Check its spelling, or leave it out.";

/// How many faults are named: an answer is not to outgrow the request that asked for it.
const MAX_FAULTS: usize = 100;

/// The longest pointer that is repeated, in bytes.
const MAX_POINTER: usize = 200;

/// Every fault of `value` up to [`MAX_FAULTS`], in the order of its fields.
pub(super) fn of(validator: &Validator, schema: &Value, value: &Value) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> =
        validator.iter_errors(value).flat_map(|e| describe(schema, &e)).take(MAX_FAULTS).collect();
    faults.iter_mut().for_each(|fault| fault.pointer = shortened(&fault.pointer));
    faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    faults.dedup();
    faults
}

fn describe(schema: &Value, error: &ValidationError<'_>) -> Vec<FieldError> {
    let at = error.instance_path().as_str().to_owned();
    let fault = |code: &str, message: String| {
        vec![FieldError { pointer: at.clone(), code: code.to_owned(), message }]
    };
    match error.kind() {
        Kind::Required { property } => vec![FieldError {
            pointer: child(&at, property.as_str().unwrap_or_default()),
            code: "required".to_owned(),
            message: "Is required.".to_owned(),
        }],
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .take(MAX_FAULTS)
            .map(|name| FieldError {
                pointer: child(&at, name),
                code: "unknown_field".to_owned(),
                message: UNKNOWN.to_owned(),
            })
            .collect(),
        Kind::Type { kind } => fault("invalid_type", format!("Must be {}.", types(kind))),
        Kind::MinLength { limit: 1 } => fault("too_short", "Must not be empty.".to_owned()),
        Kind::MinLength { limit } => {
            fault("too_short", format!("Must have at least {limit} characters."))
        }
        Kind::MaxLength { limit } => {
            fault("too_long", format!("Must have at most {limit} characters."))
        }
        Kind::Minimum { limit } => fault("too_small", format!("Must be at least {limit}.")),
        Kind::Maximum { limit } => fault("too_large", format!("Must be at most {limit}.")),
        Kind::MinItems { limit } => {
            fault("too_few", format!("Must have at least {limit} entries."))
        }
        Kind::MaxItems { limit } => {
            fault("too_many", format!("Must have at most {limit} entries."))
        }
        Kind::Enum { options } => fault("not_allowed", format!("Must be one of {options}.")),
        Kind::Format { format } => fault("invalid_format", format!("Must be a valid {format}.")),
        _ => fault("invalid_format", own_message(schema, error)),
    }
}

/// The message that the type states for its pattern (`x-error`), which stands beside the keyword
/// that failed.
fn own_message(schema: &Value, error: &ValidationError<'_>) -> String {
    let failed = error.schema_path().as_str();
    let parent = failed.rsplit_once('/').map_or("", |(parent, _)| parent);
    let stated = schema.pointer(parent).and_then(|parent| parent["x-error"].as_str());
    stated.unwrap_or("Has a form that is not allowed.").to_owned()
}

fn types(kind: &TypeKind) -> String {
    let names: Vec<&str> = match kind {
        TypeKind::Single(one) => vec![one.as_str()],
        TypeKind::Multiple(several) => several.iter().map(|one| one.as_str()).collect(),
    };
    let names: Vec<&str> = names
        .into_iter()
        .map(|name| match name {
            "string" => "a string",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            "array" => "an array",
            "object" => "an object",
            other => other,
        })
        .collect();
    names.join(" or ")
}

/// `pointer` with one more segment, escaped as RFC 6901 wants.
fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn shortened(pointer: &str) -> String {
    let end = pointer.floor_char_boundary(MAX_POINTER);
    if end == pointer.len() { pointer.to_owned() } else { format!("{}…", &pointer[..end]) }
}
