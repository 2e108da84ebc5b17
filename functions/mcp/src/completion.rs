//! Completion of arguments: slugs, tags and proposals that the caller may see.

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

/// Only the newest entries are searched.
const SEARCHED: PageParams = PageParams { limit: 100, cursor: None };

/// The values that match the input so far, up to the protocol's limit of 100.
///
/// # Errors
/// 422 for an unknown prompt or resource template.
pub(crate) async fn values(
    cx: &Context,
    actor: &Actor,
    request: &CompleteRequestParams,
) -> Result<CompletionInfo, Problem> {
    let mut values = candidates(cx, actor, request).await?;
    let more = values.len() > CompletionInfo::MAX_VALUES;
    values.truncate(CompletionInfo::MAX_VALUES);
    CompletionInfo::with_pagination(values, None, more).map_err(Problem::internal)
}

async fn candidates(
    cx: &Context,
    actor: &Actor,
    request: &CompleteRequestParams,
) -> Result<Vec<String>, Problem> {
    let input = request.argument.value.as_str();
    match (&request.r#ref, request.argument.name.as_str()) {
        (Reference::Resource(template), "slug") if template.uri == resources::POST_TEMPLATE => {
            slugs(cx, actor, input, true).await
        }
        (Reference::Prompt(prompt), argument) => {
            let prompt = prompts::by_name(&prompt.name)
                .filter(|prompt| prompt.is_visible(&actor.caller))
                .ok_or_else(unknown_reference)?;
            match argument {
                // prompts/get answers with the scope that is missing.
                _ if !prompt.is_allowed(&actor.caller) => Ok(Vec::new()),
                "slug" => slugs(cx, actor, input, false).await,
                "tags" => tags(cx, input).await,
                "proposal_id" => proposals(cx, actor, input).await,
                // Free text has no completions.
                _ => Ok(Vec::new()),
            }
        }
        _ => Err(unknown_reference()),
    }
}

fn unknown_reference() -> Problem {
    let message = "Unknown prompt or resource template. prompts/list and \
                   resources/templates/list return the available ones.";
    Problem::invalid_field("ref", "not_found", message)
}

/// The values that contain `input`, without duplicates; those that start with it come first.
fn matching(input: &str, all: impl Iterator<Item = String>) -> Vec<String> {
    let input = input.to_lowercase();
    let mut values: Vec<String> =
        all.filter(|value| value.to_lowercase().contains(&input)).collect();
    values.sort_by_key(|value| !value.to_lowercase().starts_with(&input));
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.clone()));
    // One above the limit shows that there are more.
    values.truncate(CompletionInfo::MAX_VALUES + 1);
    values
}

async fn slugs(
    cx: &Context,
    actor: &Actor,
    input: &str,
    with_published: bool,
) -> Result<Vec<String>, Problem> {
    let mut slugs = Vec::new();
    if actor.caller.may(Scope::PostsRead) {
        let posts = publishing::list(cx, actor, PostFilter::default(), &SEARCHED).await?;
        slugs.extend(posts.items.into_iter().map(|post| post.fields.slug.to_string()));
    }
    if with_published {
        for filter in [LiveFilter::default(), LiveFilter::pages()] {
            let posts = cx.store.live_posts().list(&filter, &SEARCHED).await?;
            slugs.extend(posts.items.into_iter().map(|post| post.slug.to_string()));
        }
    }
    Ok(matching(input, slugs.into_iter()))
}

async fn tags(cx: &Context, input: &str) -> Result<Vec<String>, Problem> {
    let tags = publishing::list_tags(cx, &SEARCHED).await?;
    Ok(matching(input, tags.items.into_iter().map(|tag| tag.name.as_str().to_owned())))
}

async fn proposals(cx: &Context, actor: &Actor, input: &str) -> Result<Vec<String>, Problem> {
    let status = ProposalStatus::Pending;
    let pending = publishing::proposals(cx, actor, None, status, &SEARCHED).await?;
    Ok(matching(input, pending.items.into_iter().map(|proposal| proposal.id.to_string())))
}
