//! `POST /v1/manage/tags/{tag_slug}/merge`: makes one tag of two.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{PublicTag, Slug};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Merges two tags.
pub struct MergeTags;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<MergeTags>(module_path!());

/// Which tag.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The tag's slug.
    pub tag_slug: Slug,
    /// The slug of the tag to keep.
    pub into: Slug,
}

impl Endpoint for MergeTags {
    const NAME: &'static str = "manage-tags-merge";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/tags/{tag_slug}/merge";
    const SUMMARY: &'static str = "Merge a tag into another";
    const DESCRIPTION: &'static str = "Posts get the other tag within moments, and the old slug redirects to it for good: a \
        merge cannot be undone. For agents: 403 `approval_required` unless `agent_publishing` is \
        `allowed`.";
    const PERMISSIONS: &'static [Permission] = &[publishing::PUBLISH, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::ApprovalRequired, Code::NotFound, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPublish;
    type Input = Input;
    type Output = Json<PublicTag>;

    fn example() -> Example<Self> {
        let into = byline_shared::examples::other_tag();
        let tag_slug = byline_shared::examples::tag().slug;
        let input = Input { tag_slug, into: into.slug.clone() };
        Example { input, output: Json(into) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<PublicTag>, Problem> {
        let actor = Actor::rest(caller);
        publishing::merge_tags(cx, &actor, &input.tag_slug, &input.into).await.map(Json)
    }
}
