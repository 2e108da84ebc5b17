//! `GET /v1/manage/posts`: posts to work on, the last changed first.

use shared::model::PostSummary;
use shared::prelude::*;
use shared::publishing;

/// Lists posts for editing.
pub struct ListPosts;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListPosts>(module_path!());

impl Endpoint for ListPosts {
    const NAME: &'static str = "manage-posts-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts";
    const SUMMARY: &'static str = "Posts to work on, the last changed first; authors see their own";
    const GRANTS: &'static [Grant] =
        &[Grant::Index(Content, "gsi1"), Grant::Index(Content, "gsi2")];

    type Auth = scope::PostsRead;
    type Input = PageParams;
    type Output = Json<Page<PostSummary>>;

    fn example() -> Example<Self> {
        let items = vec![shared::examples::post(false).summary];
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        page: PageParams,
    ) -> Result<Json<Page<PostSummary>>, Problem> {
        publishing::list(cx, &caller, &page).await.map(Json)
    }
}
