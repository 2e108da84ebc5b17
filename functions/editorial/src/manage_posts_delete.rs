//! `DELETE /v1/manage/posts/{post_id}`: puts a post into the trash, for 30 days.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::PostId;
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Puts a post into the trash.
pub struct DeletePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeletePost>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The `ETag` of the version that the change is based on, such as `"v3"`.
    pub if_match: IfMatch,
}

impl Endpoint for DeletePost {
    const NAME: &'static str = "manage-posts-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/manage/posts/{post_id}";
    const SUMMARY: &'static str = "Move a post to the trash";
    const DESCRIPTION: &'static str = "The post stays in the trash for 30 days, then it is deleted. A published post disappears \
        for readers at once; that needs the scope `posts:publish` too, as it does for a scheduled \
        one. For agents: 403 `approval_required` for both if `agent_publishing` is `never`.";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, HOLD_RIGHT, Permission::Schedules];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::PostTrashed, Code::ApprovalRequired];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsDelete;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false).summary;
        let if_match = IfMatch::version(post.version);
        Example { input: Input { post_id: post.id, if_match }, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<NoContent, Problem> {
        let actor = Actor::rest(caller);
        publishing::trash(cx, &actor, &input.post_id, &input.if_match).await.map(|()| NoContent)
    }
}
