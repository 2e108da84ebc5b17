//! `search`: finds posts by words, in the form that ChatGPT connectors expect.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, PostType, Scope, Time, Title};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::settings;
use serde_json::Value;

use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::ToolResult;

pub(super) struct Search;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Words that a post must contain, all of them.
    #[schemars(length(min = 1, max = 200))]
    query: String,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    results: Vec<SearchResult>,
    /// Whether older posts exist that were not searched.
    older_not_searched: bool,
}

/// A post that matches.
#[derive(Serialize, JsonSchema)]
struct SearchResult {
    /// The id for fetch.
    id: String,
    title: Title,
    url: String,
    #[serde(rename = "type")]
    post_type: PostType,
    status: PostStatus,
    updated_at: Time,
}

/// The maximum number of results.
const MAX_RESULTS: usize = 20;

impl Tool for Search {
    const NAME: &'static str = "search";
    const TITLE: &'static str = "Search posts";
    const DESCRIPTION: &'static str = "Finds published posts and pages, and drafts you may edit, by words in \
        title, tags and excerpt. The text itself is not searched. fetch returns a post by its id.";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let site = settings::current(cx).await?.site();
        let found = publishing::search(cx, actor, &input.query, MAX_RESULTS).await?;
        let result = |count: usize| {
            let results = found.hits.iter().take(count).map(|hit| SearchResult {
                id: if hit.own { hit.id.to_string() } else { hit.slug.to_string() },
                title: hit.title.clone(),
                url: site.address_of(hit.post_type, &hit.slug),
                post_type: hit.post_type,
                status: hit.status,
                updated_at: hit.updated_at,
            });
            ToolResult::structured(&Output {
                results: results.collect(),
                older_not_searched: found.more,
            })
        };
        let all = result(MAX_RESULTS);
        Ok(if all.fits() { all } else { result(MAX_RESULTS / 3) })
    }
}
