//! Error messages of tools: what went wrong, and which tool to call next.

use byline_shared::auth::Caller;
use byline_shared::context::Context;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::AgentPublishing;
use byline_shared::settings;

use crate::tools::{OF_AGENT, ToolEntry};
use crate::{field_error, truncate};

/// The longest description of a problem, in characters: parts of it may echo the caller's input.
const MAX_DESCRIPTION: usize = 6000;

/// The message for a tool call that failed, as the model reads it. The cause goes to the log. The
/// message contains no text that another user wrote.
pub async fn message(cx: &Context, caller: &Caller, tool: &ToolEntry, problem: &Problem) -> String {
    let next = NextStep { caller, tool };
    let next = match problem.code {
        Code::ApprovalRequired => match settings::current(cx).await {
            Ok(settings) => next.to_get_approval(settings.agent_publishing),
            Err(_) => next.to_get_approval(AgentPublishing::Approved),
        },
        _ => next.after(problem),
    };
    format!("{}\nNext: {next}", describe(tool.name, problem))
}

/// The message for a request other than a tool call.
pub fn request_message(problem: &Problem) -> String {
    describe("", problem)
}

fn describe(tool: &str, problem: &Problem) -> String {
    if let Some(cause) = &problem.cause {
        tracing::error!(tool, code = problem.code.as_str(), cause = %cause, "a request failed");
    }
    // The details of these problems mention headers, which a tool call does not have.
    let mut text = match problem.code {
        Code::PreconditionFailed | Code::EditConflict => {
            "The post has changed since that revision. Nothing was changed.".to_owned()
        }
        Code::InvalidInput if !problem.errors.is_empty() => {
            "Invalid arguments. Nothing was changed.".to_owned()
        }
        _ => problem.detail.clone(),
    };
    for error in &problem.errors {
        text.push_str(&format!("\n{}", field_error::line(error)));
    }
    truncate::text(&text, MAX_DESCRIPTION)
}

/// Composes the next step. It mentions only tools that the caller may use, and that the built-in agent has, too.
struct NextStep<'a> {
    caller: &'a Caller,
    tool: &'a ToolEntry,
}

impl NextStep<'_> {
    /// Those of these tools that the caller may use, joined as "a, b and c".
    fn available(&self, names: &[&'static str]) -> Option<String> {
        let tool = |name: &str| OF_AGENT.iter().find(|tool| tool.name == name);
        let may = |name: &&&str| tool(name).is_some_and(|tool| self.caller.may(tool.scope));
        let available: Vec<&str> = names.iter().filter(may).copied().collect();
        let (last, others) = available.split_last()?;
        Some(if others.is_empty() {
            (*last).to_owned()
        } else {
            format!("{} and {last}", others.join(", "))
        })
    }

    /// A sentence that begins with the available ones of these tools, or asks for another scope if
    /// there are none.
    fn with(&self, names: &[&'static str], rest: &str) -> String {
        match self.available(names) {
            Some(names) => format!("{names} {rest}"),
            None => "whoami lists the scopes that this token lacks; ask the user for a token with \
                     more."
                .to_owned(),
        }
    }

    fn after(&self, problem: &Problem) -> String {
        let tool = self.tool.name;
        match problem.code {
            Code::InvalidInput => match id_source(problem) {
                Some((names, rest)) => {
                    format!("{} Then call {tool} again.", self.with(names, rest))
                }
                None => format!("correct the arguments and call {tool} again."),
            },
            Code::NotFound => {
                let lists =
                    ["posts_list", "search", "proposals_list", "revisions_list", "media_list"];
                let lists = self.available(&lists).unwrap_or_else(|| "whoami".to_owned());
                format!("use {lists} to find what you may read.")
            }
            Code::PreconditionFailed | Code::EditConflict => self.with(
                &["post_get"],
                &format!(
                    "returns the current text: check that your change still fits, and call {tool} \
                     with the current revision_id."
                ),
            ),
            Code::Forbidden => "whoami lists what you may do.".to_owned(),
            Code::SlugTaken => format!("call {tool} with another slug, or search for that post."),
            Code::PostTrashed => {
                let others = self.available(&["posts_list"]);
                let others = others.map(|name| format!(" {name} returns the other posts."));
                format!(
                    "ask a person to restore the post before you call {tool} again.{}",
                    others.unwrap_or_default()
                )
            }
            Code::PayloadTooLarge => format!(
                "shorten the text, or split it into two posts and call {tool} for each. The same \
                 text will fail again."
            ),
            Code::UploadMissing => {
                "upload the file with the request from the first media_request_upload call, then \
                 call media_request_upload with complete again."
                    .to_owned()
            }
            Code::UploadRefused => {
                "call media_request_upload with the file's actual type and size.".to_owned()
            }
            Code::TooManyRequests => format!("wait, then call {tool} again."),
            _ => match self.available(&["drafts_status"]) {
                Some(status) if !self.tool.hints.read_only => format!(
                    "wait a moment and check with {status} whether the change was made before you \
                     call {tool} again."
                ),
                _ => format!("wait a moment, then call {tool} again."),
            },
        }
    }

    /// The next step for an agent that may not publish the revision.
    fn to_get_approval(&self, agents: AgentPublishing) -> String {
        match self.available(&["post_propose"]) {
            Some(propose) if agents != AgentPublishing::Never => {
                let status = self.available(&["drafts_status"]);
                let status = status.map(|name| format!("; {name} shows the decision"));
                let status = status.unwrap_or_default();
                format!("{propose} submits it for a person to approve{status}.")
            }
            _ => format!(
                "ask an editor or admin to do it; no tool can. {}",
                self.with(&["drafts_status"], "lists the posts that wait for this.")
            ),
        }
    }
}

/// The tools that return the id that was wrong, and the rest of the sentence about them.
fn id_source(problem: &Problem) -> Option<(&'static [&'static str], &'static str)> {
    problem.errors.iter().find_map(|error| match error.pointer.trim_start_matches('/') {
        "post_id" => Some((
            &["post_get", "posts_list"] as &[_],
            "return a post's id; post_get also finds a post by its slug.",
        )),
        "revision_id" | "base_revision_id" => {
            Some((&["post_get"] as &[_], "returns a post's revision_id."))
        }
        "from" | "to" => Some((&["revisions_list"] as &[_], "lists a post's revisions.")),
        "proposal_id" => Some((&["proposals_list"] as &[_], "lists the proposals.")),
        "cover" | "complete" => Some((&["media_list"] as &[_], "lists the files.")),
        _ => None,
    })
}
