//! `GET /v1/manage/posts/{post_id}/provenance`: who wrote, changed and approved what is live.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, Provenance};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads the provenance of a post.
pub struct ReadProvenance;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadProvenance>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
}

impl Endpoint for ReadProvenance {
    const NAME: &'static str = "manage-posts-provenance";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/provenance";
    const SUMMARY: &'static str = "Get who wrote, changed and approved a published post";
    const DESCRIPTION: &'static str = "Shows the published revision, its approval and publication, and every revision of the \
        post with the person, API key, app and model that made it.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Content, &[GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Provenance>;

    fn example() -> Example<Self> {
        let revision = byline_shared::examples::revision().summary;
        let provenance = Provenance {
            post_id: revision.post_id.clone(),
            live_revision_id: None,
            contributors: vec![revision.created_by.clone()],
            revisions: vec![revision.clone()],
            truncated: false,
            publications: Vec::new(),
        };
        Example { input: Input { post_id: revision.post_id }, output: Json(provenance) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Provenance>, Problem> {
        publishing::provenance(cx, &Actor::rest(caller), &input.post_id).await.map(Json)
    }
}
