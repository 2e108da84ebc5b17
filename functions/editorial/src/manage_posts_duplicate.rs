//! `POST /v1/manage/posts/{post_id}/duplicate`: makes a draft with the latest text of a post.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Post, PostId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Duplicates a post.
pub struct DuplicatePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DuplicatePost>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
}

impl Endpoint for DuplicatePost {
    const NAME: &'static str = "manage-posts-duplicate";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/duplicate";
    const SUMMARY: &'static str = "Create a draft from a post";
    const DESCRIPTION: &'static str = "Copies the latest revision into a new draft with its own slug. The history, schedule and \
        publication are not copied.";
    const PERMISSIONS: &'static [Permission] = &[publishing::SAVE, publishing::HISTORY, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::SlugTaken, Code::EditConflict];
    const IDEMPOTENT: bool = true;
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Created<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false);
        Example { input: Input { post_id: post.summary.id.clone() }, output: Created(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Created<Post>, Problem> {
        let actor = Actor::rest(caller);
        publishing::duplicate(cx, &actor, &input.post_id).await.map(Created)
    }
}
