//! `fetch`: the text of a post that was found, in the form that connectors of ChatGPT expect.

use byline_shared::auth::actor::Actor;
use byline_shared::model::Scope;
use byline_shared::prelude::*;
use byline_shared::settings;
use serde_json::{Value, json};

use super::{Hints, Tool};
use crate::answer::{self, Answer};
use crate::find::{self, Readable};

pub(super) struct Fetch;

/// Which post.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The id that search gave, a slug, or metadata.continue_with of the answer before.
    #[schemars(length(min = 1, max = 120))]
    id: String,
}

impl Tool for Fetch {
    const NAME: &'static str = "fetch";
    const TITLE: &'static str = "Fetch a post";
    const DESCRIPTION: &'static str = "The Markdown of a post by its id from search, or its slug. \
        Long texts come in pieces: fetch metadata.continue_with next. To change a post, read it \
        with post_get.";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let (name, offset) = match input.id.split_once('#') {
            Some((name, offset)) => (name, offset.parse().map_err(|_| unknown())?),
            None => (input.id.as_str(), 0),
        };
        let site = settings::current(cx).await?.site();
        let post = find::post(cx, actor, name).await?;
        let (title, slug, metadata) = match &post {
            Readable::Draft(post) => {
                let head = &post.summary;
                let metadata = json!({
                    "status": head.status,
                    "post_id": head.id,
                    "revision_id": head.revision_id,
                    "author": head.author.name,
                    "updated_at": head.updated_at,
                });
                (&head.fields.title, &head.fields.slug, metadata)
            }
            Readable::Live(post) => {
                let head = &post.summary;
                let metadata = json!({
                    "status": "published",
                    "author": head.author.name,
                    "updated_at": head.updated_at,
                });
                (&head.title, &head.slug, metadata)
            }
        };
        Ok(answer::from(post.body().as_str(), offset, |piece| {
            let mut metadata: Value = metadata.clone();
            if let Some(next) = piece.next {
                metadata["continue_with"] = format!("{name}#{next}").into();
            }
            Answer::text_of(&json!({
                "id": name,
                "title": title,
                "text": piece.text,
                "url": site.address_of(slug),
                "metadata": metadata,
            }))
        }))
    }
}

fn unknown() -> Problem {
    let message = "Is no id of this server. Send one that search gave, as it is.";
    Problem::invalid_field("id", "invalid_format", message)
}
