//! Tests from outside: HTTP against the real handlers, with the real SDK on the embedded database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod api_description;
mod bad_input;
mod coverage;
mod credentials;
mod docs_links;
mod docs_tables;
mod durability;
mod enumeration;
mod faults;
mod floors;
mod generated;
mod guides;
mod harness;
mod hidden_text;
mod hostile_markdown;
mod http_conventions;
mod lambda;
mod list_cost;
mod local_runner;
mod mcp;
mod media;
mod oauth;
mod outside;
mod package_names;
mod passwords;
mod permissions;
mod posts;
mod public;
mod publishing;
mod races;
mod secrets_in_logs;
mod security_operations;
mod sessions;
mod start;
mod story;
mod template;
mod token_attacks;
mod transfer;
mod transfer_bounds;
mod transfer_moved;
mod validator;
mod walk;
mod words;
