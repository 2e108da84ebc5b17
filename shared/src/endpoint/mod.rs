//! The contract: an endpoint is a type that states its route, who may call it, what it touches,
//! what it takes and answers, and how it can fail.
//!
//! From the list of [`Operation`]s come the routes, the OpenAPI description, the SAM functions and
//! their policies, the sample events and the Lambda binaries. An endpoint's generic code ends
//! where its [`Operation`] is made: from there on everything runs through function pointers, so
//! that one compiled pipeline serves them all.

mod decode;
mod input;
mod memory;
mod operation;
mod raw_contract;
mod reply;
mod service;

pub use decode::{InputContract, Location, must_be_json, typed};
pub use input::NoInput;
pub use memory::Memory;
pub use operation::{ExampleValues, Handler, Operation};
pub use raw_contract::{OtherAnswer, RawContract};
pub use reply::{Accepted, Created, Json, MaybeMoved, NoContent, Reply};
pub use service::Service;

use std::future::Future;
use std::pin::Pin;

use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth::Auth;
use crate::context::Context;
use crate::http::cache::Cache;
use crate::http::problem::{Code, PROBLEM_JSON, Problem};
use crate::http::{Request, Response};
use crate::model::RateLimit;
use crate::permission::Permission;

/// A boxed future, where generic code ends.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A typed endpoint: JSON in, JSON out.
pub trait Endpoint: 'static {
    /// Its name: of the operation, the binary and the function. The file has the same name, with
    /// underscores.
    const NAME: &'static str;
    /// The method.
    const METHOD: Method;
    /// The path, with parameters in braces: `/v1/posts/{slug}`.
    const PATH: &'static str;
    /// A short title for the API description, without a full stop.
    const SUMMARY: &'static str;
    /// What a caller needs to know besides the summary, in Markdown, for the API description:
    /// side effects, limits and surprises.
    const DESCRIPTION: &'static str = "";
    /// The rights it needs on tables and services, and no more. Rights that follow from `Auth`
    /// are added by themselves.
    const PERMISSIONS: &'static [Permission] = &[];
    /// The problems its handler may answer with, beyond those that follow from `Auth` and
    /// `Input`. Any other one is a bug and becomes 500.
    const ERRORS: &'static [Code] = &[];
    /// How often one caller may ask: by network where access is public, by account elsewhere.
    const LIMIT: Option<RateLimit> = None;
    /// Whether shared caches may keep its answers.
    const CACHE: Cache = Cache::NoStore;
    /// How large its Lambda function is.
    const MEMORY: Memory = Memory::Standard;
    /// The largest request body, in bytes; beyond it the answer is 413.
    const BODY_LIMIT: usize = 64 * 1024;

    /// Who may call it. The handler receives what this proves.
    type Auth: Auth;
    /// Path, query and body parameters in one struct. Fields named in `PATH` come from the path,
    /// `IfMatch` from its header, the others from the query (GET, DELETE) or the JSON body.
    type Input: DeserializeOwned + Serialize + JsonSchema + Send;
    /// The answer and its status.
    type Output: Reply;

    /// A call and its answer: the sample event, and the example in the API reference.
    fn example() -> Example<Self>;

    /// Does the work.
    fn handle(
        cx: &Context,
        caller: <Self::Auth as Auth>::Caller,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Problem>> + Send;
}

/// The form in which all refuse that have none of their own.
fn problem_details(cx: &Context, problem: Problem) -> Response {
    problem.into_response(&cx.config.public_url, &cx.request.request_id)
}

/// A typed example of an endpoint's use.
pub struct Example<E: Endpoint + ?Sized> {
    /// What is sent.
    pub input: E::Input,
    /// What comes back.
    pub output: E::Output,
}

/// An endpoint that reads the request and writes the response itself: pages, redirects, MCP. It
/// stands in the same list with the same route, auth and grants.
pub trait RawEndpoint: 'static {
    /// As [`Endpoint::NAME`].
    const NAME: &'static str;
    /// As [`Endpoint::METHOD`].
    const METHOD: Method;
    /// As [`Endpoint::PATH`]; `$default` takes what no other operation does.
    const PATH: &'static str;
    /// As [`Endpoint::SUMMARY`].
    const SUMMARY: &'static str;
    /// As [`Endpoint::DESCRIPTION`].
    const DESCRIPTION: &'static str = "";
    /// As [`Endpoint::PERMISSIONS`].
    const PERMISSIONS: &'static [Permission] = &[];
    /// As [`Endpoint::ERRORS`].
    const ERRORS: &'static [Code] = &[];
    /// As [`Endpoint::LIMIT`].
    const LIMIT: Option<RateLimit> = None;
    /// As [`Endpoint::CACHE`].
    const CACHE: Cache = Cache::NoStore;
    /// As [`Endpoint::MEMORY`].
    const MEMORY: Memory = Memory::Standard;
    /// As [`Endpoint::BODY_LIMIT`].
    const BODY_LIMIT: usize = 64 * 1024;
    /// The media type of its answer.
    const PRODUCES: &'static str;
    /// The media type of what [`RawEndpoint::refuse`] answers.
    const REFUSES: &'static str = PROBLEM_JSON;
    /// The media type of a request's body.
    const CONSUMES: &'static str = "application/json";
    /// Whether pages of listed origins may read its answers. Pages for people may not be read.
    const CROSS_ORIGIN: bool = true;
    /// As [`Reply::MAY_MOVE`].
    const MAY_MOVE: bool = false;
    /// The status of the sample event's answer.
    const STATUS: u16 = 200;
    /// The sample event's path parameters, by name.
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[];
    /// The sample event's query parameters, by name.
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = &[];

    /// As [`Endpoint::Auth`].
    type Auth: Auth;

    /// The answer where the pipeline or the handler refuses: problem details, unless its protocol
    /// has a form of its own. The headers of the problem belong into it.
    #[must_use]
    fn refuse(cx: &Context, problem: Problem) -> Response {
        problem_details(cx, problem)
    }

    /// Parameters, request body and answers for the API description. Requests are not checked
    /// against it.
    #[must_use]
    fn contract(_: &mut SchemaGenerator) -> RawContract {
        RawContract::default()
    }

    /// The sample event's body, if it has one; a text where it is no JSON.
    #[must_use]
    fn example() -> Option<serde_json::Value> {
        None
    }

    /// Does the work.
    fn handle(
        cx: &Context,
        caller: <Self::Auth as Auth>::Caller,
        request: Request,
    ) -> impl Future<Output = Result<Response, Problem>> + Send;
}
