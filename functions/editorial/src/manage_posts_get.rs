//! `GET /v1/manage/posts/{post_id}`: a post with its latest text.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{Post, PostId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads a post for editing.
pub struct GetPost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetPost>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
}

impl Endpoint for GetPost {
    const NAME: &'static str = "manage-posts-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}";
    const SUMMARY: &'static str = "Get a post with its latest text";
    const DESCRIPTION: &'static str = "Returns the latest revision, which may be newer than the published one. An author gets \
        404 for posts of others.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Content, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false);
        Example { input: Input { post_id: post.summary.id.clone() }, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        publishing::get(cx, &Actor::rest(caller), &input.post_id).await.map(Json)
    }
}
