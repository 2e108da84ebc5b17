//! `GET /v1/manage/media/{media_id}`: an upload and where readers find it.

use byline_shared::media;
use byline_shared::model::{Media, MediaId};
use byline_shared::prelude::*;
use byline_shared::store::keys::MEDIA_PREFIX;

/// Reads an upload.
pub struct GetMedia;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetMedia>(module_path!());

/// Which upload.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The item's id.
    pub media_id: MediaId,
}

impl Endpoint for GetMedia {
    const NAME: &'static str = "manage-media-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/media/{media_id}";
    const SUMMARY: &'static str = "Get a media item";
    const DESCRIPTION: &'static str = "An author gets 404 for items of others.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, MEDIA_PREFIX, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Media>;

    fn example() -> Example<Self> {
        let media = byline_shared::examples::media(true);
        Example { input: Input { media_id: media.id.clone() }, output: Json(media) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Media>, Problem> {
        media::get(cx, &caller, &input.media_id).await.map(Json)
    }
}
