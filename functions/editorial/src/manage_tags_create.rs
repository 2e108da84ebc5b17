//! `POST /v1/manage/tags`: makes a tag.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Description, PublicTag, Slug, TagId, TagName};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

/// Makes a tag.
pub struct CreateTag;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreateTag>(module_path!());

/// The tag.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The tag's name.
    pub name: TagName,
    /// The tag's slug. Default: made from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// What the tag is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
}

impl Endpoint for CreateTag {
    const NAME: &'static str = "manage-tags-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/tags";
    const SUMMARY: &'static str = "Create a tag";
    const DESCRIPTION: &'static str = "409 `tag_exists` if a tag has the name, in any case, or the slug that you send, or had it \
        before it was renamed or merged. Without a slug, the tag gets one made from its name, with \
        a number if a tag of another name has that. An agent may only use the slug that the name \
        makes, and no slug or name that another tag had, unless `agent_publishing` is `allowed`.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Content, &[BatchGetItem, UpdateItem]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const ERRORS: &'static [Code] = &[Code::TagExists, Code::ApprovalRequired, Code::EditConflict];
    const IDEMPOTENT: bool = true;
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPublish;
    type Input = Input;
    type Output = Created<PublicTag>;

    fn example() -> Example<Self> {
        let mut tag = byline_shared::examples::tag();
        tag.post_count = 0;
        let input = Input {
            name: TagName::trusted("Travel"),
            slug: None,
            description: Some(Description::trusted("From elsewhere.")),
        };
        Example { input, output: Created(tag) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Created<PublicTag>, Problem> {
        let Input { name, slug, description } = input;
        let actor = Actor::rest(caller);
        let tag = (name, slug, description);
        publishing::create_tag(cx, &actor, cx.made.map(TagId::from_ulid), tag).await.map(Created)
    }
}
