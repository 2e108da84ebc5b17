//! `proposals_list`: what was proposed, and how it stands.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, ProposalStatus, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::shapes::{self, Detail, ProposalLine};
use super::{Hints, Tool, schema};
use crate::answer::{self, Answer};

pub(super) struct ProposalsList;

/// Which proposals.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// How they stand.
    #[serde(default = "pending")]
    status: ProposalStatus,
    /// Those for this post.
    #[serde(default)]
    post_id: Option<PostId>,
    /// full adds who made them and the whole note.
    #[serde(default)]
    detail: Detail,
    /// How many at most.
    #[serde(default = "shapes::default_limit")]
    #[schemars(range(min = 1, max = 100))]
    limit: u8,
    /// next_cursor of the page before.
    #[serde(default)]
    #[schemars(length(max = 512))]
    cursor: Option<String>,
}

const fn pending() -> ProposalStatus {
    ProposalStatus::Pending
}

#[derive(Serialize, JsonSchema)]
struct Output {
    proposals: Vec<ProposalLine>,
    next_cursor: Option<String>,
}

impl Tool for ProposalsList {
    const NAME: &'static str = "proposals_list";
    const TITLE: &'static str = "List proposals";
    const DESCRIPTION: &'static str = "Proposals for posts you may work on, the newest first: those \
        that wait, unless status says otherwise. proposal_get shows one with its difference.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { status, post_id, detail, limit, cursor } = input;
        let page = shapes::page(limit, cursor);
        let read = |page: PageParams| {
            let post = post_id.clone();
            async move { publishing::proposals(cx, actor, post, status, &page).await }
        };
        answer::paged(page, read, |page| {
            let proposals = page.items.into_iter();
            let proposals = proposals.map(|proposal| ProposalLine::of(proposal, detail)).collect();
            Answer::of(&Output { proposals, next_cursor: page.next_cursor })
        })
        .await
    }
}
