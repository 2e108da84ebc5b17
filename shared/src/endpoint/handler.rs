//! The function behind an operation, and its example.

use http::HeaderMap;
use serde_json::Value;

use super::contract::{BoxFuture, Endpoint};
use super::decode;
use super::reply::Reply;
use crate::auth::{Auth, Caller};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::http::{Request, Response};

/// An example as JSON.
#[derive(Clone, Debug)]
pub struct ExampleValues {
    /// All input fields in one object; for a raw endpoint the body.
    pub input: Value,
    /// The path parameters of a raw endpoint.
    pub path: &'static [(&'static str, &'static str)],
    /// The query parameters of a raw endpoint.
    pub query: &'static [(&'static str, &'static str)],
    /// The answer's status.
    pub status: u16,
    /// The answer's body, where it is JSON.
    pub output: Option<Value>,
    /// The answer's headers.
    pub headers: HeaderMap,
}

/// What a handler brings about.
type Answer<'a> = BoxFuture<'a, Result<Response, Problem>>;

/// Takes the decoded and validated input.
pub(super) type TypedHandler = for<'a> fn(&'a Context, Option<Caller>, Value) -> Answer<'a>;

/// The function behind an operation.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Takes the decoded and validated input.
    Typed(for<'a> fn(&'a Context, Option<Caller>, Value) -> Answer<'a>),
    /// Takes the request as it came.
    Raw(for<'a> fn(&'a Context, Option<Caller>, Request) -> Answer<'a>),
}

pub(super) fn typed_example<E: Endpoint>() -> ExampleValues {
    let example = E::example();
    let response = example.output.into_response().expect("an example can be written as JSON");
    ExampleValues {
        input: serde_json::to_value(example.input).expect("an example can be written as JSON"),
        path: &[],
        query: &[],
        status: E::Output::STATUS,
        output: response.body().whole().and_then(|body| serde_json::from_slice(body).ok()),
        headers: response.into_parts().0.headers,
    }
}

pub(super) fn call_typed<E: Endpoint>(
    cx: &Context,
    caller: Option<Caller>,
    input: Value,
) -> Answer<'_> {
    Box::pin(async move {
        let input = decode::typed::<E::Input>(input)?;
        let output = E::handle(cx, E::Auth::from_caller(caller)?, input).await?;
        output.into_response().map_err(Problem::internal)
    })
}
