//! `GET /v1/manage/posts/{post_id}/revisions/{revision_id}`: one revision with its text.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, Revision, RevisionId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads a revision.
pub struct GetRevision;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetRevision>(module_path!());

/// Which revision.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision's id.
    pub revision_id: RevisionId,
}

impl Endpoint for GetRevision {
    const NAME: &'static str = "manage-revisions-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/revisions/{revision_id}";
    const SUMMARY: &'static str = "Get a revision with its text";
    const DESCRIPTION: &'static str = "A revision never changes.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Content, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Revision>;

    fn example() -> Example<Self> {
        let revision = byline_shared::examples::revision();
        let (post_id, id) = (revision.summary.post_id.clone(), revision.summary.id.clone());
        Example { input: Input { post_id, revision_id: id }, output: Json(revision) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Revision>, Problem> {
        let actor = Actor::rest(caller);
        publishing::revision(cx, &actor, &input.post_id, &input.revision_id).await.map(Json)
    }
}
