//! Requests to inputs: gather the fields, validate them all at once, build the struct.
//!
//! The JSON Schema of the input type is the one statement of its constraints. It is what the API
//! reference shows and what requests are held to, so the two cannot differ.

mod faults;
mod rule;
mod types;

use http::header::{CONTENT_TYPE, HeaderName, IF_MATCH};
use http::{HeaderMap, Method};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::faults::Faults;
use self::rule::Rule;
use crate::http::Request;
use crate::http::if_match::IfMatch;
use crate::http::path;
use crate::http::problem::{Code, Problem};

/// What a write is told that needs `If-Match`.
const NO_IF_MATCH: &str =
    "Send If-Match with the ETag of the post that this write is based on, such as \"v3\".";

/// Where a field of an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// The JSON body.
    Body,
}

/// The schema generator of inputs: draft 2020-12, everything in place.
pub(super) fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        })
        .into_generator()
}

/// An operation's input schema, compiled.
pub struct InputContract {
    method: Method,
    path: &'static str,
    schema: Value,
    rule: Rule,
}

impl InputContract {
    /// Compiles any object schema; its fields come from a JSON body. For tools of MCP.
    #[must_use]
    pub fn from_body<T: JsonSchema>() -> Self {
        Self::new(Method::POST, "", generator().root_schema_for::<T>().to_value())
    }

    /// Compiles an input schema.
    ///
    /// # Panics
    /// Where the schema has a keyword that is not checked.
    pub(super) fn new(method: Method, path: &'static str, mut schema: Value) -> Self {
        // Structs with a flattened part cannot carry `deny_unknown_fields` in serde.
        schema["additionalProperties"] = Value::Bool(false);
        if schema["properties"].is_null() {
            schema["properties"] = Value::Object(Map::new());
        }
        let rule = Rule::read(&schema).unwrap_or_else(|error| {
            panic!("the schema of {method} {path} asks for what is not checked: {error}")
        });
        Self { method, path, schema, rule }
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The fields that come from `location`, with their schemas.
    pub fn fields(&self, location: Location) -> impl Iterator<Item = (&str, &Value)> {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        let all = properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema));
        all.filter(move |(name, _)| self.location(name) == location)
    }

    /// Whether a request must carry `field`.
    #[must_use]
    pub fn requires(&self, field: &str) -> bool {
        let required = self.schema.get("required").and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|name| name == field))
    }

    /// Whether the fields come from the query, and not from a body.
    fn reads_query(&self) -> bool {
        self.method == Method::GET || self.method == Method::DELETE
    }

    fn location(&self, field: &str) -> Location {
        if path::parameters(self.path).any(|name| name == field) {
            Location::Path
        } else if field == IfMatch::FIELD {
            Location::Header
        } else if self.reads_query() {
            Location::Query
        } else {
            Location::Body
        }
    }

    /// The fields of `request`, gathered and validated.
    ///
    /// # Errors
    /// 400, 415, 428, or one 422 that names every invalid field.
    pub fn decode(&self, request: &Request) -> Result<Value, Problem> {
        // A body means nothing on GET and DELETE (RFC 9110 §9.3.1).
        let mut fields =
            if self.reads_query() { self.query(request)? } else { self.body(request)? };
        for (name, _) in self.fields(Location::Header) {
            if let Some(value) = header(request.headers(), &IF_MATCH)? {
                fields.insert(name.to_owned(), value);
            } else if self.requires(name) {
                return Err(Problem::new(Code::PreconditionRequired, NO_IF_MATCH));
            }
        }
        for (name, value) in path::capture(self.path, request.uri().path()).unwrap_or_default() {
            fields.insert(name.to_owned(), Value::String(value));
        }
        self.validate(Value::Object(fields))
    }

    /// Validates `value`, all fields at once.
    ///
    /// # Errors
    /// One 422 that names every invalid field.
    pub fn validate(&self, value: Value) -> Result<Value, Problem> {
        let mut faults = Faults::default();
        self.rule.check(&value, &mut faults);
        if faults.is_empty() { Ok(value) } else { Err(Problem::invalid(faults.sorted())) }
    }

    fn body(&self, request: &Request) -> Result<Map<String, Value>, Problem> {
        if request.body().is_empty() {
            return Ok(Map::new());
        }
        must_be_json(request)?;
        let not_an_object = |cause: &str| {
            Problem::new(Code::MalformedRequest, format!("The body is not a JSON object: {cause}."))
        };
        let body: Value = serde_json::from_slice(request.body()).map_err(|error| {
            not_an_object(&format!(
                "it ends early or is malformed at line {}, column {}",
                error.line(),
                error.column()
            ))
        })?;
        let Value::Object(fields) = body else {
            return Err(not_an_object("it holds another JSON value"));
        };
        self.speaks_for_itself(&fields, Location::Body)?;
        Ok(fields)
    }

    fn query(&self, request: &Request) -> Result<Map<String, Value>, Problem> {
        let mut fields = Map::new();
        let query = request.uri().query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| {
            Problem::new(Code::MalformedRequest, "The query string cannot be read.")
        })?;
        for (name, text) in pairs {
            if fields.contains_key(&name) {
                return Err(Problem::invalid_field(
                    &name,
                    "repeated",
                    "Must be given once, not several times.",
                ));
            }
            let schema = &self.schema["properties"][&name];
            fields.insert(name, from_text(schema, text));
        }
        self.speaks_for_itself(&fields, Location::Query)?;
        Ok(fields)
    }

    /// A body or a query must not speak for the path or a header.
    fn speaks_for_itself(&self, sent: &Map<String, Value>, from: Location) -> Result<(), Problem> {
        let known = |name: &str| self.schema["properties"].get(name).is_some();
        match sent.keys().find(|name| known(name) && self.location(name) != from) {
            Some(name) => Err(Problem::invalid_field(name, "unknown_field", faults::UNKNOWN)),
            None => Ok(()),
        }
    }
}

