//! Example bodies of the form endpoints.

use byline_shared::examples;
use serde_json::Value;
use url::form_urlencoded::Serializer;

/// These parameters as the text of an `application/x-www-form-urlencoded` body.
pub(crate) fn form(parameters: &[(&str, &str)]) -> Value {
    Serializer::new(String::new()).extend_pairs(parameters).finish().into()
}

/// A client with a secret sends one of its tokens: the body for revocation and introspection.
pub(crate) fn token_form() -> Value {
    form(&[
        ("client_id", examples::OAUTH_CLIENT_ID),
        ("client_secret", examples::OAUTH_CLIENT_SECRET),
        ("token", examples::REFRESH_TOKEN),
    ])
}
