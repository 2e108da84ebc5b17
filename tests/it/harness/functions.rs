//! The Lambda functions as processes of their own.
//!
//! The full tier starts the binary that is deployed. The quick tier links none: it starts this test
//! binary again, which serves the function that `BYLINE_TEST_FUNCTION` names through the same
//! `byline_shared::lambda` and Runtime API.

use std::env;
use std::process::Command;

use super::cargo;
use super::tier::{Tier, tier};

const FUNCTION: &str = "BYLINE_TEST_FUNCTION";

/// The test below, by its full name.
const ENTRY: &str = "harness::functions::serves_the_function_that_the_environment_names";

/// A function's process with this environment and no other variables.
pub(crate) fn command(name: &str, environment: &[(String, String)]) -> Command {
    let mut command = match tier() {
        Tier::Full => Command::new(cargo::function(name)),
        Tier::Quick => {
            let mut command = Command::new(env::current_exe().unwrap());
            command.args(["--ignored", "--exact", ENTRY, "--nocapture"]);
            command
        }
    };
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    if tier() == Tier::Quick {
        // A binary's main thread has 8 MiB of stack, a test's thread 2.
        command.env(FUNCTION, name).env("RUST_MIN_STACK", (8 << 20).to_string());
    }
    command
}

/// Builds what `command` starts. Call it before anything that expires: the full tier links every
/// binary at the first call, which takes longer than a token lasts on a slow machine.
pub(crate) fn build(name: &str) {
    if tier() == Tier::Full {
        cargo::function(name);
    }
}

#[test]
#[ignore = "no test: the entry of the processes that the quick tier starts"]
fn serves_the_function_that_the_environment_names() {
    let name = env::var(FUNCTION).unwrap();
    let operation = byline_local::operations().into_iter().find(|known| known.name == name);
    let url = byline_local::function_urls().into_iter().find(|url| url.fallback.name == name);
    let ended = match (operation, url) {
        (Some(operation), _) => byline_shared::lambda::serve(operation),
        (_, Some(url)) => byline_shared::lambda::serve_url(url),
        (None, None) => {
            let worker = byline_local::workers().into_iter().find(|known| known.name == name);
            byline_shared::lambda::work(worker.unwrap())
        }
    };
    panic!("{name} ended: {ended:?}");
}
