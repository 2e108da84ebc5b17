//! `DELETE /v1/manage/tags/{tag_slug}`: removes a tag from everything.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::Slug;
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Removes a tag.
pub struct DeleteTag;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteTag>(module_path!());

/// Which tag.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The tag's slug.
    pub tag_slug: Slug,
}

impl Endpoint for DeleteTag {
    const NAME: &'static str = "manage-tags-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/manage/tags/{tag_slug}";
    const SUMMARY: &'static str = "Delete a tag";
    const DESCRIPTION: &'static str = "Removes the tag from every draft and published post within moments. For agents: 403 \
        `approval_required` unless `agent_publishing` is `allowed`.";
    const PERMISSIONS: &'static [Permission] = &[publishing::PUBLISH, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::ApprovalRequired, Code::NotFound];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPublish;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let input = Input { tag_slug: byline_shared::examples::tag().slug };
        Example { input, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<NoContent, Problem> {
        let actor = Actor::rest(caller);
        publishing::delete_tag(cx, &actor, &input.tag_slug).await.map(|()| NoContent)
    }
}
