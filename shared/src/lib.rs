//! The common crate of Byline: the endpoint contract, the models, authentication, storage and the
//! publishing rules. Every Lambda function, the local runner and the generator use it.
//!
//! To add an endpoint, begin with [`prelude`] and [`endpoint::Endpoint`]; to change a rule of
//! publishing, with [`publishing`].
//!
//! # Floors
//!
//! A module imports only from lines below its own, and no two files import each other, directly or
//! through others. `tests/it/floors` reads this list and holds the sources to it.
//!
//! ```text floors
//! lambda
//! worker, publishing, agent, examples
//! oauth
//! media, endpoint
//! settings, scheduler, mail
//! auth
//! context
//! secrets, known_settings
//! store
//! config, clock, timed_cache, http, stopping, open_streams
//! model
//! crypto, permission, telemetry
//! ```

pub mod agent;
pub mod auth;
pub mod clock;
pub mod config;
pub mod context;
pub mod crypto;
pub mod endpoint;
pub mod examples;
pub mod http;
pub mod known_settings;
pub mod lambda;
pub mod mail;
pub mod media;
pub mod model;
pub mod oauth;
pub mod open_streams;
pub mod permission;
pub mod publishing;
pub mod scheduler;
pub mod secrets;
pub mod settings;
pub mod stopping;
pub mod store;
pub mod telemetry;
pub mod timed_cache;
pub mod worker;

pub use context::Context;

/// What an endpoint's file needs, in one import.
pub mod prelude {
    pub use crate::auth::{
        AtMcp, ByPerson, Caller, HOLD_RIGHT, JustSignedIn, MayPublish, Person, Public, SignedIn,
        scope,
    };
    pub use crate::context::Context;
    pub use crate::endpoint::{
        Accepted, Created, Endpoint, Example, Json, JsonOrEvents, JsonOrMarkdown, MaybeMoved,
        Memory, NoContent, NoInput, Operation, RawContract, RawEndpoint, Reply,
    };
    pub use crate::http::cache::Cache;
    pub use crate::http::page::{Page, PageParams};
    pub use crate::http::problem::{Code, Problem};
    pub use crate::model::RateLimit;
    pub use crate::model::Representation;
    pub use crate::permission::Action::*;
    pub use crate::permission::Permission;
    pub use crate::permission::Table::*;
    pub use http::Method;
    pub use schemars::{JsonSchema, SchemaGenerator};
    pub use serde::{Deserialize, Serialize};
    pub use std::sync::Arc;
}
