//! `post_edit`: saves changes to a draft as a new revision, without publishing it.

use byline_shared::auth::actor::Actor;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{Post, PostId, RevisionId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Changes};
use serde_json::Value;

use super::inputs::ContentInput;
use super::outputs::{self, SavedPost};
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::ToolResult;

pub(super) struct PostEdit;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The revision that you read. If there is a newer one, nothing is changed.
    revision_id: RevisionId,
    #[serde(flatten)]
    content: ContentInput,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    #[serde(flatten)]
    post: SavedPost,
    /// The fields that differ from the revision before.
    changed: Vec<&'static str>,
    /// What the sanitiser removes from the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<String>>,
}

/// The arguments that name what differs between two states of a post.
fn changed_fields(before: &Post, after: &Post) -> Vec<&'static str> {
    let (old, new) = (&before.summary.fields, &after.summary.fields);
    let fields = [
        ("title", old.title != new.title),
        ("body", before.body != after.body),
        ("slug", old.slug != new.slug),
        ("type", old.post_type != new.post_type),
        ("excerpt", old.excerpt != new.excerpt),
        ("tags", old.tags != new.tags),
        ("cover", old.cover != new.cover),
        ("language", old.language != new.language),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

impl Tool for PostEdit {
    const NAME: &'static str = "post_edit";
    const TITLE: &'static str = "Edit a draft";
    const DESCRIPTION: &'static str = "Edits a draft and saves it as a new revision. edits replaces \
        passages that occur exactly once, sections replaces what is under a heading. Either all \
        changes are made or none. Readers see the change only once it is published.";
    const SCOPE: Scope = Scope::PostsWrite;
    // Earlier revisions are kept, and repeating the call fails because there is a newer revision.
    const HINTS: Hints =
        Hints { read_only: false, destructive: false, idempotent: true, open_world: false };
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { post_id, revision_id, content } = input;
        let before = publishing::get(cx, actor, &post_id).await?;
        if before.summary.revision_id != revision_id {
            let detail = "The post has a newer revision.";
            return Err(Problem::new(Code::PreconditionFailed, detail));
        }
        let changes = content.into_changes(cx, &before.body).await?;
        if changes == Changes::default() {
            let message = "Send at least one change.";
            return Err(Problem::invalid_field("edits", "nothing_to_change", message));
        }
        let seen = IfMatch::version(before.summary.version);
        let post = publishing::edit(cx, actor, &post_id, &seen, changes).await?;
        let changed = changed_fields(&before, &post);
        let live = outputs::how_to_publish(cx, actor).await?;
        let diff = outputs::hint_for_readers(actor, "post_diff shows what changed. ");
        let next = format!("Saved as a draft. {diff}{live}");
        let warnings = outputs::warnings(cx, &post.body).await?;
        let post = SavedPost::new(post, next);
        Ok(ToolResult::structured(&Output { post, changed, warnings }))
    }
}
