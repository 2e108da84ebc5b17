//! Tests from outside: HTTP against the real handlers, with the real SDK on the embedded database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod add_an_endpoint;
mod bad_input;
mod coverage;
mod durability;
mod generated;
mod grants;
mod harness;
mod http_conventions;
mod lambda;
mod local_runner;
mod mcp;
mod posts;
mod sessions;
mod start;
mod story;
mod template;
mod validator;
mod walk;
