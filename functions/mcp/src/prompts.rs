//! Prompts: tasks that a user can start with. A prompt includes the texts that it refers to.

use byline_shared::auth::Caller;
use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::context::Context;
use byline_shared::http::problem::{FieldError, Problem};
use byline_shared::model::{ProposalId, Scope};
use byline_shared::publishing;
use byline_shared::settings;
use byline_tools::lookup;
use rmcp::model::{
    ContentBlock, GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage,
    ResourceContents, Role,
};
use serde_json::Value;

use crate::resources::{REST_OF_GUIDE, REST_OF_POST, with_rest_note};
use crate::visibility::is_visible;

/// Every prompt, ordered by name.
pub(crate) static ALL: [PromptEntry; 3] = [
    PromptEntry {
        name: "draft_post",
        title: "Draft a post",
        description: "Write a new post about a topic, following the publication's style guide.",
        scopes: &[Scope::PostsWrite],
        arguments: &[
            Argument { name: "topic", description: "The topic of the post.", required: true },
            Argument {
                name: "tags",
                description: "The name of a tag for the post.",
                required: false,
            },
        ],
    },
    PromptEntry {
        name: "review_proposal",
        title: "Review a proposal",
        description: "Review a proposed change as an editor.",
        scopes: &[Scope::PostsRead],
        arguments: &[Argument {
            name: "proposal_id",
            description: "The id of the proposal.",
            required: true,
        }],
    },
    PromptEntry {
        name: "revise_post",
        title: "Revise a post",
        description: "Propose a better version of a post.",
        // The prompt includes the draft.
        scopes: &[Scope::PostsRead, Scope::PostsPropose],
        arguments: &[
            Argument { name: "slug", description: "The slug of the post.", required: true },
            Argument { name: "wish", description: "What to improve.", required: false },
        ],
    },
];

/// A prompt.
pub(crate) struct PromptEntry {
    pub(crate) name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The scopes that the caller needs.
    pub(crate) scopes: &'static [Scope],
    arguments: &'static [Argument],
}

struct Argument {
    name: &'static str,
    description: &'static str,
    required: bool,
}

/// The longest part of a text in a prompt, in characters of JSON. A prompt has at most two texts, and
/// the user's wish.
const MAX_PART: usize = 8_000;

/// Says where to read the rest of a difference.
const REST_OF_PROPOSAL: &str = "The tool proposal_get returns the rest.";

/// The longest argument, in characters.
const MAX_ARGUMENT: usize = 1000;

/// The prompt with this name.
pub(crate) fn by_name(name: &str) -> Option<&'static PromptEntry> {
    ALL.iter().find(|prompt| prompt.name == name)
}

impl PromptEntry {
    /// Whether the caller has every scope.
    pub(crate) fn is_allowed(&self, caller: &Caller) -> bool {
        self.scopes.iter().all(|scope| caller.may(*scope))
    }

    /// Whether `prompts/list` shows it to the caller.
    pub(crate) fn is_visible(&self, caller: &Caller) -> bool {
        self.scopes.iter().all(|scope| is_visible(caller, *scope))
    }

    /// The definition for `prompts/list`.
    pub(crate) fn describe(&self) -> Prompt {
        let arguments = self.arguments.iter().map(|argument| {
            PromptArgument::new(argument.name)
                .with_description(argument.description)
                .with_required(argument.required)
        });
        Prompt::new(self.name, Some(self.description), Some(arguments.collect()))
            .with_title(self.title)
    }

    /// The messages for these arguments.
    ///
    /// # Errors
    /// 422 for missing, unknown or invalid arguments; 404 if the post or proposal does not exist.
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
            fault("", "unknown_field", "Unknown argument.");
        }
        if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
    }
}

fn text_message(text: String) -> PromptMessage {
    PromptMessage::new_text(Role::User, text)
}

fn resource_message(uri: String, text: String) -> PromptMessage {
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
    Ok(vec![resource_message(
        "site://style-guide".to_owned(),
        with_rest_note(guide, MAX_PART, REST_OF_GUIDE),
    )])
}

async fn draft(
    cx: &Context,
    actor: &Actor,
    topic: &str,
    tag: &str,
) -> Result<Vec<PromptMessage>, Problem> {
    let tag = if tag.is_empty() { String::new() } else { format!(" Use the tag “{tag}”.") };
    let mut messages = style_guide(cx, actor).await?;
    messages.push(text_message(format!(
        "Write a post for this publication about: {topic}.{tag}\n\nFirst check with search whether \
         one exists, and find tags with tags_list. Follow the style guide. Show me the text. When I \
         agree, save it with post_create_draft, in Markdown, with an excerpt. Do not publish it."
    )));
    Ok(messages)
}

async fn revise(
    cx: &Context,
    actor: &Actor,
    slug: &str,
    wish: &str,
) -> Result<Vec<PromptMessage>, Problem> {
    let post = lookup::editable_post(cx, actor, slug).await?;
    let (id, revision) = (&post.summary.id, &post.summary.revision_id);
    let wish = if wish.is_empty() { "Make it clearer and shorter." } else { wish };
    let mut messages = style_guide(cx, actor).await?;
    let uri = format!("post://{}", post.summary.fields.slug);
    messages
        .push(resource_message(uri, with_rest_note(post.body.as_str(), MAX_PART, REST_OF_POST)));
    messages.push(text_message(format!(
        "Revise this post. What I want: {wish}\n\nIts post_id is {id}, its revision_id is {revision}. \
         Change only what this requires. Submit the change with post_propose. Use edits if only a \
         few passages change, and add a note that says what you changed and why."
    )));
    Ok(messages)
}

async fn review(
    cx: &Context,
    actor: &Actor,
    proposal_id: &str,
) -> Result<Vec<PromptMessage>, Problem> {
    let id: ProposalId = proposal_id.parse().map_err(|_| Problem::not_found("proposal"))?;
    limits::acquire_comparison(cx, &actor.caller).await?;
    let proposal = publishing::proposal(cx, actor, &id).await?;
    let mut messages = style_guide(cx, actor).await?;
    let uri = format!("proposal://{id}");
    // What readers would get, which may be more than the proposal changes of its base.
    let changes = proposal.review.map_or(proposal.diff, |review| review.changes);
    let changes = with_rest_note(&changes.unified, MAX_PART, REST_OF_PROPOSAL);
    messages.push(resource_message(uri, changes));
    messages.push(text_message(format!(
        "Review the proposal {id} as an editor. Is it correct? Does it follow the style guide? Does it \
         change only what its note says? The difference is to what readers see now. proposal_get \
         returns its note, its fields, and in review also tags, cover, new hosts, findings and \
         revisions that nobody has reviewed. List every problem with its place, then say whether you \
         would approve the proposal. I make the \
         decision: only people approve and reject proposals."
    )));
    Ok(messages)
}
