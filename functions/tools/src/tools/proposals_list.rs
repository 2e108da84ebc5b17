//! `proposals_list`: proposals by status.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, ProposalStatus, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::inputs::{Detail, PageInput};
use super::outputs::ProposalEntry;
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct ProposalsList;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Only proposals with this status.
    #[serde(default = "pending")]
    status: ProposalStatus,
    /// Only proposals for this post.
    #[serde(default)]
    post_id: Option<PostId>,
    /// full adds the author and the whole note.
    #[serde(default)]
    detail: Detail,
    #[serde(flatten)]
    page: PageInput,
}

const fn pending() -> ProposalStatus {
    ProposalStatus::Pending
}

#[derive(Serialize, JsonSchema)]
struct Output {
    proposals: Vec<ProposalEntry>,
    next_cursor: Option<String>,
}

impl Tool for ProposalsList {
    const NAME: &'static str = "proposals_list";
    const TITLE: &'static str = "List proposals";
    const DESCRIPTION: &'static str = "Lists proposals for posts you may edit, newest first; by default \
        those that wait for a review. proposal_get returns one with its changes.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { status, post_id, detail, page } = input;
        let read = |page: PageParams| {
            let post = post_id.clone();
            async move { publishing::proposals(cx, actor, post, status, &page).await }
        };
        tool_result::page(page.params(), read, |page| {
            let proposals = page.items.into_iter();
            let proposals =
                proposals.map(|proposal| ProposalEntry::new(cx, proposal, detail)).collect();
            ToolResult::structured(&Output { proposals, next_cursor: page.next_cursor })
        })
        .await
    }
}
