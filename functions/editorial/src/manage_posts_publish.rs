//! `POST /v1/manage/posts/{post_id}/publish`: makes the named revision live, and no other.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
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
    /// The post.
    pub post_id: PostId,
    /// The revision that was approved; a later save is not published by accident.
    pub revision_id: RevisionId,
    /// If sent, nothing happens unless the post still is in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
}

impl Endpoint for PublishPost {
    const NAME: &'static str = "manage-posts-publish";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/publish";
    const SUMMARY: &'static str = "Make a revision live";
    const PERMISSIONS: &'static [Permission] = &[publishing::PUBLISH, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::ApprovalRequired,
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::EditConflict,
        Code::PreconditionFailed,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPublish;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(true);
        let input = Input {
            post_id: post.summary.id.clone(),
            revision_id: post.summary.revision_id.clone(),
            if_match: None,
        };
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let (actor, seen) = (Actor::rest(caller), input.if_match.as_ref());
        let revision = &input.revision_id;
        publishing::publish(cx, &actor, &input.post_id, revision, seen).await.map(Json)
    }
}
