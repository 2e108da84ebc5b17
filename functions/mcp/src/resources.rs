//! Resources: texts that a client can attach to a conversation.

use byline_shared::auth::Caller;
use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::endpoint::InputContract;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::Scope;
use byline_shared::publishing::NewPost;
use byline_shared::settings;
use byline_tools::{ENVELOPE, MAX_RESPONSE, NO_GUIDE, lookup, truncate};
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::json;

use crate::visibility::is_visible;

const SETTINGS: &str = "site://settings";
const STYLE_GUIDE: &str = "site://style-guide";
const POST_SCHEMA: &str = "schema://post";

/// The start of a post's URI, before its slug.
const POST: &str = "post://";

/// The URI template of posts.
pub(crate) const POST_TEMPLATE: &str = "post://{slug}";

const MARKDOWN: &str = "text/markdown";

/// How long a client may cache resources that come from the settings, in milliseconds.
const SETTINGS_TTL: u64 = 60 * 1000;

/// How long a client may cache a resource that changes only with a new version of the server, in
/// milliseconds.
const SCHEMA_TTL: u64 = 60 * 60 * 1000;

/// The scopes that a resource requires; `None` if there is no such resource.
pub(crate) fn scopes(uri: &str) -> Option<&'static [Scope]> {
    match uri {
        SETTINGS => Some(&[Scope::Profile]),
        STYLE_GUIDE | POST_SCHEMA => Some(&[Scope::PostsRead]),
        // Drafts also require `posts:read`. Without it, they appear not to exist.
        _ => uri.starts_with(POST).then_some(&[Scope::Profile]),
    }
}

/// The resources with a fixed URI that the caller may see.
pub(crate) fn visible_to(caller: &Caller) -> Vec<Resource> {
    let mut all = vec![
        Resource::new(SETTINGS, "settings")
            .with_title("Settings")
            .with_description(
                "The publication's name, URL and language, and what agents may publish.",
            )
            .with_mime_type("application/json"),
    ];
    if is_visible(caller, Scope::PostsRead) {
        all.push(
            Resource::new(STYLE_GUIDE, "style-guide")
                .with_title("Style guide")
                .with_description("How to write texts for this publication.")
                .with_mime_type(MARKDOWN),
        );
        all.push(
            Resource::new(POST_SCHEMA, "post-schema")
                .with_title("Fields of a post")
                .with_description("The fields of a post, as JSON Schema.")
                .with_mime_type("application/schema+json"),
        );
    }
    all
}

/// The resource templates.
pub(crate) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(POST_TEMPLATE, "post")
            .with_title("A post")
            .with_description(
                "The Markdown of a post: the latest draft if you may edit the post, otherwise the \
                 published text.",
            )
            .with_mime_type(MARKDOWN),
    ]
}

/// Reads a resource.
///
/// # Errors
/// 404 if there is none that the caller may read.
pub(crate) async fn read(
    cx: &Context,
    actor: &Actor,
    uri: &str,
) -> Result<ReadResourceResult, Problem> {
    let reads_drafts = actor.caller.may(Scope::PostsRead);
    let (text, mime, ttl) = match uri {
        SETTINGS => {
            let settings = settings::current(cx).await?;
            let agents = settings.agent_publishing;
            let mut shown = serde_json::to_value(settings.site()).map_err(Problem::internal)?;
            shown["agent_publishing"] = json!(agents);
            (shown.to_string(), "application/json", SETTINGS_TTL)
        }
        STYLE_GUIDE if reads_drafts => {
            let settings = settings::current(cx).await?;
            let guide = match settings.style_guide.as_str() {
                guide if guide.trim().is_empty() => NO_GUIDE.to_owned(),
                guide => with_rest_note(guide, MAX_TEXT, REST_OF_GUIDE),
            };
            (guide, MARKDOWN, SETTINGS_TTL)
        }
        POST_SCHEMA if reads_drafts => {
            let schema = InputContract::from_body::<NewPost>().schema().to_string();
            (schema, "application/schema+json", SCHEMA_TTL)
        }
        _ => {
            let slug = uri.strip_prefix(POST).ok_or_else(not_found)?;
            let post = lookup::readable_post(cx, actor, slug).await.map_err(|problem| {
                if problem.code == Code::NotFound { not_found() } else { problem }
            })?;
            let body = post.body().as_str();
            (with_rest_note(body, MAX_TEXT, REST_OF_POST), MARKDOWN, 0)
        }
    };
    let contents = ResourceContents::text(text, uri).with_mime_type(mime);
    Ok(ReadResourceResult::new(vec![contents]).with_ttl_ms(ttl))
}

/// The longest text of a resource, in characters of JSON.
const MAX_TEXT: usize = MAX_RESPONSE - 2 * ENVELOPE;

/// A text of at most `room` characters of JSON. If that truncates it, a note says how to read the
/// rest.
pub(crate) fn with_rest_note(text: &str, room: usize, rest: &str) -> String {
    let shown = truncate::prefix(text, room);
    if shown.len() == text.len() {
        return text.to_owned();
    }
    let (shown_chars, total) = (shown.chars().count(), text.chars().count());
    format!("{shown}\n\n[Truncated: {shown_chars} of {total} characters. {rest}]")
}

/// Says where to read the rest of a post.
pub(crate) const REST_OF_POST: &str = "The tools post_get and fetch return the rest.";

/// Says where to read the rest of the style guide.
pub(crate) const REST_OF_GUIDE: &str =
    "The tool site_get with detail full and an offset returns the rest.";

fn not_found() -> Problem {
    let detail = "There is no such resource, or you may not read it. resources/list and \
                  resources/templates/list return the available ones.";
    Problem::new(Code::NotFound, detail)
}
