//! `PATCH /v1/manage/tags/{tag_slug}`: renames or describes a tag.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::Patch;
use byline_shared::model::{Description, PublicTag, Slug, TagName};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, TagChanges};

/// Changes a tag.
pub struct UpdateTag;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateTag>(module_path!());

/// Which tag.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The tag's slug.
    pub tag_slug: Slug,
    /// Optional: the tag's `version`, such as `"v3"`. If sent, the request fails with 412 unless the
    /// tag still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfMatch>,
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<TagName>,
    /// The new slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// What the tag is about. `null` clears it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<Description>,
}

impl Endpoint for UpdateTag {
    const NAME: &'static str = "manage-tags-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/manage/tags/{tag_slug}";
    const SUMMARY: &'static str = "Rename or describe a tag";
    const DESCRIPTION: &'static str = "A new name or slug reaches posts within moments and raises the `version` of each, so an \
        edit based on the version before is answered with 412. The old slug redirects to the new \
        one for good, and drafts that name the old name get this tag. 409 `tag_exists` if another \
        tag has the slug or the name. For agents: 403 `approval_required` unless \
        `agent_publishing` is `allowed`.";
    const PERMISSIONS: &'static [Permission] = &[publishing::PUBLISH, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[
        Code::ApprovalRequired,
        Code::NotFound,
        Code::TagExists,
        Code::EditConflict,
        Code::PreconditionFailed,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPublish;
    type Input = Input;
    type Output = Json<PublicTag>;

    fn example() -> Example<Self> {
        let tag = byline_shared::examples::tag();
        let input = Input {
            tag_slug: tag.slug.clone(),
            if_match: Some(IfMatch::version(tag.version)),
            name: None,
            slug: None,
            description: Patch::Set(Description::trusted("What was seen outside.")),
        };
        Example { input, output: Json(tag) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<PublicTag>, Problem> {
        let Input { tag_slug, if_match, name, slug, description } = input;
        let changes = TagChanges { name, slug, description };
        let (actor, seen) = (Actor::rest(caller), if_match.as_ref());
        publishing::change_tag(cx, &actor, &tag_slug, seen, changes).await.map(Json)
    }
}
