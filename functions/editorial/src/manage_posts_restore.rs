//! `POST /v1/manage/posts/{post_id}/restore`: takes a post out of the trash, as a draft.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Post, PostId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Takes a post out of the trash.
pub struct RestorePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<RestorePost>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
}

impl Endpoint for RestorePost {
    const NAME: &'static str = "manage-posts-restore";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/restore";
    const SUMMARY: &'static str = "Restore a post from the trash";
    const DESCRIPTION: &'static str =
        "The post becomes a draft again. Publish it to show it to readers.";
    const PERMISSIONS: &'static [Permission] = &[publishing::SAVE, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsDelete;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false);
        let input = Input { post_id: post.summary.id.clone() };
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let actor = Actor::rest(caller);
        publishing::restore(cx, &actor, &input.post_id).await.map(Json)
    }
}
