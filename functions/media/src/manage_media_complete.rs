//! `POST /v1/manage/media/{media_id}/complete`: looks at an uploaded file and makes it public.

use byline_shared::auth::limits;
use byline_shared::media;
use byline_shared::model::{Media, MediaId};
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys::MEDIA_PREFIX;

/// Completes an upload.
pub struct CompleteMedia;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CompleteMedia>(module_path!());

/// Which upload.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The item's id.
    pub media_id: MediaId,
}

impl Endpoint for CompleteMedia {
    const NAME: &'static str = "manage-media-complete";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/media/{media_id}/complete";
    const SUMMARY: &'static str = "Complete an upload";
    const DESCRIPTION: &'static str = "Checks the uploaded bytes and makes the file public at `url`. A file that is not what \
        was announced is removed (422 `upload_refused`). Repeating the request returns the same \
        answer.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, MEDIA_PREFIX, &[GetItem, UpdateItem]),
        Permission::ListObjects,
        Permission::Objects(
            Objects::Pending,
            &[ObjectAction::DeleteObject, ObjectAction::GetObject],
        ),
        Permission::Objects(Objects::Media, &[ObjectAction::DeleteObject, ObjectAction::PutObject]),
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::UploadMissing, Code::UploadRefused];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::MediaWrite;
    type Input = Input;
    type Output = Json<Media>;

    fn example() -> Example<Self> {
        let media = byline_shared::examples::media(true);
        Example { input: Input { media_id: media.id.clone() }, output: Json(media) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Media>, Problem> {
        media::complete(cx, &caller, &input.media_id).await.map(Json)
    }
}
