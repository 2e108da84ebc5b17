//! `post_diff`: what differs between two revisions of a post.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{Diff, PostId, RevisionId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::{Value, json};

use super::{Hints, Tool};
use crate::answer::{self, Answer};

pub(super) struct PostDiff;

/// Which revisions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The older revision; without it the live one, or the one before the latest.
    #[serde(default)]
    from: Option<RevisionId>,
    /// The newer revision; without it the latest.
    #[serde(default)]
    to: Option<RevisionId>,
    /// Where to go on: next_offset of the answer before.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    offset: u64,
}

impl Tool for PostDiff {
    const NAME: &'static str = "post_diff";
    const TITLE: &'static str = "Compare revisions";
    const DESCRIPTION: &'static str = "What differs between two revisions of a post: first a JSON \
        object with the fields that differ, then the text's difference in unified format. Without \
        from and to: what the draft changes of what is live.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { post_id, from, to, offset } = input;
        let (from, to) = match (from, to) {
            (Some(from), Some(to)) => (from, to),
            (from, to) => {
                let head = publishing::get(cx, actor, &post_id).await?.summary;
                let to = to.unwrap_or(head.revision_id);
                let live = head.live_revision_id.filter(|live| *live != to);
                let from = match from.or(live) {
                    Some(from) => from,
                    None => parent(cx, actor, &post_id, &to).await?,
                };
                (from, to)
            }
        };
        let diff = publishing::difference(cx, actor, &post_id, &from, &to).await?;
        Ok(shown(&diff, offset, json!({})))
    }
}

async fn parent(
    cx: &Context,
    actor: &Actor,
    post_id: &PostId,
    revision: &RevisionId,
) -> Result<RevisionId, Problem> {
    let revision = publishing::revision(cx, actor, post_id, revision).await?;
    revision.summary.parent_id.ok_or_else(|| {
        let message = "This is the first revision: there is nothing before it to compare with.";
        Problem::invalid_field("from", "required", message)
    })
}

/// How long a field's value may be for both sides of it to be shown, in characters of JSON.
const MAX_VALUE: usize = 600;

/// A difference: `head`, then what is different of the fields, then the text.
pub(super) fn shown(diff: &Diff, offset: u64, mut head: Value) -> Answer {
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
    let head = answer::head(&head);
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    answer::from(&diff.unified, offset, |piece| {
        let mut head = head.clone();
        if let Some(next) = piece.next {
            head["next_offset"] = next.into();
        }
        Answer::with_text(&head, piece.text.to_owned())
    })
}
