//! `post_publish`: makes a revision live, when a person has agreed.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, RevisionId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::settings;
use serde_json::Value;

use super::shapes::Saved;
use super::{Asking, Hints, Tool, schema};
use crate::answer::Answer;
use crate::confirmation;

pub(super) struct PostPublish;

/// What goes live.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The revision: this one goes live, whatever was saved since.
    revision_id: RevisionId,
    /// true says that your person agreed; of no account where the client can ask them itself.
    #[serde(default, rename = "confirm")]
    _confirm: bool,
}

impl Tool for PostPublish {
    const NAME: &'static str = "post_publish";
    const TITLE: &'static str = "Publish a revision";
    const DESCRIPTION: &'static str = "Makes exactly this revision of a post what readers see. Needs \
        a person's confirmation, and, unless the publication says otherwise, a revision that a \
        person approved (post_propose).";
    const SCOPE: Scope = Scope::PostsPublish;
    const HINTS: Hints =
        Hints { read_only: false, destructive: true, idempotent: false, open_world: true };
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Saved>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { post_id, revision_id, .. } = input;
        let post = publishing::publish(cx, actor, &post_id, &revision_id, None).await?;
        let site = settings::current(cx).await?.site();
        let next = format!("Readers find it at {}.", site.address_of(&post.summary.fields.slug));
        Ok(Answer::of(&Saved::of(post, next)))
    }
}

impl Asking for PostPublish {
    async fn question(cx: &Context, actor: &Actor, input: Input) -> Result<String, Problem> {
        let Input { post_id, revision_id, .. } = input;
        let (post, revision) = publishing::may_publish(cx, actor, &post_id, &revision_id).await?;
        let site = settings::current(cx).await?.site();
        let fields = &revision.summary.fields;
        let mut question =
            format!("Show a post to all readers, at {}?", site.address_of(&fields.slug));
        question.push_str(if post.revision_id == revision_id {
            " It is the latest revision"
        } else {
            " It is an older revision"
        });
        question.push_str(&format!(" ({revision_id}) of {post_id}."));
        match &post.live_revision_id {
            Some(live) if *live == revision_id => {
                question.push_str(" Readers see this revision already.");
            }
            Some(_) => question.push_str(" It takes the place of what they see now."),
            None => {}
        }
        match &post.schedule {
            Some(schedule) if schedule.revision_id == revision_id => question.push_str(&format!(
                " Its appointment for {} goes away by it.",
                schedule.publish_at
            )),
            Some(schedule) => question.push_str(&format!(
                " The appointment of another revision for {} stays.",
                schedule.publish_at
            )),
            None => {}
        }
        Ok(confirmation::about(&question, &fields.title))
    }
}
