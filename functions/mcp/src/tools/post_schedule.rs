//! `post_schedule`: makes an appointment for a revision to go live, when a person has agreed.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, RevisionId, Scope, Time};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::shapes::{self, Saved};
use super::{Asking, Hints, Tool, schema};
use crate::answer::Answer;
use crate::confirmation;

pub(super) struct PostSchedule;

/// What goes live, and when.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The revision that is to go live.
    revision_id: RevisionId,
    /// When, such as 2030-01-31T08:00:00Z.
    publish_at: Time,
    /// true says that your person agreed; of no account where the client can ask them itself.
    #[serde(default, rename = "confirm")]
    _confirm: bool,
}

impl Tool for PostSchedule {
    const NAME: &'static str = "post_schedule";
    const TITLE: &'static str = "Schedule a revision";
    const DESCRIPTION: &'static str = "Makes an appointment for exactly this revision to go live, in \
        place of any other of the post. Needs a person's confirmation, and, unless the publication \
        says otherwise, a revision that a person approved.";
    const SCOPE: Scope = Scope::PostsPublish;
    const HINTS: Hints =
        Hints { read_only: false, destructive: true, idempotent: true, open_world: true };
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Saved>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { post_id, revision_id, publish_at, .. } = input;
        let post =
            publishing::schedule(cx, actor, &post_id, &revision_id, publish_at, None).await?;
        let status = shapes::if_it_reads(actor, " drafts_status shows it.");
        let next = format!("It goes live by itself then. A person can call it off.{status}");
        Ok(Answer::of(&Saved::of(post, next)))
    }
}

impl Asking for PostSchedule {
    async fn question(cx: &Context, actor: &Actor, input: Input) -> Result<String, Problem> {
        let Input { post_id, revision_id, publish_at, .. } = input;
        let (post, revision) = publishing::may_publish(cx, actor, &post_id, &revision_id).await?;
        let mut question = format!("Show a post to all readers, from {publish_at} on?");
        question.push_str(&format!(" It is the revision {revision_id} of {post_id}."));
        if post.live_revision_id.as_ref() == Some(&revision_id) {
            question.push_str(" Readers see this revision already.");
        } else if post.live_revision_id.is_some() {
            question.push_str(" It takes the place of what they see now.");
        }
        if let Some(schedule) = &post.schedule {
            let at = schedule.publish_at;
            question.push_str(&format!(" The appointment for {at} goes away by it."));
        }
        Ok(confirmation::about(&question, &revision.summary.fields.title))
    }
}
