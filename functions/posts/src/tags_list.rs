//! `GET /v1/tags`: the tags that published posts carry.

use byline_shared::model::PublicTag;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::tags::{TagFilter, TagItem};

/// Lists the tags in use.
pub struct ListTags;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListTags>(module_path!());

impl Endpoint for ListTags {
    const NAME: &'static str = "tags-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/tags";
    const SUMMARY: &'static str = "List tags, by slug";
    const DESCRIPTION: &'static str = "Only tags of published posts.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Items(Content, keys::TAGS, &[Query])];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = PageParams;
    type Output = Json<Page<PublicTag>>;

    fn example() -> Example<Self> {
        let input = PageParams { limit: 20, cursor: None };
        let items = vec![byline_shared::examples::tag()];
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        (): (),
        page: PageParams,
    ) -> Result<Json<Page<PublicTag>>, Problem> {
        Ok(Json(cx.store.tags().list(TagFilter::Live, &page).await?.map(TagItem::public)))
    }
}
