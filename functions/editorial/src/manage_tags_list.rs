//! `GET /v1/manage/tags`: all tags.

use byline_shared::model::PublicTag;
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

/// Lists all tags.
pub struct ListTags;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListTags>(module_path!());

impl Endpoint for ListTags {
    const NAME: &'static str = "manage-tags-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/tags";
    const SUMMARY: &'static str = "List all tags, by slug";
    const DESCRIPTION: &'static str = "Includes tags that only drafts have, also drafts of others. `post_count` counts \
        published posts.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Items(Content, keys::TAGS, &[Query])];

    type Auth = scope::PostsRead;
    type Input = PageParams;
    type Output = Json<Page<PublicTag>>;

    fn example() -> Example<Self> {
        let input = PageParams { limit: 20, cursor: None };
        let items = vec![byline_shared::examples::tag()];
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        _: Caller,
        page: PageParams,
    ) -> Result<Json<Page<PublicTag>>, Problem> {
        publishing::list_tags(cx, &page).await.map(Json)
    }
}
