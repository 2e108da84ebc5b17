//! The traits that an endpoint implements.

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
use crate::store::ahead::NamedKind;

use super::memory::Memory;
use super::raw_contract::RawContract;
use super::reply::Reply;

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
    /// How many seconds its Lambda function may run, if longer than others. API Gateway hangs up after 30.
    const SECONDS: Option<u16> = None;
    /// Whether it keeps its answer for a request with `Idempotency-Key`, for those who send it again. Then the
    /// handler makes what it makes under the id of [`Context::made`], and answers with what has that id already.
    /// Not for answers with a token or another secret: they would be stored.
    const IDEMPOTENT: bool = false;

    /// Who may call it. The handler receives what this proves.
    type Auth: Auth;
    /// Path, query and body parameters in one struct. Fields named in `PATH` come from the path,
    /// `IfMatch` from its header, the others from the query (GET, DELETE) or the JSON body.
    type Input: DeserializeOwned + Serialize + JsonSchema + Send;
    /// The answer and its status.
    type Output: Reply;

    /// The answer to a request that the pipeline or the handler rejects: problem details, unless its
    /// clients need more.
    #[must_use]
    fn reject(cx: &Context, problem: Problem) -> Response {
        problem_details(cx, problem)
    }

    /// A call and its answer: the sample event, and the example in the API reference.
    fn example() -> Example<Self>;

    /// Does the work.
    fn handle(
        cx: &Context,
        caller: <Self::Auth as Auth>::Caller,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Problem>> + Send;
}

/// Problem details: the answer to a refused request, unless the endpoint has its own format.
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
/// is in the same list with the same route, auth and permissions.
pub trait RawEndpoint: 'static {
    /// As [`Endpoint::NAME`].
    const NAME: &'static str;
    /// As [`Endpoint::METHOD`].
    const METHOD: Method;
    /// As [`Endpoint::PATH`]; `$default` takes what no other operation does.
    const PATH: &'static str;
    /// Whether it also answers POST at its path, with a form. Its method is GET then.
    const FORMS: bool = false;
    /// Whether the API description lists it. Pages of the Desk are no part of the API: clients must
    /// not build on them.
    const DESCRIBED: bool = true;
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
    /// What the first parameter of the path names. For a page of the Desk it is read in the call that reads the
    /// session, which needs `BatchGetItem` on all of `content`.
    const NAMES: Option<NamedKind> = None;
    /// As [`Endpoint::CACHE`].
    const CACHE: Cache = Cache::NoStore;
    /// As [`Endpoint::MEMORY`].
    const MEMORY: Memory = Memory::Standard;
    /// As [`Endpoint::BODY_LIMIT`].
    const BODY_LIMIT: usize = 64 * 1024;
    /// As [`Endpoint::SECONDS`].
    const SECONDS: Option<u16> = None;
    /// The media type of its answer.
    const PRODUCES: &'static str;
    /// The media type of a [rejection](RawEndpoint::reject).
    const ERROR_MEDIA_TYPE: &'static str = PROBLEM_JSON;
    /// The media type of a request's body.
    const CONSUMES: &'static str = "application/json";
    /// Whether pages of listed origins may read its answers. Pages for people may not be read.
    const CROSS_ORIGIN: bool = true;
    /// As [`Reply::MAY_MOVE`].
    const MAY_MOVE: bool = false;
    /// As [`Reply::MAY_STREAM`].
    const MAY_STREAM: bool = false;
    /// The status of the sample event's answer.
    const STATUS: u16 = 200;
    /// The sample event's path parameters, by name.
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[];
    /// The sample event's query parameters, by name.
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = &[];

    /// As [`Endpoint::Auth`].
    type Auth: Auth;

    /// The answer to a request that the pipeline or the handler rejects: problem details, unless
    /// the protocol has its own format. It must carry the headers of the problem.
    #[must_use]
    fn reject(cx: &Context, problem: Problem) -> Response {
        problem_details(cx, problem)
    }

    /// What the function does ahead of the first request, beside opening connections: things that are made at
    /// their first use. Then it has a full core, and a request only a part of one.
    fn prepare(_: &Context) {}

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
