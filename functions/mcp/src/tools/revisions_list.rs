//! `revisions_list`: the history of a post: who made what, when, and on whose word.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, RevisionId, RevisionSummary, Scope, Time, Title};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::shapes::{self, Hand};
use super::{Hints, Tool, schema};
use crate::answer::{self, Answer};

pub(super) struct RevisionsList;

/// Of which post.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// How many at most.
    #[serde(default = "shapes::default_limit")]
    #[schemars(range(min = 1, max = 100))]
    limit: u8,
    /// next_cursor of the page before.
    #[serde(default)]
    #[schemars(length(max = 512))]
    cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    revisions: Vec<Line>,
    next_cursor: Option<String>,
}

/// A revision.
#[derive(Serialize, JsonSchema)]
struct Line {
    revision_id: RevisionId,
    title: Title,
    created_at: Time,
    by: Hand,
    /// Whether a person approved it as a proposal.
    approved: bool,
}

impl Line {
    fn of(revision: RevisionSummary) -> Self {
        Self {
            revision_id: revision.id,
            title: revision.fields.title,
            created_at: revision.created_at,
            by: Hand::of(revision.created_by),
            approved: revision.approval.is_some(),
        }
    }
}

impl Tool for RevisionsList {
    const NAME: &'static str = "revisions_list";
    const TITLE: &'static str = "List a post's revisions";
    const DESCRIPTION: &'static str = "The revisions of a post, the newest first: when, by a person \
        or a program, and whether a person approved it. post_diff compares two of them.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let post_id = &input.post_id;
        let read = |page: PageParams| async move {
            publishing::revisions(cx, actor, post_id, &page).await
        };
        answer::paged(shapes::page(input.limit, input.cursor), read, |page| {
            let revisions = page.items.into_iter().map(Line::of).collect();
            Answer::of(&Output { revisions, next_cursor: page.next_cursor })
        })
        .await
    }
}
