//! The response headers, as components.

use serde_json::{Map, Value, json};

/// Name of the header, what it holds, and an example.
static HEADERS: [(&str, &str, &str); 9] = [
    (
        "Cache-Control",
        "Who may keep the answer. Errors and everything that needs a token are `no-store`.",
        "no-store",
    ),
    (
        "ETag",
        "The version of what is in the body. Send it in `If-Match` to change exactly this version, \
         or in `If-None-Match` to get 304 while it is current.",
        "\"v3\"",
    ),
    (
        "Idempotency-Replayed",
        "`true` if this is the answer of an earlier request with the same `Idempotency-Key`, as it was then.",
        "true",
    ),
    (
        "Location",
        "The URL of what was created, or of the place to go to. A path is relative to this server.",
        "/v1/posts/hello-world",
    ),
    ("Retry-After", "How many seconds to wait before the next try.", "180"),
    (
        "RateLimit",
        "How many requests are left (`r`), and in how many seconds the next one is allowed (`t`).",
        "\"login-address-network\";r=0;t=180",
    ),
    (
        "RateLimit-Policy",
        "The limit that was reached: its name, its quota (`q`) and its window in seconds (`w`).",
        "\"login-address-network\";q=5;w=900",
    ),
    (
        "WWW-Authenticate",
        "How to authenticate (RFC 6750), with `error` and, where another scope or a newer sign-in is \
         needed, `scope` or `max_age` (RFC 9470).",
        "Bearer realm=\"Byline\"",
    ),
    (
        "X-Request-Id",
        "The id of this request in the logs. Quote it when you report a fault.",
        "qbsanksajcer",
    ),
];

/// `components.headers`.
pub(super) fn components() -> Value {
    let headers = HEADERS.iter().map(|(name, description, example)| {
        let integer = *name == "Retry-After";
        let schema = json!({ "type": if integer { "integer" } else { "string" } });
        let example = if integer { json!(180) } else { json!(example) };
        let header = json!({ "description": description, "schema": schema, "example": example });
        ((*name).to_owned(), header)
    });
    headers.collect::<Map<String, Value>>().into()
}

/// The headers of one response: those of every answer, and these.
pub(super) fn of(names: &[&str]) -> Value {
    let all = ["Cache-Control", "X-Request-Id"].iter().chain(names).map(|name| {
        let reference = json!({ "$ref": format!("#/components/headers/{name}") });
        ((*name).to_owned(), reference)
    });
    all.collect::<Map<String, Value>>().into()
}
