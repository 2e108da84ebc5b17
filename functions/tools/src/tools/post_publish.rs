//! `post_publish`: publishes a revision, after a person confirmed it.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostFields, PostId, RevisionId, Scope, Site};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::settings;
use serde_json::Value;

use super::outputs::SavedPost;
use super::published_schema;
use super::tool::{Hints, RequiresConfirmation, Tool};
use crate::question;
use crate::tool_result::ToolResult;

pub(super) struct PostPublish;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The revision to publish. Later revisions stay drafts.
    revision_id: RevisionId,
    /// true states that the user agreed. Ignored if the client can ask the user itself.
    #[serde(default, rename = "confirm")]
    _confirm: bool,
}

impl Tool for PostPublish {
    const NAME: &'static str = "post_publish";
    const TITLE: &'static str = "Publish a revision";
    const DESCRIPTION: &'static str = "Publishes exactly this revision of a post. Requires the user's \
        confirmation, and a revision that a person approved (post_propose), unless the publication's \
        settings allow agents to publish.";
    const SCOPE: Scope = Scope::PostsPublish;
    const HINTS: Hints =
        Hints { read_only: false, destructive: true, idempotent: false, open_world: true };
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<SavedPost>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { post_id, revision_id, .. } = input;
        let post = publishing::publish(cx, actor, &post_id, &revision_id, None, None).await?;
        let site = settings::current(cx).await?.site();
        let next = format!("Published at {}.", address_of(&site, &post.summary.fields));
        Ok(ToolResult::structured(&SavedPost::new(post, next)))
    }
}

fn address_of(site: &Site, fields: &PostFields) -> String {
    site.address_of(fields.post_type, &fields.slug)
}

impl RequiresConfirmation for PostPublish {
    async fn question(cx: &Context, actor: &Actor, input: Input) -> Result<String, Problem> {
        let Input { post_id, revision_id, .. } = input;
        let (post, revision) = publishing::may_publish(cx, actor, &post_id, &revision_id).await?;
        let site = settings::current(cx).await?.site();
        let fields = &revision.summary.fields;
        let mut question = format!("Publish a post at {}?", address_of(&site, fields));
        let age = if post.revision_id == revision_id { "the latest" } else { "an older" };
        question.push_str(&format!(" This is {age} revision ({revision_id}) of {post_id}."));
        match &post.live_revision_id {
            Some(live) if *live == revision_id => {
                question.push_str(" This revision is already live.");
            }
            Some(_) => question.push_str(" It replaces the live revision."),
            None => {}
        }
        match &post.schedule {
            Some(schedule) if schedule.revision_id == revision_id => question
                .push_str(&format!(" Its schedule for {} is cancelled.", schedule.publish_at)),
            Some(schedule) => question.push_str(&format!(
                " Another revision stays scheduled for {}.",
                schedule.publish_at
            )),
            None => {}
        }
        Ok(question::about_post(&question, &fields.title))
    }
}
