//! `proposal_get`: a proposal with its changes.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{ProposalId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::json;

use super::inputs::Detail;
use super::outputs::ProposalEntry;
use super::post_diff;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct ProposalGet;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The proposal's id.
    proposal_id: ProposalId,
    /// diff: the changes. text: the whole proposed Markdown.
    #[serde(default)]
    part: Part,
    /// next_offset of the previous result.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    offset: u64,
}

/// A part of a proposal.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Part {
    /// The changes.
    #[default]
    Diff,
    /// The proposed text.
    Text,
}

impl Tool for ProposalGet {
    const NAME: &'static str = "proposal_get";
    const TITLE: &'static str = "Read a proposal";
    const DESCRIPTION: &'static str = "Reads a proposal. Returns a JSON object (author, note, status, \
        changed fields), then a unified diff of the text, or with part text the proposed Markdown.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let proposal = publishing::proposal(cx, actor, &input.proposal_id).await?;
        let moved = proposal.diff_from_head.is_some();
        let line = ProposalEntry::new(proposal.summary, Detail::Full);
        let mut head = json!({ "proposal": line });
        if moved {
            head["post_has_changed_since"] = true.into();
        }
        if input.part == Part::Diff {
            return Ok(post_diff::diff_result(&proposal.diff, input.offset, head));
        }
        let head = tool_result::metadata(&head);
        let offset = usize::try_from(input.offset).unwrap_or(usize::MAX);
        Ok(tool_result::chunk(proposal.body.as_str(), offset, |chunk| {
            let mut head = head.clone();
            if let Some(next) = chunk.next_offset {
                head["next_offset"] = next.into();
            }
            ToolResult::json_and_text(&head, chunk.text.to_owned())
        }))
    }
}
