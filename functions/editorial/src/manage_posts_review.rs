//! `GET /v1/manage/posts/{post_id}/review`: everything that publishing a revision would make visible.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{PostId, Review, RevisionId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reviews a revision.
pub struct ReviewPost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReviewPost>(module_path!());

/// Which revision.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision that would go live.
    pub revision_id: RevisionId,
}

impl Endpoint for ReviewPost {
    const NAME: &'static str = "manage-posts-review";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/review";
    const SUMMARY: &'static str = "Review a revision before it goes live";
    const DESCRIPTION: &'static str = "Compares what readers would get of the revision with what they see now: the text, the \
        tags as they would be shown, the cover with its alternative text and caption, new hosts of \
        links and images, files that are not uploaded yet, findings in words, and the schedule of \
        another revision, which would replace this one when it is due. Send its `ETag` as `review` to publish or \
        schedule exactly this.";
    const PERMISSIONS: &'static [Permission] = &[publishing::REVIEW, publishing::HISTORY];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::COMPARE_ACCOUNT);

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Review>;

    fn example() -> Example<Self> {
        let mut review = byline_shared::examples::review();
        let revision_id: RevisionId =
            byline_shared::examples::REVISION_ID.parse().expect("the constant is an id");
        review.revision_id = revision_id.clone();
        // It is what is live.
        review.changes.to = revision_id.clone();
        review.changes.fields.clear();
        Example {
            input: Input { post_id: review.post_id.clone(), revision_id },
            output: Json(review),
        }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Review>, Problem> {
        let Input { post_id, revision_id } = input;
        publishing::review(cx, &Actor::rest(caller), &post_id, &revision_id).await.map(Json)
    }
}
