//! `drafts_status`: drafts, scheduled posts, approved texts, and proposals with their decisions.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{
    Name, PostId, PostStatus, PostSummary, ProposalStatus, RevisionId, Scope, Time, Title,
};
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
    /// Approved texts that wait to be published, of the posts changed last. They need no new proposal.
    approved_not_live: Vec<ApprovedEntry>,
    /// The names of the lists that have more entries.
    more: Vec<&'static str>,
}

/// An approved text that readers do not see.
#[derive(Serialize, JsonSchema)]
struct ApprovedEntry {
    post_id: PostId,
    title: Title,
    revision_id: RevisionId,
    approved_by: Option<Name>,
    approved_at: Time,
}

impl ApprovedEntry {
    fn new(post: &PostSummary) -> Option<Self> {
        let approval = post.waiting_approval()?;
        Some(Self {
            post_id: post.id.clone(),
            title: post.fields.title.clone(),
            revision_id: approval.revision_id.clone(),
            approved_by: approval.by_name.clone(),
            approved_at: approval.at,
        })
    }
}

/// The number of entries per list.
const EACH: u8 = 10;

/// How many posts are looked at for approved texts, the last changed first.
const LOOKED_AT: u8 = 60;

impl Tool for DraftsStatus {
    const NAME: &'static str = "drafts_status";
    const TITLE: &'static str = "Drafts and reviews";
    const DESCRIPTION: &'static str = "The user's own drafts, scheduled posts, approved texts that are \
        not live, proposals waiting for review, and rejected proposals with the reason; up to ten of each.";
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
        let recent = PageParams { limit: LOOKED_AT, cursor: None };
        let mut recent = publishing::list(cx, actor, PostFilter::default(), &recent).await?;
        publishing::without_lapsed(cx, &mut recent.items).await?;
        let approved = recent.items.iter().filter_map(ApprovedEntry::new).count();
        let pending = proposals(ProposalStatus::Pending).await?;
        let in_trash = publishing::in_trash(cx, &pending.items).await?;
        let rejected = proposals(ProposalStatus::Rejected).await?;
        let lists = [
            ("drafts", drafts.next_cursor.is_some(), drafts.items.len()),
            ("scheduled", scheduled.next_cursor.is_some(), scheduled.items.len()),
            ("pending_proposals", pending.next_cursor.is_some(), pending.items.len()),
            ("rejected_proposals", rejected.next_cursor.is_some(), rejected.items.len()),
            ("approved_not_live", false, approved),
        ];
        let result = |detail, each: usize| {
            let post =
                |post: &byline_shared::model::PostSummary| PostEntry::new(post.clone(), detail);
            let proposal = |proposal: &byline_shared::model::ProposalSummary| {
                ProposalEntry::new(cx, proposal.clone(), detail).marked(&in_trash)
            };
            let more = lists.iter().filter(|(_, more, found)| *more || *found > each);
            ToolResult::structured(&Output {
                drafts: drafts.items.iter().take(each).map(post).collect(),
                scheduled: scheduled.items.iter().take(each).map(post).collect(),
                pending_proposals: pending.items.iter().take(each).map(proposal).collect(),
                rejected_proposals: rejected.items.iter().take(each).map(proposal).collect(),
                approved_not_live: recent
                    .items
                    .iter()
                    .filter_map(ApprovedEntry::new)
                    .take(each)
                    .collect(),
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
