//! `PATCH /v1/manage/media/{media_id}`: changes what is said about an upload.

use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::media::{self, Description};
use byline_shared::model::{AltText, Caption, Media, MediaId};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::keys::MEDIA_PREFIX;

/// Describes an upload.
pub struct UpdateMedia;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateMedia>(module_path!());

/// The upload and what to say about it; what is left out stays, an empty text removes it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The item's id.
    pub media_id: MediaId,
    /// Optional. If sent, the request fails with 412 unless the item still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
    /// The alternative text: what an image shows, for people who cannot see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<AltText>,
    /// The caption below the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Caption>,
}

impl Endpoint for UpdateMedia {
    const NAME: &'static str = "manage-media-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/manage/media/{media_id}";
    const SUMMARY: &'static str = "Describe a media item";
    const DESCRIPTION: &'static str = "Changes the alternative text and the caption. An empty string removes a text. For \
        agents: 403 `approval_required` if a published or scheduled post shows the item, unless \
        `agent_publishing` is `allowed`.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, MEDIA_PREFIX, &[GetItem, UpdateItem]),
        HOLD_RIGHT,
        Permission::Index(Content, "gsi1"),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const ERRORS: &'static [Code] =
        &[Code::NotFound, Code::ApprovalRequired, Code::PreconditionFailed];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::MediaWrite;
    type Input = Input;
    type Output = Json<Media>;

    fn example() -> Example<Self> {
        let media = byline_shared::examples::media(true);
        let input = Input {
            media_id: media.id.clone(),
            if_match: Some(IfMatch::version(media.version)),
            alt: Some(media.alt.clone()),
            caption: None,
        };
        Example { input, output: Json(media) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Media>, Problem> {
        let said = Description { alt: input.alt, caption: input.caption };
        media::update(cx, &caller, &input.media_id, input.if_match.as_ref(), said).await.map(Json)
    }
}
