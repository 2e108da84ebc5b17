//! What the API description says about an endpoint that reads and writes HTTP itself.

use schemars::Schema;
use serde_json::Value;

/// The parameters, the request body and the answers of a raw endpoint. All of it is documentation:
/// the endpoint itself decides what it accepts.
#[derive(Default)]
pub struct RawContract {
    /// An object whose properties are the path and query parameters.
    pub parameters: Option<Schema>,
    /// The request body, in the media type `CONSUMES`.
    pub request: Option<Schema>,
    /// The body of a success, in the media type `PRODUCES`.
    pub response: Option<Schema>,
    /// An example of the body of a success.
    pub example: Option<Value>,
    /// The body of an error that is not problem details.
    pub error: Option<Schema>,
    /// Answers beside the success and the declared errors.
    pub others: Vec<OtherAnswer>,
    /// Whether OAuth clients authenticate with their id and secret (RFC 6749 §2.3.1).
    pub client_authentication: bool,
}

/// A further answer of a raw endpoint.
pub struct OtherAnswer {
    /// The HTTP status.
    pub status: u16,
    /// When it is sent.
    pub description: &'static str,
    /// Whether it has a `Location` header.
    pub location: bool,
    /// The media type and schema of the body, if there is one.
    pub body: Option<(&'static str, Schema)>,
}
