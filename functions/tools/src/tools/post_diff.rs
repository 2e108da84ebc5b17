//! `post_diff`: the differences between two revisions of a post.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Diff, PostId, RevisionId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::{Value, json};

use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct PostDiff;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The older revision. Default: the live one, or the one before `to`.
    #[serde(default)]
    from: Option<RevisionId>,
    /// The newer revision. Default: the latest.
    #[serde(default)]
    to: Option<RevisionId>,
    /// next_offset of the previous result.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    offset: u64,
}

impl Tool for PostDiff {
    const NAME: &'static str = "post_diff";
    const TITLE: &'static str = "Compare revisions";
    const DESCRIPTION: &'static str = "Compares two revisions of a post. Returns a JSON object with the \
        fields that differ, then a unified diff of the text. By default it compares the draft with \
        what is live.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { post_id, from, to, offset } = input;
        let (from, to) = match (from, to) {
            (Some(from), Some(to)) => (from, to),
            (from, to) => {
                let head = publishing::get(cx, actor, &post_id).await?.summary;
                let to = to.unwrap_or(head.revision_id);
                let live = head.live_revision_id.filter(|live| *live != to);
                let from = match from.or(live) {
                    Some(from) => from,
                    None => parent_of(cx, actor, &post_id, &to).await?,
                };
                (from, to)
            }
        };
        limits::acquire_comparison(cx, &actor.caller).await?;
        let diff = publishing::difference(cx, actor, &post_id, &from, &to).await?;
        Ok(diff_result(&diff, offset, json!({})))
    }
}

async fn parent_of(
    cx: &Context,
    actor: &Actor,
    post_id: &PostId,
    revision: &RevisionId,
) -> Result<RevisionId, Problem> {
    let revision = publishing::revision(cx, actor, post_id, revision).await?;
    revision.summary.parent_id.ok_or_else(|| {
        let message = "This is the first revision: there is no earlier one to compare it with.";
        Problem::invalid_field("from", "required", message)
    })
}

/// The longest value of a field that a result contains, in characters of JSON.
const MAX_VALUE: usize = 600;

/// A difference as a result: `head` with the changed fields, then the diff of the text.
pub(super) fn diff_result(diff: &Diff, offset: u64, mut head: Value) -> ToolResult {
    let fields = diff.fields.iter().map(|change| {
        let value = |value: &Value| {
            let is_short = value.to_string().chars().count() <= MAX_VALUE;
            if is_short { value.clone() } else { json!("(long: read it with post_get)") }
        };
        json!({ "field": change.field, "from": value(&change.from), "to": value(&change.to) })
    });
    head["from"] = json!(diff.from);
    head["to"] = json!(diff.to);
    head["fields"] = fields.collect();
    head["places"] = diff.hunks.len().into();
    if diff.coarse {
        head["coarse"] =
            "long passages are shown as replaced, since comparing them takes too long".into();
    }
    let head = tool_result::metadata(&head);
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    tool_result::chunk(&diff.unified, offset, |chunk| {
        let mut head = head.clone();
        if let Some(next) = chunk.next_offset {
            head["next_offset"] = next.into();
        }
        ToolResult::json_and_text(&head, chunk.text.to_owned())
    })
}