/// A query parameter as the JSON value that its schema asks for; where it cannot be one it stays
/// text, and validation says what is wrong.
fn from_text(schema: &Value, text: String) -> Value {
    let wants = |name: &str| match &schema["type"] {
        Value::String(wanted) => wanted == name,
        Value::Array(wanted) => wanted.iter().any(|wanted| wanted == name),
        _ => false,
    };
    let parsed = if wants("integer") {
        text.parse::<i64>().ok().map(Value::from)
    } else if wants("boolean") {
        text.parse::<bool>().ok().map(Value::from)
    } else {
        None
    };
    parsed.unwrap_or(Value::String(text))
}

/// Holds a request with a body to JSON. A page of another site can send other types unasked.
///
/// # Errors
/// 415.
pub fn must_be_json(request: &Request) -> Result<(), Problem> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type.is_some_and(is_json) {
        return Ok(());
    }
    let detail = "Send the body as JSON, with Content-Type: application/json.";
    Err(Problem::new(Code::UnsupportedMediaType, detail))
}

fn is_json(media_type: &str) -> bool {
    media_type.parse::<mime::Mime>().is_ok_and(|media_type| {
        media_type.type_() == mime::APPLICATION
            && (media_type.subtype() == mime::JSON || media_type.suffix() == Some(mime::JSON))
    })
}

/// A header's value; several lines are one list (RFC 9110 §5.3), as API Gateway joins them.
fn header(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Value>, Problem> {
    let lines = headers.get_all(name).iter().map(|value| value.to_str());
    let lines: Vec<&str> = lines.collect::<Result<_, _>>().map_err(|_| {
        Problem::new(Code::MalformedRequest, format!("The header {name} is not plain text."))
    })?;
    Ok((!lines.is_empty()).then(|| Value::String(lines.join(", "))))
}

/// The struct of a validated value.
///
/// # Errors
/// 422, where the type refuses what its schema lets pass.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| {
        Problem::invalid_field("", "invalid", "A field has a value that cannot be used.")
            .because(error)
    })
}
