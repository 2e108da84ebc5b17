//! `GET /v1/authors`: the authors of published posts.

use byline_shared::model::PublicAuthor;
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Lists authors.
pub struct ListAuthors;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListAuthors>(module_path!());

impl Endpoint for ListAuthors {
    const NAME: &'static str = "authors-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/authors";
    const SUMMARY: &'static str = "List authors, by slug";
    const DESCRIPTION: &'static str =
        "Only authors of published posts. For accounts, see `/v1/users`.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::AUTHORS, &[Query])];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = PageParams;
    type Output = Json<Page<PublicAuthor>>;

    fn example() -> Example<Self> {
        let input = PageParams { limit: 20, cursor: None };
        let items = vec![byline_shared::examples::public_author()];
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        (): (),
        page: PageParams,
    ) -> Result<Json<Page<PublicAuthor>>, Problem> {
        Ok(Json(cx.store.authors().list(&page).await?))
    }
}
