//! `DELETE /v1/manage/media/{media_id}`: deletes an upload that nothing uses.

use byline_shared::auth::limits;
use byline_shared::media;
use byline_shared::model::MediaId;
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::keys::MEDIA_PREFIX;

/// Deletes an upload.
pub struct DeleteMedia;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteMedia>(module_path!());

/// Which upload.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The item's id.
    pub media_id: MediaId,
    /// Whether to delete the item even if posts or profiles use it.
    #[serde(default)]
    pub force: bool,
}

impl Endpoint for DeleteMedia {
    const NAME: &'static str = "manage-media-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/manage/media/{media_id}";
    const SUMMARY: &'static str = "Delete a media item";
    const DESCRIPTION: &'static str = "409 `media_in_use` if a post uses it, or a person has it as their picture; the search takes \
        longer the more posts there are. `force=true` deletes it all the same, and takes it out of \
        profiles; posts keep a gap. Caches can serve the file for up to a day more. Without the right to \
        publish: 403 if a published or scheduled post shows it, or another person's profile. For agents: 403 \
        `approval_required` if a published or scheduled post or a profile shows it, unless \
        `agent_publishing` is `allowed`, and if anything uses it, if that is `never`.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, MEDIA_PREFIX, &[GetItem, PutItem, UpdateItem]),
        HOLD_RIGHT,
        Permission::Index(Content, "gsi1"),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
        Permission::Items(Content, keys::AUTHORS, &[Query, UpdateItem]),
        Permission::Objects(Objects::Pending, &[ObjectAction::DeleteObject]),
        Permission::Objects(Objects::Media, &[ObjectAction::DeleteObject]),
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::MediaInUse, Code::ApprovalRequired];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::MediaWrite;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let media_id = byline_shared::examples::media(true).id;
        Example { input: Input { media_id, force: false }, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<NoContent, Problem> {
        media::delete(cx, &caller, &input.media_id, input.force).await?;
        Ok(NoContent)
    }
}
