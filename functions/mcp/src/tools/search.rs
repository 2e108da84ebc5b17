//! `search`: posts by words, in the form that connectors of ChatGPT expect.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, Scope, Time, Title};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::settings;
use serde_json::Value;

use super::{Hints, Tool, schema};
use crate::answer::Answer;

pub(super) struct Search;

/// What to find.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Words, all of which a post must have.
    #[schemars(length(min = 1, max = 200))]
    query: String,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    results: Vec<Found>,
    /// Whether there are older posts that were not looked at.
    older_not_searched: bool,
}

/// A post.
#[derive(Serialize, JsonSchema)]
struct Found {
    /// What fetch takes.
    id: String,
    title: Title,
    url: String,
    status: PostStatus,
    updated_at: Time,
}

/// How many are answered.
const MOST: usize = 20;

impl Tool for Search {
    const NAME: &'static str = "search";
    const TITLE: &'static str = "Search posts";
    const DESCRIPTION: &'static str = "Finds posts that have all words of query in title, tags or \
        excerpt (texts are not searched): published ones, and drafts you may work on. fetch reads \
        one by its id.";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let site = settings::current(cx).await?.site();
        let found = publishing::search(cx, actor, &input.query, MOST).await?;
        let answer = |count: usize| {
            let results = found.hits.iter().take(count).map(|hit| Found {
                id: if hit.own { hit.id.to_string() } else { hit.slug.to_string() },
                title: hit.title.clone(),
                url: site.address_of(&hit.slug),
                status: hit.status,
                updated_at: hit.updated_at,
            });
            Answer::of(&Output { results: results.collect(), older_not_searched: found.more })
        };
        let all = answer(MOST);
        Ok(if all.fits() { all } else { answer(MOST / 3) })
    }
}
