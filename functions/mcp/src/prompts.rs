//! Prompts: what a person may begin with. They hold the words, and what the words speak of.

use byline_shared::auth::Caller;
use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::http::problem::{FieldError, Problem};
use byline_shared::model::{ProposalId, Scope};
use byline_shared::publishing;
use byline_shared::settings;
use rmcp::model::{
    ContentBlock, GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage,
    ResourceContents, Role,
};
use serde_json::Value;

use crate::find;
use crate::offer::is_offered;
use crate::resources::{REST_OF_GUIDE, REST_OF_POST, cut};

/// Every prompt, in the order of their names.
pub(crate) static ALL: [Entry; 3] = [
    Entry {
        name: "draft_post",
        title: "Draft a post",
        description: "Write a new post on a topic, by the style guide of this publication.",
        scopes: &[Scope::PostsWrite],
        arguments: &[
            Argument { name: "topic", description: "What it is to be about.", required: true },
            Argument {
                name: "tags",
                description: "The name of a tag that the post is to have.",
                required: false,
            },
        ],
    },
    Entry {
        name: "review_proposal",
        title: "Review a proposal",
        description: "Look at a proposed change with the eyes of an editor.",
        scopes: &[Scope::PostsRead],
        arguments: &[Argument {
            name: "proposal_id",
            description: "The proposal.",
            required: true,
        }],
    },
    Entry {
        name: "revise_post",
        title: "Revise a post",
        description: "Propose a better version of a post.",
        // It holds the draft.
        scopes: &[Scope::PostsRead, Scope::PostsPropose],
        arguments: &[
            Argument { name: "slug", description: "The post.", required: true },
            Argument { name: "wish", description: "What is to get better.", required: false },
        ],
    },
];

/// A prompt.
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: &'static str,
    title: &'static str,
    description: &'static str,
    /// What the caller needs.
    pub(crate) scopes: &'static [Scope],
    arguments: &'static [Argument],
}

struct Argument {
    name: &'static str,
    description: &'static str,
    required: bool,
}

/// How much of each text a prompt holds, in characters as they are sent. It has two at most, and
/// what is wished.
const MAX_PART: usize = 8_000;

/// Where a difference is read to its end.
const REST_OF_PROPOSAL: &str = "The tool proposal_get reads it to its end.";

/// How long an argument may be, in characters.
const MAX_ARGUMENT: usize = 1000;

/// The prompt with this name.
pub(crate) fn named(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|prompt| prompt.name == name)
}

impl Entry {
    /// Whether the caller may use it now.
    pub(crate) fn is_for(&self, caller: &Caller) -> bool {
        self.scopes.iter().all(|scope| caller.may(*scope))
    }

    /// Whether it is listed for the caller.
    pub(crate) fn is_offered(&self, caller: &Caller) -> bool {
        self.scopes.iter().all(|scope| is_offered(caller, *scope))
    }

    /// As `prompts/list` shows it.
    pub(crate) fn describe(&self) -> Prompt {
        let arguments = self.arguments.iter().map(|argument| {
            PromptArgument::new(argument.name)
                .with_description(argument.description)
                .with_required(argument.required)
        });
        Prompt::new(self.name, Some(self.description), Some(arguments.collect()))
            .with_title(self.title)
    }

    /// The messages, with these arguments filled in.
    ///
    /// # Errors
    /// 422 for arguments that are missing or unknown, 404 for what they name and is not there.
    pub(crate) async fn get(
        &self,
        cx: &Context,
        actor: &Actor,
        given: &JsonObject,
    ) -> Result<GetPromptResult, Problem> {
        self.check(given)?;
        let argument = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
        let messages = match self.name {
            "draft_post" => draft(cx, actor, argument("topic"), argument("tags")).await?,
            "review_proposal" => review(cx, actor, argument("proposal_id")).await?,
            _ => revise(cx, actor, argument("slug"), argument("wish")).await?,
        };
        Ok(GetPromptResult::new(messages).with_description(self.description))
    }

