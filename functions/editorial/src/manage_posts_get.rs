//! `GET /v1/manage/posts/{post_id}`: a post with its latest text.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{DraftFormat, Post, PostId, WithHtml};
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
    /// `html` adds `body_html` and `warnings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DraftFormat>,
}

impl Endpoint for GetPost {
    const NAME: &'static str = "manage-posts-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}";
    const SUMMARY: &'static str = "Get a post with its latest text";
    const DESCRIPTION: &'static str = "Returns the latest revision, which may be newer than the published one. An author gets \
        404 for posts of others.\n\
        \n\
        With `format=html` the answer also has the text as sanitised HTML, as readers would get it, and \
        in `warnings` what the sanitiser removes from it.";
    const PERMISSIONS: &'static [Permission] = &[publishing::REVIEW];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::TooManyRequests];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<WithHtml<Post>>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false);
        let input = Input { post_id: post.summary.id.clone(), format: None };
        Example { input, output: Json(WithHtml::plain(post)) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<WithHtml<Post>>, Problem> {
        let actor = Actor::rest(caller);
        let post = publishing::get(cx, &actor, &input.post_id).await?;
        publishing::with_html(cx, &actor, input.format, post, |post| (&post.summary.id, &post.body))
            .await
            .map(Json)
    }
}
