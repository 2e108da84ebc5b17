//! What became of what the agent made. Its calls say how it was then, so their outputs are brought up to date before
//! they are told in words.

use std::collections::BTreeSet;

use byline_shared::Context;
use byline_shared::agent::Opened;
use byline_shared::http::problem::Problem;
use byline_shared::model::{
    CallStatus, ConversationItem, PostId, PostSummary, ProposalId, ProposalSummary, ToolCall,
};
use byline_shared::publishing;
use serde_json::Value;

use super::calls::output;
use crate::visit::Visit;

/// The conversation with each proposal and draft of the agent as it is now: `status`, `base_title` and `is_live` in the
/// outputs of its calls.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn up_to_date(
    cx: &Context,
    visit: &Visit,
    mut opened: Opened,
) -> Result<Opened, Problem> {
    let calls = || opened.items.iter().filter_map(made).map(output);
    let proposals: BTreeSet<ProposalId> = calls().filter_map(|it| id(&it, "proposal_id")).collect();
    let posts: BTreeSet<PostId> = calls().filter_map(|it| post_id(&it)).collect();
    if posts.is_empty() {
        return Ok(opened);
    }
    let actor = visit.actor();
    let (proposals, posts) = futures_util::future::try_join(
        publishing::proposals_named(cx, &actor, &proposals),
        publishing::posts_named(cx, &actor, &posts),
    )
    .await?;
    for item in &mut opened.items {
        if made(item).is_some()
            && let ConversationItem::Call(call) = item
        {
            call.output = now(output(call), &proposals, &posts).or(call.output.take());
        }
    }
    Ok(opened)
}

/// A call that made something.
fn made(item: &ConversationItem) -> Option<&ToolCall> {
    match item {
        ConversationItem::Call(call) if call.status == CallStatus::Completed => {
            let is_made =
                matches!(call.name.as_str(), "post_propose" | "post_create_draft" | "post_edit");
            is_made.then_some(call)
        }
        _ => None,
    }
}

/// An output as it is now.
fn now(mut output: Value, proposals: &[ProposalSummary], posts: &[PostSummary]) -> Option<String> {
    let proposal: Option<ProposalId> = id(&output, "proposal_id");
    let proposal = proposals.iter().find(|known| Some(&known.id) == proposal.as_ref());
    let revision = match proposal {
        Some(proposal) => proposal.made().cloned(),
        None => id(&output, "revision_id"),
    };
    let post = post_id(&output);
    let post = posts.iter().find(|known| Some(&known.id) == post.as_ref());
    let live = post.and_then(|post| post.live_revision_id.as_ref());
    // Revisions sort by time. A later one goes on from it.
    let is_live = revision.zip(live).is_some_and(|(made, live)| made.ulid() <= live.ulid());
    let members = output.as_object_mut()?;
    members.insert("is_live".to_owned(), is_live.into());
    if let Some(proposal) = proposal {
        members.insert("status".to_owned(), proposal.status.as_str().into());
        let base = proposal.base_title.as_ref().map(|title| title.as_str());
        members.insert("base_title".to_owned(), base.into());
    }
    Some(output.to_string())
}

fn post_id(output: &Value) -> Option<PostId> {
    id(output, "post_id").or_else(|| id(output, "id"))
}

fn id<T: std::str::FromStr>(output: &Value, member: &str) -> Option<T> {
    output.get(member)?.as_str()?.parse().ok()
}
