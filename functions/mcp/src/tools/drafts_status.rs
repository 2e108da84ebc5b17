//! `drafts_status`: what waits, and for whom.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, ProposalStatus, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::posts::PostFilter;
use serde_json::Value;

use super::shapes::{Detail, PostLine, ProposalLine};
use super::{Hints, Tool, schema};
use crate::answer::Answer;

pub(super) struct DraftsStatus;

/// How much.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// full adds excerpts, revision ids, dates and notes.
    #[serde(default)]
    detail: Detail,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    /// Drafts of the account you work for.
    drafts: Vec<PostLine>,
    /// Posts with an appointment that have never been live.
    scheduled: Vec<PostLine>,
    /// Proposals that wait for a person.
    pending_proposals: Vec<ProposalLine>,
    /// Those that were turned down.
    rejected_proposals: Vec<ProposalLine>,
    /// Which of these lists go on.
    more: Vec<&'static str>,
}

/// How many of each are shown.
const EACH: u8 = 10;

impl Tool for DraftsStatus {
    const NAME: &'static str = "drafts_status";
    const TITLE: &'static str = "What waits";
    const DESCRIPTION: &'static str = "What waits: drafts of the account you work for, appointments, \
        proposals that wait for a person, and those turned down, with the reason; ten of each.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
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
        let goes_on = [
            ("drafts", drafts.next_cursor.is_some(), drafts.items.len()),
            ("scheduled", scheduled.next_cursor.is_some(), scheduled.items.len()),
            ("pending_proposals", pending.next_cursor.is_some(), pending.items.len()),
            ("rejected_proposals", rejected.next_cursor.is_some(), rejected.items.len()),
        ];
        let answer = |detail, each: usize| {
            let post =
                |post: &byline_shared::model::PostSummary| PostLine::of(post.clone(), detail);
            let proposal = |proposal: &byline_shared::model::ProposalSummary| {
                ProposalLine::of(proposal.clone(), detail)
            };
            let more = goes_on.iter().filter(|(_, more, found)| *more || *found > each);
            Answer::of(&Output {
                drafts: drafts.items.iter().take(each).map(post).collect(),
                scheduled: scheduled.items.iter().take(each).map(post).collect(),
                pending_proposals: pending.items.iter().take(each).map(proposal).collect(),
                rejected_proposals: rejected.items.iter().take(each).map(proposal).collect(),
                more: more.map(|(name, ..)| *name).collect(),
            })
        };
        let full = answer(input.detail, usize::from(EACH));
        if full.fits() {
            return Ok(full);
        }
        let concise = [EACH, EACH / 3].map(|each| answer(Detail::Concise, usize::from(each)));
        let found = concise.into_iter().find(Answer::fits);
        Ok(found.unwrap_or_else(|| answer(Detail::Concise, 1)))
    }
}