    fn check(&self, given: &JsonObject) -> Result<(), Problem> {
        let mut faults = Vec::new();
        let mut fault = |name: &str, code: &str, message: &str| {
            let pointer = format!("/arguments/{name}");
            let (code, message) = (code.to_owned(), message.to_owned());
            faults.push(FieldError { pointer, code, message });
        };
        for Argument { name, required, .. } in self.arguments {
            match given.get(*name) {
                None | Some(Value::Null) if *required => fault(name, "required", "Is required."),
                Some(Value::String(text)) if text.trim().is_empty() && *required => {
                    fault(name, "too_short", "Must not be empty.");
                }
                Some(Value::String(text)) if text.chars().count() > MAX_ARGUMENT => {
                    fault(name, "too_long", "Must have at most 1000 characters.");
                }
                None | Some(Value::String(_) | Value::Null) => {}
                Some(_) => fault(name, "invalid_type", "Must be a string."),
            }
        }
        let known = |name: &String| self.arguments.iter().any(|argument| argument.name == *name);
        if given.keys().any(|name| !known(name)) {
            fault("", "unknown_field", "There is an argument that this prompt does not have.");
        }
        if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
    }
}

fn says(text: String) -> PromptMessage {
    PromptMessage::new_text(Role::User, text)
}

fn shows(uri: String, text: String) -> PromptMessage {
    let contents = ResourceContents::text(text, uri).with_mime_type("text/markdown");
    PromptMessage::new(Role::User, ContentBlock::resource(contents))
}

async fn style_guide(cx: &Context, actor: &Actor) -> Result<Vec<PromptMessage>, Problem> {
    if !actor.caller.may(Scope::PostsRead) {
        return Ok(Vec::new());
    }
    let settings = settings::current(cx).await?;
    let guide = settings.style_guide.as_str();
    if guide.trim().is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![shows("site://style-guide".to_owned(), cut(guide, MAX_PART, REST_OF_GUIDE))])
}

async fn draft(
    cx: &Context,
    actor: &Actor,
    topic: &str,
    tag: &str,
) -> Result<Vec<PromptMessage>, Problem> {
    let tag = if tag.is_empty() { String::new() } else { format!(" It fits the tag “{tag}”.") };
    let mut messages = style_guide(cx, actor).await?;
    messages.push(says(format!(
        "Write a post for this publication about: {topic}.{tag}\n\nLook with search whether there is \
         one already, and with tags_list for tags. Keep to the style guide. Show me the text, and \
         when I agree save it with post_create_draft, in Markdown, with an excerpt. Do not publish \
         it."
    )));
    Ok(messages)
}

async fn revise(
    cx: &Context,
    actor: &Actor,
    slug: &str,
    wish: &str,
) -> Result<Vec<PromptMessage>, Problem> {
    let post = find::to_work_on(cx, actor, slug).await?;
    let (id, revision) = (&post.summary.id, &post.summary.revision_id);
    let wish = if wish.is_empty() { "Make it clearer and shorter." } else { wish };
    let mut messages = style_guide(cx, actor).await?;
    let uri = format!("post://{}", post.summary.fields.slug);
    messages.push(shows(uri, cut(post.body.as_str(), MAX_PART, REST_OF_POST)));
    messages.push(says(format!(
        "Revise this post. What I want: {wish}\n\nIts id is {id}, its revision {revision}. Change no \
         more than that takes. Propose it with post_propose, with edits where a few passages change, \
         and with a note that says what you changed and why."
    )));
    Ok(messages)
}

async fn review(
    cx: &Context,
    actor: &Actor,
    proposal_id: &str,
) -> Result<Vec<PromptMessage>, Problem> {
    let id: ProposalId = proposal_id.parse().map_err(|_| Problem::not_found("proposal"))?;
    let proposal = publishing::proposal(cx, actor, &id).await?;
    let mut messages = style_guide(cx, actor).await?;
    let uri = format!("proposal://{id}");
    messages.push(shows(uri, cut(&proposal.diff.unified, MAX_PART, REST_OF_PROPOSAL)));
    messages.push(says(format!(
        "Review the proposal {id} as an editor: is it right, does it keep to the style guide, does it \
         change what it says and nothing else? proposal_get has its note and its fields. Name every \
         fault with its place, then say whether you would approve it. I decide: approving and \
         rejecting is for people."
    )));
    Ok(messages)
}
