//! `PATCH /v1/manage/posts/{post_id}/date-and-author`: the date and the author that readers see with a post.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{Patch, Post, PostId};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, DateAndAuthor};

/// Changes the date or the author of a post.
pub struct SetDateAndAuthor;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<SetDateAndAuthor>(module_path!());

/// The post, and what to change; what is left out stays.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The `ETag` of the version that the change is based on, such as `"v3"`.
    pub if_match: IfMatch,
    /// What changes.
    #[serde(flatten)]
    pub changes: DateAndAuthor,
}

impl Endpoint for SetDateAndAuthor {
    const NAME: &'static str = "manage-posts-date-author";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/date-and-author";
    const SUMMARY: &'static str = "Change the date or the author of a post";
    const DESCRIPTION: &'static str = "For editors and admins. Readers see it at once where the post is live: lists, feeds and sitemaps \
        have it at its new date and under its new author. A draft keeps a date that it gets for its first \
        publishing. No revision is made. `If-Match` is required and must name a version: `*` is 422.\n\
        \n\
        The post is its author's: the earlier one can no longer work on it, unless they are an \
        editor. Its proposals go over within moments, and a schedule that rested on the right of the earlier \
        author ends.\n\
        \n\
        For agents: 403 `approval_required` unless `agent_publishing` is `allowed`, for drafts as well: no \
        approval covers the author and the date.";
    const PERMISSIONS: &'static [Permission] = &[publishing::PUBLISH, publishing::HOLD_RIGHTS];
    const ERRORS: &'static [Code] =
        &[Code::ApprovalRequired, Code::NotFound, Code::PostTrashed, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPublish;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = byline_shared::examples::post(false);
        let input = Input {
            post_id: post.summary.id.clone(),
            if_match: IfMatch::version(post.summary.version),
            changes: DateAndAuthor {
                published_at: Patch::Set(post.summary.created_at),
                author_id: Some(post.summary.author.id.clone()),
            },
        };
        post.summary.published_at = Some(post.summary.created_at);
        post.summary.version += 1;
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let Input { post_id, if_match, changes } = input;
        let actor = Actor::rest(caller);
        publishing::set_date_and_author(cx, &actor, &post_id, &if_match, &changes).await.map(Json)
    }
}
