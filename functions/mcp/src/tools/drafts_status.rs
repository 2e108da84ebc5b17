//! `drafts_status`: drafts, scheduled posts, and proposals with their decisions.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, ProposalStatus, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::posts::PostFilter;
use serde_json::Value;

use super::inputs::Detail;
use super::outputs::{PostEntry, ProposalEntry};
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::ToolResult;

pub(super) struct DraftsStatus;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// full adds excerpts, revision ids, dates and notes.
    #[serde(default)]
    detail: Detail,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    /// Drafts of the user's own.
    drafts: Vec<PostEntry>,
    /// Scheduled posts that have never been live.
    scheduled: Vec<PostEntry>,
    /// Proposals that wait for a review.
    pending_proposals: Vec<ProposalEntry>,
    rejected_proposals: Vec<ProposalEntry>,
    /// The names of the lists that have more entries.
    more: Vec<&'static str>,
}

/// The number of entries per list.
const EACH: u8 = 10;

impl Tool for DraftsStatus {
    const NAME: &'static str = "drafts_status";
    const TITLE: &'static str = "Drafts and reviews";
    const DESCRIPTION: &'static str = "The user's own drafts, scheduled posts, proposals waiting for \
        review, and rejected proposals with the reason; up to ten of each.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let page = PageParams { limit: EACH, cursor: None };
        let posts = |status, author| {
            let filter = PostFilter { status: Some(status), author, ..PostFilter::default() };
            publishing::list(cx, actor, filter, &page)
        };
        let proposals = |status| publishing::proposals(cx, actor, None, status, &page);
        let me = Some(actor.caller.user.id.clone());
        let (drafts, scheduled) =
            (posts(PostStatus::Draft, me).await?, posts(PostStatus::Scheduled, None).await?);
        let pending = proposals(ProposalStatus::Pending).await?;
        let rejected = proposals(ProposalStatus::Rejected).await?;
        let lists = [
            ("drafts", drafts.next_cursor.is_some(), drafts.items.len()),
            ("scheduled", scheduled.next_cursor.is_some(), scheduled.items.len()),
            ("pending_proposals", pending.next_cursor.is_some(), pending.items.len()),
            ("rejected_proposals", rejected.next_cursor.is_some(), rejected.items.len()),
        ];
        let result = |detail, each: usize| {
            let post =
                |post: &byline_shared::model::PostSummary| PostEntry::new(post.clone(), detail);
            let proposal = |proposal: &byline_shared::model::ProposalSummary| {
                ProposalEntry::new(cx, proposal.clone(), detail)
            };
            let more = lists.iter().filter(|(_, more, found)| *more || *found > each);
            ToolResult::structured(&Output {
                drafts: drafts.items.iter().take(each).map(post).collect(),
                scheduled: scheduled.items.iter().take(each).map(post).collect(),
                pending_proposals: pending.items.iter().take(each).map(proposal).collect(),
                rejected_proposals: rejected.items.iter().take(each).map(proposal).collect(),
                more: more.map(|(name, ..)| *name).collect(),
            })
        };
        let full = result(input.detail, usize::from(EACH));
        if full.fits() {
            return Ok(full);
        }
        let concise = [EACH, EACH / 3].map(|each| result(Detail::Concise, usize::from(each)));
        let fitting = concise.into_iter().find(ToolResult::fits);
        Ok(fitting.unwrap_or_else(|| result(Detail::Concise, 1)))
    }
}
