//! The sample events of `events/`.

use std::path::PathBuf;

use byline_shared::endpoint::Operation;
use http::Method;
use serde_json::Value;

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Where the sample event of a function stands.
pub(crate) fn path(module: &str, name: &str) -> PathBuf {
    let domain = byline_local::generate::domain(module);
    root().join("events").join(domain).join(format!("{name}.json"))
}

/// The sample event of an operation.
pub(crate) fn of(operation: &Operation) -> Value {
    read(operation.module, operation.name)
}

/// A sample event.
pub(crate) fn read(module: &str, name: &str) -> Value {
    let path = path(module, name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// The HTTP request that an event was made of, without its authorization and cookies.
pub(crate) struct Sample {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) if_match: Option<String>,
    pub(crate) body: Option<String>,
}

impl Sample {
    pub(crate) fn of(operation: &Operation) -> Self {
        let event = of(operation);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let query = text(&event["rawQueryString"]).unwrap();
        let path = text(&event["rawPath"]).unwrap();
        Self {
            method: operation.method.clone(),
            path: if query.is_empty() { path } else { format!("{path}?{query}") },
            if_match: text(&event["headers"]["if-match"]),
            body: text(&event["body"]),
        }
    }

    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        let mut headers: Vec<(&str, &str)> = Vec::new();
        if self.body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        headers.extend(self.if_match.as_deref().map(|value| ("if-match", value)));
        headers
    }
}
