//! An endpoint with its types erased.

use http::{HeaderMap, Method};
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::contract::{Endpoint, RawEndpoint};
use super::decode::{self, InputContract};
use super::handler::{ExampleValues, Handler, call_typed, typed_example};
use super::memory::Memory;
use super::once;
use super::raw_contract::RawContract;
use super::reply::Reply;
use crate::auth::browser::PAGE_SETTINGS;
use crate::auth::limits::LIMIT_PERMISSION;
use crate::auth::requirement::SignIn;
use crate::auth::{Access, Audience, Auth};
use crate::context::Context;
use crate::http::Response;
use crate::http::cache::Cache;
use crate::http::if_match::IfMatch;
use crate::http::problem::{Code, PROBLEM_JSON, Problem};
use crate::model::RateLimit;
use crate::permission::{Permission, Table};
use crate::store::ahead::NamedKind;

/// One operation: an endpoint with its types erased.
#[derive(Clone)]
pub struct Operation {
    /// The name of the operation, the binary and the function.
    pub name: &'static str,
    /// The Rust module that holds it (`accounts::auth_login`).
    pub module: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// Whether it also answers POST at its path, with a form.
    pub forms: bool,
    /// Whether the API description lists it.
    pub described: bool,
    /// A short title for the API description.
    pub summary: &'static str,
    /// What a caller needs to know besides the summary, in Markdown.
    pub description: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Whom an access token must be for.
    pub audience: Audience,
    /// Whether pages of listed origins may read its answers.
    pub cross_origin: bool,
    /// The media type of a request's body.
    pub consumes: &'static str,
    /// The rights it declares.
    pub declared_permissions: &'static [Permission],
    /// The problems it declares.
    pub declared_errors: &'static [Code],
    /// The limit on its callers, beyond those that its handler holds them to.
    pub limit: Option<RateLimit>,
    /// What the first parameter of its path names, where that is read with the session.
    pub names: Option<NamedKind>,
    /// Who may keep its answers.
    pub cache: Cache,
    /// The size of its function.
    pub memory: Memory,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// How many seconds its function may run, if longer than others.
    pub seconds: Option<u16>,
    /// Whether a request with `Idempotency-Key` is carried out once.
    pub idempotent: bool,
    /// The status of a success.
    pub status: u16,
    /// Whether the answer may be a redirect instead: 301.
    pub may_move: bool,
    /// Whether the answer may be a stream of events instead.
    pub may_stream: bool,
    /// The media type of a success with a body.
    pub produces: &'static str,
    /// The media type of its refusals.
    pub error_media_type: &'static str,
    /// The input's schema; `None` for a raw endpoint.
    pub input: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// The output's schema, where the answer is typed and has a body.
    pub output: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// What the API description says about a raw endpoint; empty for a typed one.
    pub contract: fn(&mut SchemaGenerator) -> RawContract,
    /// The example.
    pub example: fn() -> ExampleValues,
    /// The handler.
    pub handler: Handler,
    /// The form of its refusals.
    pub reject: fn(&Context, Problem) -> Response,
    /// What its function does ahead of the first request.
    pub prepare: fn(&Context),
}

impl Operation {
    /// The path of the operation that takes what no other does.
    pub const DEFAULT_PATH: &'static str = "$default";

    /// The operation of a typed endpoint; `module` is its file's `module_path!()`.
    #[must_use]
    pub const fn typed<E: Endpoint>(module: &'static str) -> Self {
        Self {
            name: E::NAME,
            module,
            method: E::METHOD,
            path: E::PATH,
            forms: false,
            described: true,
            summary: E::SUMMARY,
            description: E::DESCRIPTION,
            access: E::Auth::ACCESS,
            audience: E::Auth::AUDIENCE,
            cross_origin: true,
            consumes: "application/json",
            declared_permissions: E::PERMISSIONS,
            declared_errors: E::ERRORS,
            limit: E::LIMIT,
            names: None,
            cache: E::CACHE,
            memory: E::MEMORY,
            body_limit: E::BODY_LIMIT,
            seconds: E::SECONDS,
            idempotent: E::IDEMPOTENT,
            status: E::Output::STATUS,
            may_move: E::Output::MAY_MOVE,
            may_stream: E::Output::MAY_STREAM,
            produces: "application/json",
            error_media_type: PROBLEM_JSON,
            input: Some(|generator| generator.root_schema_for::<E::Input>()),
            output: E::Output::schema,
            contract: |_| RawContract::default(),
            example: typed_example::<E>,
            handler: Handler::Typed(call_typed::<E>),
            reject: E::reject,
            prepare: |_| {},
        }
    }

