//! `fetch`: the text of a post, in the form that ChatGPT connectors expect.

use byline_shared::auth::actor::Actor;
use byline_shared::model::Scope;
use byline_shared::prelude::*;
use byline_shared::settings;
use serde_json::{Value, json};

use super::tool::{Hints, Tool};
use crate::lookup::{self, ReadablePost};
use crate::tool_result::{self, ToolResult};

pub(super) struct Fetch;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// An id from search, a slug, or metadata.continue_with of the previous result.
    #[schemars(length(min = 1, max = 120))]
    id: String,
}

impl Tool for Fetch {
    const NAME: &'static str = "fetch";
    const TITLE: &'static str = "Fetch a post";
    const DESCRIPTION: &'static str = "Returns the Markdown of a post, by its id from search or by its \
        slug. A long text is split: fetch metadata.continue_with for the next part. To edit a post, \
        read it with post_get.";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let (name, offset) = match input.id.split_once('#') {
            Some((name, offset)) => (name, offset.parse().map_err(|_| invalid_id())?),
            None => (input.id.as_str(), 0),
        };
        let site = settings::current(cx).await?.site();
        let post = lookup::readable_post(cx, actor, name).await?;
        let (title, (post_type, slug), metadata) = match &post {
            ReadablePost::Draft(post) => {
                let head = &post.summary;
                let metadata = json!({
                    "type": head.fields.post_type,
                    "status": head.status,
                    "post_id": head.id,
                    "revision_id": head.revision_id,
                    "author": head.author.name,
                    "updated_at": head.updated_at,
                });
                let fields = &head.fields;
                (&fields.title, (fields.post_type, &fields.slug), metadata)
            }
            ReadablePost::Live(post) => {
                let head = &post.summary;
                let metadata = json!({
                    "type": head.post_type,
                    "status": "published",
                    "author": head.author.name,
                    "updated_at": head.updated_at,
                });
                (&head.title, (head.post_type, &head.slug), metadata)
            }
        };
        Ok(tool_result::chunk(post.body().as_str(), offset, |chunk| {
            let mut metadata: Value = metadata.clone();
            if let Some(next) = chunk.next_offset {
                metadata["continue_with"] = format!("{name}#{next}").into();
            }
            ToolResult::json(&json!({
                "id": name,
                "title": title,
                "text": chunk.text,
                "url": site.address_of(post_type, slug),
                "metadata": metadata,
            }))
        }))
    }
}

fn invalid_id() -> Problem {
    let message = "Is not a valid id. Send an id exactly as search returned it.";
    Problem::invalid_field("id", "invalid_format", message)
}
