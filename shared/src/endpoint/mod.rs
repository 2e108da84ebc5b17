//! The contract: an endpoint is a type that states its route, who may call it, what it touches,
//! what it takes and answers, and how it can fail.
//!
//! From the list of [`Operation`]s come the routes, the OpenAPI description, the SAM functions and
//! their policies, the sample events and the Lambda binaries. An endpoint's generic code ends
//! where its [`Operation`] is made: from there on everything runs through function pointers, so
//! that one compiled pipeline serves them all.

mod contract;
mod decode;
mod function_url;
mod handler;
mod input;
mod memory;
mod once;
mod operation;
mod raw_contract;
mod reply;
mod router;
mod service;
mod unrouted;

pub use contract::{BoxFuture, Endpoint, Example, RawEndpoint};
pub use decode::{InputContract, Location, must_be_json, typed};
pub use function_url::FunctionUrl;
pub use handler::{ExampleValues, Handler};
pub use input::NoInput;
pub use memory::Memory;
pub use operation::Operation;
pub use raw_contract::{OtherAnswer, RawContract};
pub(crate) use reply::events;
pub use reply::{
    Accepted, Created, Json, JsonOrEvents, JsonOrMarkdown, MARKDOWN, MaybeMoved, NoContent, Reply,
};
pub use router::Router;
pub use service::Service;
pub use unrouted::{Route, unrouted};
