//! One call of a tool: checked, run, and what it returned held to its length.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use serde_json::{Map, Value};

use super::answer::WantedCall;
use crate::agent::{Invocation, Tools};
use crate::auth::Actor;
use crate::context::Context;
use crate::model::{AgentMode, ToolCall};

/// The longest name of a tool that is kept, in characters. Models invent names.
const MAX_NAME: usize = 64;

/// The longest output, in characters. Byline's own tools page by this limit and by the next one: what is cut off
/// here, no page has.
const MAX_OUTPUT: usize = 25_000;

/// The same in bytes, so that an item stays below 64 KB with its arguments.
const MAX_OUTPUT_BYTES: usize = 28 * 1024;

/// A call as it is stored and run.
pub(super) struct Prepared {
    pub(super) name: String,
    /// The arguments to store.
    pub(super) stored: String,
    /// The arguments to run it with, or what the model is told instead.
    pub(super) arguments: Result<Map<String, Value>, String>,
    /// Whether the mode of the conversation alone forbids the tool.
    pub(super) is_of_other_mode: bool,
}

/// The tools that a model has now.
pub(super) struct Offered<'a> {
    /// Their names.
    pub(super) tools: &'a [&'a str],
    /// What limits them.
    pub(super) mode: AgentMode,
    /// The names of those that it would have without that limit.
    pub(super) in_any_mode: &'a [&'a str],
}

/// Checks what a model wants against the tools that it has.
pub(super) fn prepare(offered: &Offered<'_>, wanted: &WantedCall) -> Prepared {
    let tools = offered.tools;
    let name: String = wanted.name.chars().take(MAX_NAME).collect();
    let is_known = tools.contains(&wanted.name.as_str());
    // Some models leave the arguments out where there are none.
    let written = match wanted.arguments.trim() {
        "" => "{}",
        written => written,
    };
    let is_of_other_mode = !is_known && offered.in_any_mode.contains(&wanted.name.as_str());
    let arguments = if !is_known {
        Err(if is_of_other_mode {
            let tools = tools.join(", ");
            format!("{} The user can change that. The tools are {tools}.", offered.mode.sentence())
        } else if tools.is_empty() {
            "There are no tools in this conversation.".to_owned()
        } else {
            format!("There is no such tool. The tools are {}.", tools.join(", "))
        })
    } else if wanted.is_too_long {
        Err("The arguments are too long. Do it in several smaller calls.".to_owned())
    } else {
        let read: Result<Map<String, Value>, _> = serde_json::from_str(written);
        read.map_err(|_| "The arguments are not a JSON object. Correct them.".to_owned())
    };
    Prepared { name, stored: written.to_owned(), arguments, is_of_other_mode }
}

/// Runs a call that is written down.
pub(super) async fn run(
    tools: &dyn Tools,
    cx: &Context,
    actor: &Actor,
    call: ToolCall,
    arguments: &Map<String, Value>,
) -> ToolCall {
    let invocation = Invocation { id: &call.id, name: &call.name, arguments };
    let outcome = AssertUnwindSafe(tools.call(cx, actor, invocation)).catch_unwind().await;
    match outcome {
        Ok(Ok(output)) => call.completed(bounded(output)),
        Ok(Err(text)) => call.failed(bounded(text)),
        // The panic hook has logged it. What it had done before is not known.
        Err(_) => call.interrupted(),
    }
}

/// A text that is not longer than a model may get.
fn bounded(text: String) -> String {
    let by_chars = text.char_indices().nth(MAX_OUTPUT).map_or(text.len(), |(at, _)| at);
    let most = by_chars.min(MAX_OUTPUT_BYTES);
    if most == text.len() {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}… [truncated: {} characters in total]", &text[..end], text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(name: &str, arguments: &str) -> Prepared {
        let (name, arguments) = (name.to_owned(), arguments.to_owned());
        let offered = Offered {
            tools: &["search"],
            mode: AgentMode::Propose,
            in_any_mode: &["search", "post_edit"],
        };
        prepare(&offered, &WantedCall { name, arguments, is_too_long: false })
    }

    #[test]
    fn only_known_tools_run_and_only_with_an_object() {
        assert_eq!(prepared("search", "{\"a\":1}").arguments.unwrap()["a"], 1);
        assert!(prepared("search", " ").arguments.unwrap().is_empty());
        for (name, arguments, says) in [
            ("Search", "{}", "The tools are search."),
            ("", "{}", "no such tool"),
            ("post_edit", "{}", "may only read and propose changes. The user can change that."),
            ("search", "{\"a\":", "not a JSON object"),
            ("search", "[]", "not a JSON object"),
        ] {
            let fault = prepared(name, arguments).arguments.unwrap_err();
            assert!(fault.contains(says), "{fault}");
        }
        assert_eq!(prepared(&"é".repeat(100), "{}").name.chars().count(), 64);
    }

    #[test]
    fn an_output_is_no_longer_than_a_model_may_get() {
        assert_eq!(bounded("a".repeat(25_000)), "a".repeat(25_000));
        for letter in ["a", "é", "\u{1f600}"] {
            let text = bounded(letter.repeat(60_000));
            assert!(text.ends_with("… [truncated: 60000 characters in total]"), "{letter}");
            assert!(text.len() < 29 * 1024 && text.chars().count() < 25_100, "{letter}");
        }
    }
}
