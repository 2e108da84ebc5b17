//! `GET /v1/manage/posts/{post_id}/diff`: what differs between two revisions.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Diff, PostId, RevisionId};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Compares two revisions.
pub struct DiffRevisions;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DiffRevisions>(module_path!());

/// Which revisions.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The older revision.
    pub from: RevisionId,
    /// The newer revision.
    pub to: RevisionId,
}

impl Endpoint for DiffRevisions {
    const NAME: &'static str = "manage-revisions-diff";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/diff";
    const SUMMARY: &'static str = "Compare two revisions";
    const DESCRIPTION: &'static str = "Lists changed fields, and the changes of the body as hunks and as a unified diff. Comparing \
        takes a second at most: `coarse` says whether less is marked for it, `truncated` whether \
        changes are left out.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Content, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const LIMIT: Option<RateLimit> = Some(limits::COMPARE_ACCOUNT);

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Diff>;

    fn example() -> Example<Self> {
        let revision = byline_shared::examples::revision().summary;
        let (from, to) = (revision.id.clone(), revision.id);
        let mut diff = byline_shared::examples::diff();
        diff.to = to.clone();
        diff.fields.clear();
        let input = Input { post_id: revision.post_id, from, to };
        Example { input, output: Json(diff) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Diff>, Problem> {
        let (actor, post) = (Actor::rest(caller), &input.post_id);
        publishing::difference(cx, &actor, post, &input.from, &input.to).await.map(Json)
    }
}
