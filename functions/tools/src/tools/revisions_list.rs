//! `revisions_list`: the history of a post.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, RevisionId, RevisionSummary, Scope, Time, Title};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::inputs::PageInput;
use super::outputs::CreatedBy;
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct RevisionsList;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    #[serde(flatten)]
    page: PageInput,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    revisions: Vec<RevisionEntry>,
    next_cursor: Option<String>,
}

/// A revision in a list.
#[derive(Serialize, JsonSchema)]
struct RevisionEntry {
    revision_id: RevisionId,
    title: Title,
    created_at: Time,
    by: CreatedBy,
    /// Whether a person approved it in a proposal.
    approved: bool,
}

impl From<RevisionSummary> for RevisionEntry {
    fn from(revision: RevisionSummary) -> Self {
        Self {
            revision_id: revision.id,
            title: revision.fields.title,
            created_at: revision.created_at,
            by: revision.created_by.into(),
            approved: revision.approval.is_some(),
        }
    }
}

impl Tool for RevisionsList {
    const NAME: &'static str = "revisions_list";
    const TITLE: &'static str = "List a post's revisions";
    const DESCRIPTION: &'static str = "Lists the revisions of a post, newest first: when it was saved, by \
        a person or an agent, and whether a person approved it. post_diff compares two of them.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { post_id, page } = input;
        let post_id = &post_id;
        let read = |page: PageParams| async move {
            publishing::revisions(cx, actor, post_id, &page).await
        };
        tool_result::page(page.params(), read, |page| {
            let revisions = page.items.into_iter().map(RevisionEntry::from).collect();
            ToolResult::structured(&Output { revisions, next_cursor: page.next_cursor })
        })
        .await
    }
}
