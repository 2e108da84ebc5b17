//! `DELETE /v1/manage/posts/{post_id}/preview-links/{link_id}`: revokes a preview link.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::{audit, limits};
use byline_shared::model::{PostId, PreviewLinkId};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

/// Revokes a preview link.
pub struct DeletePreviewLink;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeletePreviewLink>(module_path!());

/// Which link.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The link's id.
    pub link_id: PreviewLinkId,
}

impl Endpoint for DeletePreviewLink {
    const NAME: &'static str = "manage-previews-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/preview-links/{link_id}";
    const SUMMARY: &'static str = "Revoke a preview link";
    const DESCRIPTION: &'static str = "It shows nothing from then on. Everybody who may edit the post can revoke each of its links.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::POST_PREFIX, &[GetItem, UpdateItem]),
        audit::AUDIT_PERMISSION,
        HOLD_RIGHT,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let link = byline_shared::examples::preview_link();
        let input = Input { post_id: link.post_id, link_id: link.id };
        Example { input, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<NoContent, Problem> {
        let actor = Actor::rest(caller);
        publishing::revoke_preview_link(cx, &actor, &input.post_id, &input.link_id).await?;
        Ok(NoContent)
    }
}
