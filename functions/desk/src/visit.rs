//! A visit of a page: who, and what they sent.

use std::str::FromStr;

use byline_shared::auth::{Actor, Credential, browser, limits};
use byline_shared::http::{Request, path};
use byline_shared::model::SessionId;
use byline_shared::prelude::*;

use crate::fields::{Fields, File};
use crate::notice::{Done, Notice};

/// A visit of a signed-in person.
pub(crate) struct Visit {
    /// Who.
    pub(crate) caller: Caller,
    /// Their session.
    pub(crate) session: Session,
    /// The token that each form of the page carries.
    pub(crate) form_token: String,
    /// The path with the query, as requested: where the page is found again.
    pub(crate) target: String,
    /// What happened just before, to be told.
    pub(crate) notice: Option<Notice>,
    /// The fields of the query.
    pub(crate) query: Fields,
    /// The fields of the form; none on GET.
    pub(crate) form: Fields,
    /// The files of the form.
    pub(crate) files: Vec<File>,
    /// Whether a script of a page sent the form, and reads JSON.
    pub(crate) is_script: bool,
    parameters: Vec<(&'static str, String)>,
}

/// Whether a script of a page sent the form, and reads JSON.
pub(crate) fn is_script(request: &Request) -> bool {
    let accept = request.headers().get(http::header::ACCEPT);
    accept.is_some_and(|accept| accept == "application/json")
}

/// The session of a visit.
pub(crate) struct Session {
    /// Its id.
    pub(crate) id: SessionId,
    /// The account's `token_version`.
    pub(crate) token_version: u64,
}

impl Visit {
    /// The visit of a request for the page with this path, which tells that one of the `expected` things was
    /// done.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub(crate) async fn new(
        cx: &Context,
        (template, expected): (&'static str, &[Done]),
        caller: Caller,
        request: &Request,
        (form, files): (Fields, Vec<File>),
    ) -> Result<Self, Problem> {
        let Credential::Session { id, token_version, .. } = caller.credential.clone() else {
            return Err(Problem::internal("the visitor of a page has no session"));
        };
        let query = Fields::of_query(request);
        Ok(Self {
            form_token: browser::form_token(cx, &id).await?,
            session: Session { id, token_version },
            caller,
            target: request
                .uri()
                .path_and_query()
                .map_or("/desk", |target| target.as_str())
                .to_owned(),
            notice: Notice::of_query(&query, expected),
            parameters: path::capture(template, request.uri().path()).unwrap_or_default(),
            query,
            form,
            files,
            is_script: is_script(request),
        })
    }

    /// The visitor as the author of what they do: a person.
    pub(crate) fn actor(&self) -> Actor {
        Actor::rest(self.caller.clone())
    }

    /// The visitor as those operations take them that are for people alone.
    pub(crate) fn person(&self) -> Person {
        Person {
            user: self.caller.user.clone(),
            session_id: self.session.id.clone(),
            token_version: self.session.token_version,
        }
    }

    /// Counts a request, as the operations of the API are counted.
    ///
    /// # Errors
    /// 429 after too many; 503.
    pub(crate) async fn count(&self, cx: &Context, limit: &RateLimit) -> Result<(), Problem> {
        limits::acquire(cx, limit, &limits::account(&self.caller.user.id)).await
    }

    /// A parameter of the path, decoded.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).expect("the page's path has the parameter")
    }

    /// An id in the path.
    ///
    /// # Errors
    /// 404 if it is none.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.parameter(name).parse().map_err(|_| Problem::no_such_path())
    }
}
