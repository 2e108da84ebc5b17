//! `GET /v1/previews/{token}`: the post that a preview link shows, for the draft mode of a site.

use crate::readable::{Beside, Format, ReadablePost};
use byline_shared::auth::limits;
use byline_shared::model::Secret;
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads a post by a preview link.
pub struct ReadPreview;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadPreview>(module_path!());

/// Which link, and how.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The secret of the link.
    pub token: Secret,
    /// The form of the text. Default: HTML and Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

impl Endpoint for ReadPreview {
    const NAME: &'static str = "previews-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/previews/{token}";
    const SUMMARY: &'static str = "Get a post by a preview link";
    const DESCRIPTION: &'static str = "The answer has the form of `GET /v1/posts/{slug}`, as if the post were published now: \
        `published_at` is this moment if it never was. Needs no credentials but the token. Show it to \
        people who have the link, and keep it out of caches and search engines.\n\
        \n\
        A token that is unknown, expired or revoked is 404, as is one whose post is in the trash or \
        deleted. A text that is too complex to render is 422.";
    const PERMISSIONS: &'static [Permission] = &[publishing::REVIEW];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const LIMIT: Option<RateLimit> = Some(limits::PREVIEW_NETWORK);
    const CACHE: Cache = Cache::Private;

    type Auth = Public;
    type Input = Input;
    type Output = Json<ReadablePost>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::PREVIEW_TOKEN);
        let post = byline_shared::examples::public_post();
        let input = Input { token, format: None };
        Example { input, output: Json(ReadablePost::new(post, None, Beside::default())) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<ReadablePost>, Problem> {
        let preview = publishing::shared_preview(cx, &input.token).await?;
        Ok(Json(ReadablePost::new(preview.post, input.format, Beside::default())))
    }
}
