//! `POST /v1/manage/posts/{post_id}/revisions/{revision_id}/restore`: saves an older revision's text as the latest.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{Post, PostId, RevisionId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Restores a revision.
pub struct RestoreRevision;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<RestoreRevision>(module_path!());

/// What to restore.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision's id.
    pub revision_id: RevisionId,
    /// The `ETag` of the version that the change is based on, such as `"v3"`.
    pub if_match: IfMatch,
}

impl Endpoint for RestoreRevision {
    const NAME: &'static str = "manage-revisions-restore";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/revisions/{revision_id}/restore";
    const SUMMARY: &'static str = "Restore a revision";
    const DESCRIPTION: &'static str = "Saves the text and fields of an older revision as a new, latest revision. Readers see it \
        once it is published.";
    const PERMISSIONS: &'static [Permission] = &[publishing::SAVE, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::PostTrashed, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = byline_shared::examples::post(false);
        let input = Input {
            post_id: post.summary.id.clone(),
            revision_id: post.summary.revision_id.clone(),
            if_match: IfMatch::version(post.summary.version),
        };
        post.summary.version += 1;
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let Input { post_id, revision_id, if_match } = input;
        let actor = Actor::rest(caller);
        let restored = publishing::restore_revision(cx, &actor, &post_id, &revision_id, &if_match);
        restored.await.map(Json)
    }
}
