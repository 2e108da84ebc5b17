//! `GET /v1/manage/posts/{post_id}/revisions`: the history of a post.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, RevisionSummary};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Lists the revisions of a post.
pub struct ListRevisions;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListRevisions>(module_path!());

/// Of which post.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// The post's id.
    pub post_id: PostId,
}

impl Endpoint for ListRevisions {
    const NAME: &'static str = "manage-revisions-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/revisions";
    const SUMMARY: &'static str = "List the revisions of a post, newest first";
    const DESCRIPTION: &'static str = "Entries have no body.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Content, &[GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Page<RevisionSummary>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::revision().summary];
        let page = PageParams { limit: 20, cursor: None };
        let input = Input { page, post_id: items[0].post_id.clone() };
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Page<RevisionSummary>>, Problem> {
        let actor = Actor::rest(caller);
        publishing::revisions(cx, &actor, &input.post_id, &input.page).await.map(Json)
    }
}
