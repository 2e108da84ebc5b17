//! `PATCH /v1/manage/posts/{post_id}`: saves a further revision.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{Post, PostId, Title};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Changes};

/// Changes a post.
pub struct UpdatePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdatePost>(module_path!());

/// The post and what to change of it; what is left out stays.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The `ETag` of the version that the change is based on, such as `"v3"`.
    pub if_match: IfMatch,
    /// What changes.
    #[serde(flatten)]
    pub changes: Changes,
}

impl Endpoint for UpdatePost {
    const NAME: &'static str = "manage-posts-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/manage/posts/{post_id}";
    const SUMMARY: &'static str = "Update a draft";
    const DESCRIPTION: &'static str = "Saves a new revision; readers see it once it is published. Fields that you leave out \
        stay unchanged. `null` clears `excerpt`, `cover`, `canonical_url`, `meta_title`, \
        `meta_description` and `language`; for other fields it changes nothing.\n\
        \n\
        A request without fields returns the post unchanged. `If-Match` is required and must \
        name a version: `*` is 422.\n\
        \n\
        A slug that was ever published stays reserved and redirects to the new one.";
    const PERMISSIONS: &'static [Permission] = &[publishing::SAVE, HOLD_RIGHT];
    const ERRORS: &'static [Code] =
        &[Code::NotFound, Code::SlugTaken, Code::PostTrashed, Code::EditConflict];
    const BODY_LIMIT: usize = 1024 * 1024;
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = byline_shared::examples::post(false);
        let title = Title::trusted("Hello again, world");
        let input = Input {
            post_id: post.summary.id.clone(),
            if_match: IfMatch::version(post.summary.version),
            changes: Changes { title: Some(title.clone()), ..Changes::default() },
        };
        post.summary.fields.title = title;
        post.summary.version += 1;
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let (actor, seen) = (Actor::rest(caller), &input.if_match);
        publishing::edit(cx, &actor, &input.post_id, seen, input.changes).await.map(Json)
    }
}
