//! `POST /v1/manage/media`: announces a file, and answers with the request that uploads it.

use std::collections::BTreeMap;

use byline_shared::auth::limits;
use byline_shared::media::{self, NewUpload, Upload};
use byline_shared::model::{AltText, FileName, Media, MediaKind, MediaType, Sha256};
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys::MEDIA_PREFIX;

/// Announces a file.
pub struct CreateMedia;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreateMedia>(module_path!());

/// The file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The file's name. Its letters and digits become part of the URL.
    pub filename: FileName,
    /// The file's media type.
    pub content_type: MediaType,
    /// The file's exact size in bytes.
    #[schemars(range(min = 1, max = MAX_BYTES))]
    pub size: u64,
    /// The file's SHA-256 in hexadecimal. If sent, other bytes are rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256>,
}

const MAX_BYTES: u64 = MediaKind::MAX_MEBIBYTES * 1024 * 1024;

/// The new item, and the request that uploads its file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MediaUpload")]
pub struct Output {
    /// The new item.
    pub media: Media,
    /// The request that uploads the file.
    pub upload: Upload,
}

impl Representation for Output {
    fn location(&self) -> Option<String> {
        self.media.location()
    }
}

impl Endpoint for CreateMedia {
    const NAME: &'static str = "manage-media-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/media";
    const SUMMARY: &'static str = "Announce an upload";
    const DESCRIPTION: &'static str = "Returns the item, with the status `pending`, and in `upload` the one request that sends \
        the file to the object store. Send that request with its `method`, its `url` and all its \
        `headers`, within 15 minutes, then call `POST /v1/manage/media/{media_id}/complete`. An \
        item that is not completed is removed after a day.\n\
        \n\
        Images (JPEG, PNG, GIF, WebP, AVIF) up to 25 MiB, video (MP4, WebM) up to 200 MiB, audio \
        (MP3, Ogg, WAV) up to 100 MiB, PDF up to 50 MiB. SVG, HTML and XML are rejected because \
        browsers run what is in them. Images are kept as they are, with the location that a \
        camera may have stored in them.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, MEDIA_PREFIX, &[PutItem]),
        Permission::Objects(Objects::Pending, &[ObjectAction::PutObject]),
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::MediaWrite;
    type Input = Input;
    type Output = Created<Output>;

    fn example() -> Example<Self> {
        let media = Media { alt: AltText::trusted(""), ..byline_shared::examples::media(false) };
        let input = Input {
            filename: media.filename.clone(),
            content_type: media.content_type,
            size: media.size,
            sha256: None,
        };
        let url = "https://media-bucket.s3.eu-central-1.amazonaws.com/pending/\
                   01JD9ZP7V8Q2M4T6W8X0Y2Z4J2/a-dot.gif?X-Amz-Signature=3f5a";
        let headers = [("content-type", media.content_type.as_str()), ("if-none-match", "*")];
        let upload = Upload {
            method: "PUT".to_owned(),
            url: url.to_owned(),
            headers: BTreeMap::from(headers.map(|(name, value)| (name.into(), value.into()))),
            expires_at: media.created_at.plus_seconds(15 * 60),
        };
        Example { input, output: Created(Output { media, upload }) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Created<Output>, Problem> {
        let new = NewUpload {
            filename: input.filename,
            content_type: input.content_type,
            size: input.size,
            sha256: input.sha256,
        };
        let (media, upload) = media::create(cx, &caller, new).await?;
        Ok(Created(Output { media, upload }))
    }
}