    /// The operation of a raw endpoint; `module` is its file's `module_path!()`.
    #[must_use]
    pub const fn raw<E: RawEndpoint>(module: &'static str) -> Self {
        Self {
            name: E::NAME,
            module,
            method: E::METHOD,
            path: E::PATH,
            forms: E::FORMS,
            described: E::DESCRIBED,
            summary: E::SUMMARY,
            description: E::DESCRIPTION,
            access: E::Auth::ACCESS,
            audience: E::Auth::AUDIENCE,
            cross_origin: E::CROSS_ORIGIN,
            consumes: E::CONSUMES,
            declared_permissions: E::PERMISSIONS,
            declared_errors: E::ERRORS,
            limit: E::LIMIT,
            names: E::NAMES,
            cache: E::CACHE,
            memory: E::MEMORY,
            body_limit: E::BODY_LIMIT,
            seconds: E::SECONDS,
            idempotent: false,
            status: E::STATUS,
            may_move: E::MAY_MOVE,
            may_stream: E::MAY_STREAM,
            produces: E::PRODUCES,
            error_media_type: E::ERROR_MEDIA_TYPE,
            input: None,
            output: |_| None,
            contract: E::contract,
            example: || ExampleValues {
                input: E::example().unwrap_or(Value::Null),
                path: E::EXAMPLE_PATH,
                query: E::EXAMPLE_QUERY,
                status: E::STATUS,
                output: None,
                headers: HeaderMap::new(),
            },
            handler: Handler::Raw(|cx, caller, request| {
                Box::pin(async move { E::handle(cx, E::Auth::from_caller(caller)?, request).await })
            }),
            reject: E::reject,
            prepare: E::prepare,
        }
    }

    /// Whether it takes what no other operation does.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.path == Self::DEFAULT_PATH
    }

    /// Every right it needs: the declared ones, and those of its limit and its access check.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        let mut permissions = self.declared_permissions.to_vec();
        if self.limit.is_some() {
            permissions.push(LIMIT_PERMISSION);
        }
        if self.idempotent {
            permissions.push(once::IDEMPOTENCY_PERMISSION);
        }
        match self.access {
            // A page that needs no session says the publication's name.
            Access::Public if self.forms => permissions.push(PAGE_SETTINGS),
            Access::Public => {}
            Access::Desk(_) => permissions.extend(crate::auth::DESK_PERMISSIONS),
            Access::Scope(_) | Access::Publish | Access::Person { .. } => {
                permissions.extend(crate::auth::ACCESS_PERMISSIONS);
            }
        }
        permissions.sort();
        permissions.dedup();
        permissions
    }

    /// Whether its grants let it use `action` on the items of `table`.
    #[must_use]
    pub fn may(&self, table: Table, action: &str) -> bool {
        self.permissions().iter().any(|permission| {
            matches!(permission, Permission::Table(granted, actions)
                if *granted == table && actions.iter().any(|a| a.as_str() == action))
        })
    }

    /// Every problem it may answer with: the declared ones and those that follow from its parts.
    #[must_use]
    pub fn errors(&self) -> Vec<Code> {
        let mut errors = self.declared_errors.to_vec();
        if self.input.is_some() {
            errors.extend([Code::InvalidInput, Code::MalformedRequest]);
        }
        if self.takes_body() {
            errors.extend([Code::PayloadTooLarge, Code::UnsupportedMediaType]);
        }
        if self.requires_if_match() {
            errors.extend([Code::PreconditionRequired, Code::PreconditionFailed]);
        }
        if self.idempotent {
            errors.extend([Code::IdempotencyKeyInUse, Code::IdempotencyKeyReused]);
        }
        match self.access {
            Access::Public => {}
            // What people type into an address or a form, and how often, ends on a page.
            Access::Desk(_) => errors.extend([
                Code::Forbidden,
                Code::InvalidInput,
                Code::MalformedRequest,
                Code::MethodNotAllowed,
                Code::NotFound,
                Code::TooManyRequests,
            ]),
            Access::Scope(_) | Access::Publish | Access::Person { .. } => {
                errors.extend([Code::Unauthenticated, Code::Forbidden]);
            }
        }
        if matches!(self.access, Access::Person { sign_in: SignIn::JustNow, .. }) {
            errors.push(Code::RecentSignInRequired);
        }
        if self.limit.is_some() {
            errors.push(Code::TooManyRequests);
        }
        if !self.permissions().is_empty() {
            errors.push(Code::Unavailable);
        }
        errors.push(Code::Internal);
        errors.sort_by_key(|code| (code.status(), code.as_str()));
        errors.dedup();
        errors
    }

    /// The input schema, compiled; `None` for a raw endpoint.
    ///
    /// # Panics
    /// Where the type's schema has a keyword that is not checked.
    #[must_use]
    pub fn input_contract(&self) -> Option<InputContract> {
        let schema = self.input?(&mut decode::generator()).to_value();
        Some(InputContract::new(self.method.clone(), self.path, schema))
    }

    /// Whether requests carry a body.
    #[must_use]
    pub fn takes_body(&self) -> bool {
        self.forms || (self.method != Method::GET && self.method != Method::DELETE)
    }

    /// The methods of its routes: HEAD wherever GET is, POST also for forms; none for the operation
    /// that takes what no other does.
    #[must_use]
    pub fn methods(&self) -> Vec<Method> {
        if self.is_default() {
            return Vec::new();
        }
        let mut methods = vec![self.method.clone()];
        if self.method == Method::GET {
            methods.push(Method::HEAD);
        }
        if self.forms {
            methods.push(Method::POST);
        }
        methods
    }

    fn requires_if_match(&self) -> bool {
        self.input.is_some_and(|schema| {
            let schema = schema(&mut decode::generator());
            let required = schema.get("required").and_then(Value::as_array);
            required.is_some_and(|names| names.iter().any(|name| name == IfMatch::FIELD))
        })
    }
}
