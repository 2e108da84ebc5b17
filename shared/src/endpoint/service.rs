//! The pipeline: one operation answering requests, the same locally and on Lambda.

use std::convert::Infallible;
use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use http::header::IF_NONE_MATCH;
use http::{Method, StatusCode};
use tokio::sync::SetOnce;
use tower::{Layer, ServiceExt, service_fn};
use tracing::{Instrument, error, info, warn};

use super::contract::BoxFuture;
use super::decode::InputContract;
use super::handler::Handler;
use super::once;
use super::operation::Operation;
use crate::auth::{self, Access, Caller, limits};
use crate::context::Context;
use crate::http::cache::Cache;
use crate::http::problem::{Code, Problem};
use crate::http::{Request, RequestInfo, Response, headers, path};
use crate::model::RateLimit;
use crate::store::ahead::Named;

/// An operation with all it needs to answer.
pub struct Service {
    operation: Operation,
    context: Context,
    input: OnceLock<Option<InputContract>>,
}

impl Service {
    /// The operation, answering from `context`.
    #[must_use]
    pub fn new(operation: Operation, context: Context) -> Self {
        Self { operation, context, input: OnceLock::new() }
    }

    /// The operation that answers.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What it answers from.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Compiles the input schema ahead of the first request.
    pub fn prepare(&self) {
        self.input();
    }

    fn input(&self) -> Option<&InputContract> {
        self.input.get_or_init(|| self.operation.input_contract()).as_ref()
    }

    /// Answers a request. Whatever happens inside, there is an answer, and it is complete:
    /// problem, CORS, security headers, validators, request id.
    ///
    /// HEAD is answered as GET, without the body (RFC 9110 §9.3.2).
    pub async fn call(&self, mut request: Request) -> Response {
        if request.method() != Method::HEAD {
            return self.answer(request).await;
        }
        if self.operation.methods().contains(&Method::HEAD) {
            *request.method_mut() = Method::GET;
        }
        let mut response = self.answer(request).await;
        headers::without_body(&mut response);
        response
    }

    /// Refuses a request that could not be read, in the form in which the operation refuses.
    #[must_use]
    pub fn refuse(&self, info: RequestInfo, problem: Problem) -> Response {
        let context = self.context.for_request(info);
        let mut response = (self.operation.reject)(&context, problem);
        headers::complete(&mut response, Cache::NoStore, &context.request.request_id);
        response
    }

    async fn answer(&self, request: Request) -> Response {
        let info = request.extensions().get::<RequestInfo>().cloned();
        let context = self.context.for_request(info.unwrap_or_else(RequestInfo::none));
        let request_id = context.request.request_id.clone();
        let span = tracing::info_span!(
            "request",
            operation = self.operation.name,
            request_id = %request_id,
        );
        let if_none_match = request.headers().get(IF_NONE_MATCH).cloned();
        let query = request.uri().query().map(str::to_owned);
        let inner = service_fn(|request: Request| async {
            // Boxed, or the types of all the layers become one that no compiler wants to lay out.
            let mut response = Box::pin(self.guarded(&context, request)).await;
            if self.operation.may_move && response.status() == StatusCode::MOVED_PERMANENTLY {
                headers::keep_query(&mut response, query.as_deref());
            }
            if self.operation.cache == Cache::Public {
                headers::revalidate(&mut response, if_none_match.as_ref());
            }
            Ok::<_, Infallible>(response)
        });
        async {
            let answer = if self.operation.cross_origin {
                self.context.cors.layer(inner).oneshot(request).await
            } else {
                inner.oneshot(request).await
            };
            let mut response = answer.unwrap_or_else(|never| match never {});
            headers::complete(&mut response, self.operation.cache, &request_id);
            info!(status = response.status().as_u16(), "answered");
            response
        }
        .instrument(span)
        .await
    }

    /// Runs the operation; a panic becomes a 500 like any other fault of ours.
    async fn guarded(&self, cx: &Context, request: Request) -> Response {
        if !self.fits(&request) {
            return (self.operation.reject)(cx, Problem::no_such_path());
        }
        let outcome = AssertUnwindSafe(self.run(cx, request)).catch_unwind().await;
        let problem = match outcome {
            Ok(Ok(response)) => return response,
            Ok(Err(problem)) => self.held_to_declaration(problem),
            Err(panic) => Problem::internal(panic_message(panic.as_ref())),
        };
        self.log(&problem);
        let problem = auth::challenge::complete(problem, self.operation.audience, &cx.config);
        (self.operation.reject)(cx, problem)
    }

