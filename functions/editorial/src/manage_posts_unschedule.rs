//! `POST /v1/manage/posts/{post_id}/unschedule`: cancels a schedule.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{Post, PostId};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

/// Cancels a schedule.
pub struct UnschedulePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UnschedulePost>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// Optional. If sent, the request fails with 412 unless the post still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
}

impl Endpoint for UnschedulePost {
    const NAME: &'static str = "manage-posts-unschedule";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/unschedule";
    const SUMMARY: &'static str = "Cancel the schedule of a post";
    const DESCRIPTION: &'static str = "A published post stays as it is. For agents: 403 \
        `approval_required` if `agent_publishing` is `never`. With `author_publishing`, authors cancel \
        the schedules of their own posts.";
    const PERMISSIONS: &'static [Permission] = &[
        publishing::SAVE,
        HOLD_RIGHT,
        Permission::Items(Content, keys::SETTINGS, &[ConditionCheckItem]),
        Permission::Schedules,
    ];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::PostTrashed,
        Code::EditConflict,
        Code::PreconditionFailed,
        Code::ApprovalRequired,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = MayPublish;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false);
        let input = Input { post_id: post.summary.id.clone(), if_match: None };
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let actor = Actor::rest(caller);
        publishing::unschedule(cx, &actor, &input.post_id, input.if_match.as_ref()).await.map(Json)
    }
}
