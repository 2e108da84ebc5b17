//! Tools beyond cargo. A test that lacks one says so and is skipped, except under `CI=true`.

use std::process::Command;
use std::thread;

use super::tier::full_only;

/// Whether `program arguments…` runs; if not, the test at hand is to return.
pub(crate) fn there_is(program: &str, arguments: &[&str]) -> bool {
    let works = Command::new(program).args(arguments).output();
    if works.is_ok_and(|output| output.status.success()) {
        return true;
    }
    let call = format!("{program} {}", arguments.join(" "));
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!in_ci, "`{call}` does not work, and in CI no test is skipped");
    eprintln!("skipped: it needs `{call}` to work");
    false
}

/// The same for programs that take their time, such as a browser, another language's clients, or linters: they are
/// for the full tier only.
pub(crate) fn full_tier_has(program: &str, arguments: &[&str]) -> bool {
    // libtest names the thread of a test after it. Where it runs one test at a time, that is `main`.
    let thread = thread::current();
    let test = thread.name().filter(|name| *name != "main");
    full_only(test.unwrap_or(program)) && there_is(program, arguments)
}
