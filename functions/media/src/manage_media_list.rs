//! `GET /v1/manage/media`: what was uploaded, newest first.

use byline_shared::media;
use byline_shared::model::{Media, MediaKind};
use byline_shared::prelude::*;

/// Lists uploads.
pub struct ListMedia;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListMedia>(module_path!());

/// Which uploads.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Only items of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MediaKind>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageParams,
}

impl Endpoint for ListMedia {
    const NAME: &'static str = "manage-media-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/media";
    const SUMMARY: &'static str = "List media items, newest first";
    const DESCRIPTION: &'static str = "Authors see their own items, editors all.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Index(Content, "gsi1"), Permission::Index(Content, "gsi2")];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Page<Media>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::media(true)];
        let page = PageParams { limit: 20, cursor: None };
        Example {
            input: Input { kind: Some(MediaKind::Image), page },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Page<Media>>, Problem> {
        media::list(cx, &caller, input.kind, &input.page).await.map(Json)
    }
}
