//! Completion of arguments: slugs, tags and proposals, of those that the caller may see.

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::http::page::PageParams;
use byline_shared::http::problem::Problem;
use byline_shared::model::{ProposalStatus, Scope};
use byline_shared::publishing;
use byline_shared::store::live_lists::LiveFilter;
use byline_shared::store::posts::PostFilter;
use rmcp::model::{CompleteRequestParams, CompletionInfo, Reference};

use crate::{prompts, resources};

/// How many are looked through: the newest.
const LOOKED_AT: PageParams = PageParams { limit: 100, cursor: None };

/// The values that may stand for what was begun: as many as the protocol takes.
///
/// # Errors
/// 422 for a reference to what is not there.
pub(crate) async fn values(
    cx: &Context,
    actor: &Actor,
    request: &CompleteRequestParams,
) -> Result<CompletionInfo, Problem> {
    let mut values = found(cx, actor, request).await?;
    let more = values.len() > CompletionInfo::MAX_VALUES;
    values.truncate(CompletionInfo::MAX_VALUES);
    CompletionInfo::with_pagination(values, None, more).map_err(Problem::internal)
}

async fn found(
    cx: &Context,
    actor: &Actor,
    request: &CompleteRequestParams,
) -> Result<Vec<String>, Problem> {
    let begun = request.argument.value.as_str();
    match (&request.r#ref, request.argument.name.as_str()) {
        (Reference::Resource(template), "slug") if template.uri == resources::POST_TEMPLATE => {
            slugs(cx, actor, begun, true).await
        }
        (Reference::Prompt(prompt), argument) => {
            let known = prompts::named(&prompt.name)
                .filter(|known| known.is_offered(&actor.caller))
                .ok_or_else(unknown)?;
            match argument {
                // The prompt itself says what is missing.
                _ if !known.is_for(&actor.caller) => Ok(Vec::new()),
                "slug" => slugs(cx, actor, begun, false).await,
                "tags" => tags(cx, begun).await,
                "proposal_id" => proposals(cx, actor, begun).await,
                // Free text has nothing to offer.
                _ => Ok(Vec::new()),
            }
        }
        _ => Err(unknown()),
    }
}

fn unknown() -> Problem {
    let message = "Names no prompt or template of this server. prompts/list and \
                   resources/templates/list name those there are.";
    Problem::invalid_field("ref", "not_found", message)
}

/// Those that begin so, then those that hold it, each once.
fn matching(begun: &str, all: impl Iterator<Item = String>) -> Vec<String> {
    let begun = begun.to_lowercase();
    let mut found: Vec<String> =
        all.filter(|value| value.to_lowercase().contains(&begun)).collect();
    found.sort_by_key(|value| !value.to_lowercase().starts_with(&begun));
    let mut seen = std::collections::HashSet::new();
    found.retain(|value| seen.insert(value.clone()));
    // One more tells that there are more.
    found.truncate(CompletionInfo::MAX_VALUES + 1);
    found
}

async fn slugs(
    cx: &Context,
    actor: &Actor,
    begun: &str,
    with_others: bool,
) -> Result<Vec<String>, Problem> {
    let mut slugs = Vec::new();
    if actor.caller.may(Scope::PostsRead) {
        let posts = publishing::list(cx, actor, PostFilter::default(), &LOOKED_AT).await?;
        slugs.extend(posts.items.into_iter().map(|post| post.fields.slug.to_string()));
    }
    if with_others {
        let posts = cx.store.live_posts().list(&LiveFilter::default(), &LOOKED_AT).await?;
        slugs.extend(posts.items.into_iter().map(|post| post.slug.to_string()));
    }
    Ok(matching(begun, slugs.into_iter()))
}

async fn tags(cx: &Context, begun: &str) -> Result<Vec<String>, Problem> {
    let tags = publishing::list_tags(cx, &LOOKED_AT).await?;
    Ok(matching(begun, tags.items.into_iter().map(|tag| tag.name.as_str().to_owned())))
}

async fn proposals(cx: &Context, actor: &Actor, begun: &str) -> Result<Vec<String>, Problem> {
    let status = ProposalStatus::Pending;
    let waiting = publishing::proposals(cx, actor, None, status, &LOOKED_AT).await?;
    Ok(matching(begun, waiting.items.into_iter().map(|proposal| proposal.id.to_string())))
}
