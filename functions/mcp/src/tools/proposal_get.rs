//! `proposal_get`: a proposal with what it changes.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{ProposalId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::json;

use super::shapes::{Detail, ProposalLine};
use super::{Hints, Tool, post_diff};
use crate::answer::{self, Answer};

pub(super) struct ProposalGet;

/// Which proposal, and what of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Its id.
    proposal_id: ProposalId,
    /// diff: what it changes. text: the whole Markdown it proposes.
    #[serde(default)]
    part: Part,
    /// Where to go on: next_offset of the answer before.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    offset: u64,
}

/// A side of a proposal.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Part {
    /// What it changes.
    #[default]
    Diff,
    /// What it says.
    Text,
}

impl Tool for ProposalGet {
    const NAME: &'static str = "proposal_get";
    const TITLE: &'static str = "Read a proposal";
    const DESCRIPTION: &'static str = "A proposal: first a JSON object (who, why, how it stands, \
        which fields change), then what it changes of the text in unified format, or with part text \
        the Markdown it proposes.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let proposal = publishing::proposal(cx, actor, &input.proposal_id).await?;
        let moved = proposal.diff_from_head.is_some();
        let line = ProposalLine::of(proposal.summary, Detail::Full);
        let mut head = json!({ "proposal": line });
        if moved {
            head["post_has_changed_since"] = true.into();
        }
        if input.part == Part::Diff {
            return Ok(post_diff::shown(&proposal.diff, input.offset, head));
        }
        let head = answer::head(&head);
        let offset = usize::try_from(input.offset).unwrap_or(usize::MAX);
        Ok(answer::from(proposal.body.as_str(), offset, |piece| {
            let mut head = head.clone();
            if let Some(next) = piece.next {
                head["next_offset"] = next.into();
            }
            Answer::with_text(&head, piece.text.to_owned())
        }))
    }
}
