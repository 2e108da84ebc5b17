//! `GET /v1/posts`: published posts, newest first. One `Query`, whatever the size of the list.

use shared::model::{PublicPostSummary, Slug};
use shared::prelude::*;

/// Lists published posts.
pub struct ListPosts;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListPosts>(module_path!());

/// Which posts.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// The slug of a tag that the posts carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Slug>,
}

impl Endpoint for ListPosts {
    const NAME: &'static str = "posts-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/posts";
    const SUMMARY: &'static str = "Published posts, newest first";
    const GRANTS: &'static [Grant] = &[Grant::Table(Content, &[Query])];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Page<PublicPostSummary>>;

    fn example() -> Example<Self> {
        let items = vec![shared::examples::public_post().summary];
        Example {
            input: Input { page: PageParams { limit: 20, cursor: None }, tag: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        (): (),
        input: Input,
    ) -> Result<Json<Page<PublicPostSummary>>, Problem> {
        Ok(Json(cx.store.live_posts(input.tag.as_ref(), &input.page).await?))
    }
}
