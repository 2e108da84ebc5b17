//! `POST /v1/manage/posts/{post_id}/publish`: makes the named revision live, and no other.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::{IfMatch, IfReviewed};
use byline_shared::model::{Post, PostId, RevisionId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Publishes a revision.
pub struct PublishPost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<PublishPost>(module_path!());

/// What goes live.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision to publish. A later revision is not published by accident.
    pub revision_id: RevisionId,
    /// Optional. If sent, the request fails with 412 unless the post still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
    /// Optional, for people: the ETag of the review that was read. If sent, the request fails with
    /// 412 unless the review is still the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<IfReviewed>,
}

impl Endpoint for PublishPost {
    const NAME: &'static str = "manage-posts-publish";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/publish";
    const SUMMARY: &'static str = "Publish a revision";
    const DESCRIPTION: &'static str = "Makes exactly the named revision visible to readers, now. Older revisions are allowed: \
        that is how you go back. A schedule of this revision ends. A schedule of another revision \
        stays, and that revision replaces this one when it is due: unschedule it first if it should \
        not.\n\
        \n\
        An agent (an API key or an MCP client) may publish what the setting `agent_publishing` \
        allows; otherwise the answer is 403 `approval_required`. With \
        `author_publishing`, authors publish their own posts, signed in as people.\n\
        \n\
        `GET /v1/manage/posts/{post_id}/review` shows everything that this would make visible. Send \
        its ETag as `review` to publish exactly that. If the revision was approved and an agent has \
        changed the alternative text of its cover since, a person needs it, too.\n\
        \n\
        A text that names a file whose upload is not complete is 422. A revision can be too large or too complex to render: 422 on `/revision_id`. The limits \
        are nesting 100 deep, 2 MiB of HTML, and the size of one stored item.";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, publishing::HISTORY, publishing::HOLD_RIGHTS, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::ApprovalRequired,
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::EditConflict,
        Code::PreconditionFailed,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = MayPublish;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(true);
        let input = Input {
            post_id: post.summary.id.clone(),
            revision_id: post.summary.revision_id.clone(),
            if_match: None,
            review: None,
        };
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let (actor, seen) = (Actor::rest(caller), input.if_match.as_ref());
        let (revision, reviewed) = (&input.revision_id, input.review.as_ref());
        publishing::publish(cx, &actor, &input.post_id, revision, seen, reviewed).await.map(Json)
    }
}
