//! `post_schedule`: schedules a revision to be published, after a person confirmed it.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, RevisionId, Scope, Time};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::outputs::{self, SavedPost};
use super::published_schema;
use super::tool::{Hints, RequiresConfirmation, Tool};
use crate::question;
use crate::tool_result::ToolResult;

pub(super) struct PostSchedule;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The revision to publish.
    revision_id: RevisionId,
    /// The time, such as 2030-01-31T08:00:00Z.
    publish_at: Time,
    /// true states that the user agreed. Ignored if the client can ask the user itself.
    #[serde(default, rename = "confirm")]
    _confirm: bool,
}

impl Tool for PostSchedule {
    const NAME: &'static str = "post_schedule";
    const TITLE: &'static str = "Schedule a revision";
    const DESCRIPTION: &'static str = "Schedules exactly this revision to be published, and replaces any \
        other schedule of the post. Requires the user's confirmation, and a revision that a person \
        approved, unless the publication's settings allow agents to publish.";
    const SCOPE: Scope = Scope::PostsPublish;
    const HINTS: Hints =
        Hints { read_only: false, destructive: true, idempotent: true, open_world: true };
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<SavedPost>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { post_id, revision_id, publish_at, .. } = input;
        let post =
            publishing::schedule(cx, actor, &post_id, &revision_id, publish_at, (None, None))
                .await?;
        let status = outputs::hint_for_readers(actor, " drafts_status lists it.");
        let next = format!(
            "It is published automatically at that time. A person can cancel the schedule.{status}"
        );
        Ok(ToolResult::structured(&SavedPost::new(post, next)))
    }
}

impl RequiresConfirmation for PostSchedule {
    async fn question(cx: &Context, actor: &Actor, input: Input) -> Result<String, Problem> {
        let Input { post_id, revision_id, publish_at, .. } = input;
        let (post, revision) = publishing::may_publish(cx, actor, &post_id, &revision_id).await?;
        let mut question = format!("Publish a post at {publish_at}?");
        question.push_str(&format!(" This is the revision {revision_id} of {post_id}."));
        if post.live_revision_id.as_ref() == Some(&revision_id) {
            question.push_str(" This revision is already live.");
        } else if post.live_revision_id.is_some() {
            question.push_str(" It replaces the live revision.");
        }
        if let Some(schedule) = &post.schedule {
            let at = schedule.publish_at;
            question.push_str(&format!(" The schedule for {at} is cancelled."));
        }
        Ok(question::about_post(&question, &revision.summary.fields.title))
    }
}