    async fn run(&self, cx: &Context, request: Request) -> Result<Response, Problem> {
        let operation = &self.operation;
        if operation.takes_body() && request.body().len() > operation.body_limit {
            return Err(too_large(operation.body_limit));
        }
        let is_page =
            matches!(operation.access, Access::Desk(_)) && request.method() == Method::GET;
        let named = operation.names.filter(|_| is_page);
        let value = || path::first_value(operation.path, request.uri().path());
        let named = named.and_then(|kind| Named::of(kind, &value()));
        let access = (operation.access, operation.audience);
        let caller = auth::authorize(cx, request.headers(), access, named);
        let caller = Box::pin(caller).await?;
        let Some(policy) = &operation.limit else { return self.handle(cx, caller, request).await };
        if is_page {
            return Box::pin(self.show(cx, policy, caller, request)).await;
        }
        count(cx, policy, caller.as_ref()).await?;
        self.handle(cx, caller, request).await
    }

    /// Shows a page, which changes nothing: it is read while the request is counted. Long computations wait until
    /// it is within its limit, and nobody gets an answer before.
    async fn show(
        &self,
        cx: &Context,
        policy: &RateLimit,
        caller: Option<Caller>,
        request: Request,
    ) -> Result<Response, Problem> {
        let allowed = Arc::new(SetOnce::new());
        let page = cx.computing_when(Arc::clone(&allowed));
        let counted = pin!(count(cx, policy, caller.as_ref()));
        let answer = self.handle(&page, caller.clone(), request);
        match select(counted, answer).await {
            Either::Left((counted, answer)) => {
                counted?;
                // Nobody else sets it.
                let _ = allowed.set(());
                answer.await
            }
            Either::Right((answer, counted)) => counted.await.and(answer),
        }
    }

    fn handle<'a>(
        &'a self,
        cx: &'a Context,
        caller: Option<Caller>,
        request: Request,
    ) -> BoxFuture<'a, Result<Response, Problem>> {
        let operation = &self.operation;
        match operation.handler {
            Handler::Raw(handle) => handle(cx, caller, request),
            Handler::Typed(handle) => {
                let contract = self.input().expect("a typed endpoint has an input schema");
                match contract.decode(&request) {
                    Ok(input) if operation.idempotent => Box::pin(async move {
                        let by = (operation.name, handle);
                        once::answer(cx, by, request.headers(), caller, input).await
                    }),
                    Ok(input) => handle(cx, caller, input),
                    Err(refusal) => Box::pin(ready(Err(refusal))),
                }
            }
        }
    }

    /// Whether the path is one of this operation's: the gateway may route a path with an escaped slash
    /// by its escapes, and hands it on decoded.
    fn fits(&self, request: &Request) -> bool {
        let template = self.operation.path;
        path::parameters(template).next().is_none()
            || path::capture(template, request.uri().path()).is_some()
    }

    /// A problem that the operation does not declare is a bug of ours, not the caller's.
    fn held_to_declaration(&self, problem: Problem) -> Problem {
        if self.operation.is_default() || self.operation.errors().contains(&problem.code) {
            return problem;
        }
        let cause = format!(
            "operation `{}` answered `{}`, which its ERRORS do not declare ({:?})",
            self.operation.name,
            problem.code.as_str(),
            problem.cause
        );
        Problem::internal(cause)
    }

    fn log(&self, problem: &Problem) {
        let code = problem.code.as_str();
        match (&problem.cause, problem.code.status()) {
            (Some(cause), 500..) => error!(code, cause = chain(cause.as_ref()), "failed"),
            (None, 500..) => error!(code, "failed"),
            (Some(cause), _) => warn!(code, cause = chain(cause.as_ref()), "refused"),
            (None, _) => info!(code, "refused"),
        }
    }
}

/// Counts a request: of the caller, or of the network where nobody is known.
async fn count(cx: &Context, policy: &RateLimit, caller: Option<&Caller>) -> Result<(), Problem> {
    match caller {
        Some(caller) => Box::pin(limits::acquire_of(cx, policy, caller)).await,
        None => {
            let network = limits::network(cx.request.source_ip);
            Box::pin(limits::acquire(cx, policy, &network)).await
        }
    }
}

/// The 413 for a limit in bytes.
#[must_use]
pub(crate) fn too_large(limit: usize) -> Problem {
    Problem::new(Code::PayloadTooLarge, format!("The request body may have {limit} bytes at most."))
}

/// An error and all that lies behind it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("without a message"))
}
