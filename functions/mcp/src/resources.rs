//! Resources: what a client may lay beside a conversation.

use byline_shared::auth::Caller;
use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::endpoint::InputContract;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::Scope;
use byline_shared::publishing::NewPost;
use byline_shared::settings;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::json;

use crate::answer::{ENVELOPE, MAX_ANSWER};
use crate::{find, offer, shorten};

const SETTINGS: &str = "site://settings";
const STYLE_GUIDE: &str = "site://style-guide";
const POST_SCHEMA: &str = "schema://post";

/// What is said where there is no style guide.
pub(crate) const NO_GUIDE: &str = "This publication has no style guide.";

/// A post's address is this and its slug.
const POST: &str = "post://";

/// The template of posts' addresses.
pub(crate) const POST_TEMPLATE: &str = "post://{slug}";

const MARKDOWN: &str = "text/markdown";

/// How long a client may keep what stands in the settings, in milliseconds.
const SETTINGS_TTL: u64 = 60 * 1000;

/// How long it may keep what changes with a version of this server alone.
const SCHEMA_TTL: u64 = 60 * 60 * 1000;

/// The scope that a resource takes; none for what is not there.
pub(crate) fn scope(uri: &str) -> Option<&'static [Scope]> {
    match uri {
        SETTINGS => Some(&[Scope::Profile]),
        STYLE_GUIDE | POST_SCHEMA => Some(&[Scope::PostsRead]),
        // Drafts take more, and are not told from what is not there.
        _ => uri.starts_with(POST).then_some(&[Scope::Profile]),
    }
}

/// Those with a fixed address that are offered to the caller.
pub(crate) fn all(caller: &Caller) -> Vec<Resource> {
    let mut all = vec![
        Resource::new(SETTINGS, "settings")
            .with_title("Settings")
            .with_description("The publication's name, address, language, and what agents may do.")
            .with_mime_type("application/json"),
    ];
    if offer::is_offered(caller, Scope::PostsRead) {
        all.push(
            Resource::new(STYLE_GUIDE, "style-guide")
                .with_title("Style guide")
                .with_description("How texts are to be written here.")
                .with_mime_type(MARKDOWN),
        );
        all.push(
            Resource::new(POST_SCHEMA, "post-schema")
                .with_title("Fields of a post")
                .with_description("What a post consists of, as JSON Schema.")
                .with_mime_type("application/schema+json"),
        );
    }
    all
}

/// Those whose address has a part to fill in.
pub(crate) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(POST_TEMPLATE, "post")
            .with_title("A post")
            .with_description(
                "The Markdown of a post: the draft of one you may work on, or what \
                               readers see.",
            )
            .with_mime_type(MARKDOWN),
    ]
}

/// Reads one.
///
/// # Errors
/// 404 where there is none that the caller may read.
pub(crate) async fn read(
    cx: &Context,
    actor: &Actor,
    uri: &str,
) -> Result<ReadResourceResult, Problem> {
    let writes = actor.caller.may(Scope::PostsRead);
    let (text, mime, ttl) = match uri {
        SETTINGS => {
            let settings = settings::current(cx).await?;
            let agents = settings.agent_publishing;
            let mut shown = serde_json::to_value(settings.site()).map_err(Problem::internal)?;
            shown["agent_publishing"] = json!(agents);
            (shown.to_string(), "application/json", SETTINGS_TTL)
        }
        STYLE_GUIDE if writes => {
            let settings = settings::current(cx).await?;
            let guide = match settings.style_guide.as_str() {
                guide if guide.trim().is_empty() => NO_GUIDE.to_owned(),
                guide => cut(guide, MAX_TEXT, REST_OF_GUIDE),
            };
            (guide, MARKDOWN, SETTINGS_TTL)
        }
        POST_SCHEMA if writes => {
            let schema = InputContract::from_body::<NewPost>().schema().to_string();
            (schema, "application/schema+json", SCHEMA_TTL)
        }
        _ => {
            let slug = uri.strip_prefix(POST).ok_or_else(missing)?;
            let post = find::post(cx, actor, slug).await.map_err(|problem| {
                if problem.code == Code::NotFound { missing() } else { problem }
            })?;
            (cut(post.body().as_str(), MAX_TEXT, REST_OF_POST), MARKDOWN, 0)
        }
    };
    let contents = ResourceContents::text(text, uri).with_mime_type(mime);
    Ok(ReadResourceResult::new(vec![contents]).with_ttl_ms(ttl))
}

/// How much of a text is shown, in characters as they are sent: the rest is for what stands around.
const MAX_TEXT: usize = MAX_ANSWER - 2 * ENVELOPE;

/// The beginning of a text, and where the rest of a long one is found.
pub(crate) fn cut(text: &str, room: usize, rest: &str) -> String {
    let shown = shorten::beginning(text, room);
    if shown.len() == text.len() {
        return text.to_owned();
    }
    let (shown_chars, total) = (shown.chars().count(), text.chars().count());
    format!("{shown}\n\n[Cut off: {shown_chars} of {total} characters. {rest}]")
}

/// Where a post is read to its end.
pub(crate) const REST_OF_POST: &str = "The tools post_get and fetch read it to its end.";

/// Where the style guide is.
pub(crate) const REST_OF_GUIDE: &str =
    "The tool site_get, with detail full and an offset, reads it to its end.";

fn missing() -> Problem {
    let detail = "There is no such resource, or it is not yours to read. resources/list and \
                  resources/templates/list name those there are.";
    Problem::new(Code::NotFound, detail)
}
