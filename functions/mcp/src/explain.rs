//! Problems in words that an agent can act on: what was wrong, and which tool comes next.

use byline_shared::auth::Caller;
use byline_shared::context::Context;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::AgentPublishing;
use byline_shared::settings;

use crate::{shorten, tools};

/// How long the account of a problem may be, in characters: some of it may be the caller's own.
const MAX_ACCOUNT: usize = 6000;

/// A problem of a tool, as its model reads it. The cause goes to the log. Nothing of it is text of
/// somebody else's.
pub(crate) async fn problem(
    cx: &Context,
    caller: &Caller,
    tool: &'static str,
    problem: &Problem,
) -> String {
    let next = Next { caller, tool };
    let next = match problem.code {
        Code::ApprovalRequired => match settings::current(cx).await {
            Ok(settings) => next.to_publish(settings.agent_publishing),
            Err(_) => next.to_publish(AgentPublishing::Approved),
        },
        _ => next.after(problem),
    };
    format!("{}\nNext: {next}", account(tool, problem))
}

/// A problem of a request that is no call of a tool.
pub(crate) fn request(problem: &Problem) -> String {
    account("", problem)
}

fn account(tool: &str, problem: &Problem) -> String {
    if let Some(cause) = &problem.cause {
        tracing::error!(tool, code = problem.code.as_str(), cause = %cause, "a request failed");
    }
    // These speak of headers, which tools do not have.
    let mut text = match problem.code {
        Code::PreconditionFailed | Code::EditConflict => {
            "The post has changed since that revision, and nothing was done.".to_owned()
        }
        Code::InvalidInput if !problem.errors.is_empty() => {
            "Nothing was done: arguments are invalid.".to_owned()
        }
        _ => problem.detail.clone(),
    };
    for error in &problem.errors {
        text.push_str(&format!("\n{}: {}", error.pointer.trim_start_matches('/'), error.message));
    }
    shorten::cut(&text, MAX_ACCOUNT)
}

/// Says what to do next, in names of tools that the caller may use.
struct Next<'a> {
    caller: &'a Caller,
    tool: &'static str,
}

impl Next<'_> {
    /// Those of these tools that the caller may use, in words.
    fn usable(&self, names: &[&'static str]) -> Option<String> {
        let may = |name: &&&str| tools::named(name).is_some_and(|tool| self.caller.may(tool.scope));
        let usable: Vec<&str> = names.iter().filter(may).copied().collect();
        let (last, others) = usable.split_last()?;
        Some(if others.is_empty() {
            (*last).to_owned()
        } else {
            format!("{} and {last}", others.join(", "))
        })
    }

    /// What to do with one of these tools, or else whom to ask.
    fn with(&self, names: &[&'static str], what: &str) -> String {
        match self.usable(names) {
            Some(names) => format!("{names} {what}"),
            None => "whoami says which scopes this token lacks; ask your person for one with more."
                .to_owned(),
        }
    }

    fn after(&self, problem: &Problem) -> String {
        let tool = self.tool;
        match problem.code {
            Code::InvalidInput => match of_an_id(problem) {
                Some((names, what)) => {
                    format!("{} Then call {tool} again.", self.with(names, what))
                }
                None => format!("correct them and call {tool} again."),
            },
            Code::NotFound => {
                let lists =
                    ["posts_list", "search", "proposals_list", "revisions_list", "media_list"];
                let lists = self.usable(&lists).unwrap_or_else(|| "whoami".to_owned());
                format!("look with {lists} for what you may see.")
            }
            Code::PreconditionFailed | Code::EditConflict => self.with(
                &["post_get"],
                &format!(
                    "gives the text as it is now: look whether your change still fits, and call \
                     {tool} with the revision_id you find."
                ),
            ),
            Code::Forbidden => "whoami says what you may do.".to_owned(),
            Code::SlugTaken => format!("call {tool} with another slug, or search for that post."),
            Code::PostTrashed => {
                let others = self.usable(&["posts_list"]);
                let others = others.map(|name| format!(" {name} has the others."));
                format!(
                    "ask a person to restore it, before you call {tool} again.{}",
                    others.unwrap_or_default()
                )
            }
            Code::PayloadTooLarge => format!(
                "shorten the text, or make two posts of it, and call {tool} for each; sending it \
                 again as it is does not help."
            ),
            Code::UploadMissing => {
                "send the file as the first answer of media_request_upload said, then call \
                 media_request_upload with complete again."
                    .to_owned()
            }
            Code::UploadRefused => {
                "call media_request_upload with the file's true type and size.".to_owned()
            }
            Code::TooManyRequests => format!("wait, then call {tool} again."),
            _ => match self.usable(&["drafts_status"]) {
                Some(status) if self.changes() => format!(
                    "wait a little, and look with {status} whether it happened before you call \
                     {tool} again."
                ),
                _ => format!("wait a little, then call {tool} again."),
            },
        }
    }

    fn changes(&self) -> bool {
        tools::named(self.tool).is_some_and(|tool| !tool.hints.read_only)
    }

    /// What is left to an agent that may not make something live.
    fn to_publish(&self, agents: AgentPublishing) -> String {
        match self.usable(&["post_propose"]) {
            Some(propose) if agents != AgentPublishing::Never => {
                let status = self.usable(&["drafts_status"]);
                let status = status.map(|name| format!("; {name} shows what became of it"));
                let status = status.unwrap_or_default();
                format!("{propose} proposes it for a person to approve{status}.")
            }
            _ => format!(
                "no call will do it: ask an editor or admin to publish it in person. {}",
                self.with(&["drafts_status"], "shows what waits for that.")
            ),
        }
    }
}

/// Where an id is found that was not right.
fn of_an_id(problem: &Problem) -> Option<(&'static [&'static str], &'static str)> {
    problem.errors.iter().find_map(|error| match error.pointer.trim_start_matches('/') {
        "post_id" => Some((
            &["post_get", "posts_list"] as &[_],
            "give a post's id: post_get finds it by the slug, too.",
        )),
        "revision_id" | "base_revision_id" => {
            Some((&["post_get"] as &[_], "gives a post's revision_id."))
        }
        "from" | "to" => Some((&["revisions_list"] as &[_], "names a post's revisions.")),
        "proposal_id" => Some((&["proposals_list"] as &[_], "names the proposals.")),
        "cover" | "complete" => Some((&["media_list"] as &[_], "names the files.")),
        _ => None,
    })
}
