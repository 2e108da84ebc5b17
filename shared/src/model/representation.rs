//! JSON bodies of the API.

use schemars::JsonSchema;
use serde::Serialize;

/// A JSON body, with the headers that follow from its content.
pub trait Representation: Serialize + JsonSchema {
    /// The strong `ETag` that `If-Match` is compared with.
    fn etag(&self) -> Option<String> {
        None
    }

    /// The path of the resource, for the `Location` of a 201.
    fn location(&self) -> Option<String> {
        None
    }
}
