//! `proposal_get`: a proposal with its changes.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{ProposalId, Review, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Reviewed};
use serde_json::{Value, json};

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
    /// review: what approving would change for readers, compared with what is live. diff: what the
    /// proposal changes of its base. text: the whole proposed Markdown.
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
    /// Everything that approving would make visible.
    #[default]
    Review,
    /// The changes of the base.
    Diff,
    /// The proposed text.
    Text,
}

impl Tool for ProposalGet {
    const NAME: &'static str = "proposal_get";
    const TITLE: &'static str = "Read a proposal";
    const DESCRIPTION: &'static str = "Reads a proposal. Returns a JSON object (author, note, status, \
        and while it waits its review: changed fields, tags, cover, new hosts, findings, revisions \
        that nobody reviewed, the schedule of another revision), then a unified diff of the text from \
        what readers see now. A proposal that changes the same part as the post did since has a \
        conflict instead of a review.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        limits::acquire_comparison(cx, &actor.caller).await?;
        let reviewed = publishing::reviewed(cx, actor, &input.proposal_id).await?;
        let outcome = outcome(&reviewed);
        let proposal = reviewed.proposal;
        let moved = proposal.diff_from_head.is_some();
        let kind = proposal.summary.kind();
        let line = ProposalEntry::new(cx, proposal.summary, Detail::Full);
        let mut head = json!({ "proposal": line, "kind": kind });
        if let Some(outcome) = outcome {
            head["outcome"] = outcome;
        }
        if proposal.post_trashed_at.is_some() {
            head["post_in_trash"] =
                "Nothing can be decided before a person restores the post.".into();
        }
        if moved {
            head["post_has_changed_since"] = true.into();
        }
        if let Some(conflict) = &proposal.conflict {
            head["conflict"] = json!({
                "base_revision_id": conflict.base_revision_id,
                "head_revision_id": conflict.head_revision_id,
                "next": "The proposal and the post changed the same part, so it cannot be approved. \
                         post_diff from base_revision_id to head_revision_id shows what others \
                         changed. Propose the change again: post_propose with head_revision_id as \
                         revision_id.",
            });
        }
        match (input.part, proposal.review) {
            (Part::Review, Some(review)) => {
                head["review"] = summary(&review);
                return Ok(post_diff::diff_result(&review.changes, input.offset, head));
            }
            // A proposal that cannot be approved has no review.
            (Part::Review, None) | (Part::Diff, _) => {
                return Ok(post_diff::diff_result(&proposal.diff, input.offset, head));
            }
            (Part::Text, _) => {}
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

/// What became of an approved proposal: which revision it made, whether that is live, and what the person
/// changed who approved it. None for others, and where the post is gone.
fn outcome(reviewed: &Reviewed) -> Option<Value> {
    let (summary, post) = (&reviewed.proposal.summary, reviewed.post.as_ref()?);
    let made = summary.made()?;
    let mut outcome = json!({
        "revision_id": made,
        "live": post.live_revision_id.as_ref() == Some(made),
    });
    if post.waiting_approval().is_some_and(|approval| approval.proposal_id == summary.id) {
        outcome["next"] = "Approved, not live yet. It waits to be published, and need not be \
                           proposed again."
            .into();
    }
    if *made != summary.revision_id {
        outcome["edited"] = format!(
            "The person who approved it changed something: post_diff from {} to {made} of the post {}.",
            summary.revision_id, post.id
        )
        .into();
    }
    Some(outcome)
}

/// A review without its difference, which follows as a text.
fn summary(review: &Review) -> Value {
    let mut summary = json!(review);
    if let Some(fields) = summary.as_object_mut() {
        for shown_elsewhere in ["changes", "body", "post_id", "revision_id"] {
            fields.shift_remove(shown_elsewhere);
        }
    }
    let mut more = Vec::new();
    for list in LISTS {
        let Some(Value::Array(entries)) = summary.pointer_mut(list) else { continue };
        if entries.len() > EACH {
            more.push(format!("{list}: {} more", entries.len() - EACH));
            entries.truncate(EACH);
        }
    }
    if let Some(fields) = summary.as_object_mut() {
        // Empty lists tell nothing.
        fields.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
        if !more.is_empty() {
            fields.insert("more".to_owned(), more.into());
        }
    }
    summary
}

/// The lists of a review that have no bound of their own.
const LISTS: [&str; 6] = [
    "/findings",
    "/unreviewed",
    "/pending_files",
    "/new_hosts/links",
    "/new_hosts/images",
    "/new_hosts/frames",
];

/// How many entries of each are shown.
const EACH: usize = 25;
