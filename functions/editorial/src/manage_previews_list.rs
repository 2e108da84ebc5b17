//! `GET /v1/manage/posts/{post_id}/preview-links`: the preview links of a post, without their secrets.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, PreviewLink};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

/// Lists the preview links of a post.
pub struct ListPreviewLinks;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListPreviewLinks>(module_path!());

/// Of which post.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// The post's id.
    pub post_id: PostId,
}

impl Endpoint for ListPreviewLinks {
    const NAME: &'static str = "manage-previews-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/preview-links";
    const SUMMARY: &'static str = "List the preview links of a post, newest first";
    const DESCRIPTION: &'static str = "Who made each link, what it shows and until when. The secrets are not stored, so they \
        cannot be shown again. Expired links are left out, so a page can be shorter than `limit`.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::POST_PREFIX, &[GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Json<Page<PreviewLink>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::preview_link()];
        let page = PageParams { limit: 20, cursor: None };
        let input = Input { page, post_id: items[0].post_id.clone() };
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Page<PreviewLink>>, Problem> {
        let actor = Actor::rest(caller);
        publishing::preview_links(cx, &actor, &input.post_id, &input.page).await.map(Json)
    }
}
