//! `POST /v1/manage/posts/{post_id}/preview-links`: makes a link that shows a post before it is published.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::{audit, limits};
use byline_shared::model::{PostId, PreviewLink, PreviewLinkId, RevisionId, Secret};
use byline_shared::prelude::*;
use byline_shared::publishing::{
    self, DEFAULT_PREVIEW_HOURS, MAX_PREVIEW_HOURS, NewPreviewLink, preview_page,
};
use byline_shared::store::keys;

/// Makes a preview link.
pub struct CreatePreviewLink;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreatePreviewLink>(module_path!());

/// What the link shows, and for how long.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision that the link shows. Without one it shows the latest draft at each visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision_id: Option<RevisionId>,
    /// The number of hours until the link expires: at most 30 days.
    #[schemars(range(min = 1, max = MAX_PREVIEW_HOURS))]
    #[serde(default = "default_hours")]
    pub expires_in_hours: u16,
}

fn default_hours() -> u16 {
    DEFAULT_PREVIEW_HOURS
}

/// A new preview link.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NewPreviewLink")]
pub struct Output {
    /// The page that shows the post to anyone who has this URL. It is not shown again.
    pub url: String,
    /// The secret in the URL, for `GET /v1/previews/{token}`.
    pub token: Secret,
    /// What is kept of the link.
    #[serde(flatten)]
    pub link: PreviewLink,
}

impl Representation for Output {}

impl Endpoint for CreatePreviewLink {
    const NAME: &'static str = "manage-previews-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/preview-links";
    const SUMMARY: &'static str = "Make a preview link";
    const DESCRIPTION: &'static str = "Anyone with the link sees this post, without an account, as it would be published: one \
        revision, or the latest draft at each visit. They see nothing else of the site, and nothing \
        changes for readers. The secret is in this answer only: it is not stored.\n\
        \n\
        The link ends when it expires, is revoked or its post is deleted, and shows nothing while the \
        post is in the trash.\n\
        \n\
        Not available to API keys and apps: the page has the address of your publication, so a person \
        decides who sees it.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::POST_PREFIX, &[GetItem, PutItem]),
        audit::AUDIT_PERMISSION,
        HOLD_RIGHT,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::PostTrashed, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    // An agent would put a text before strangers that no person was shown.
    type Auth = ByPerson<scope::PostsWrite>;
    type Input = Input;
    type Output = Created<Output>;

    fn example() -> Example<Self> {
        let link = byline_shared::examples::preview_link();
        let token = Secret::new(byline_shared::examples::PREVIEW_TOKEN);
        let input = Input {
            post_id: link.post_id.clone(),
            revision_id: link.revision_id.clone(),
            expires_in_hours: DEFAULT_PREVIEW_HOURS,
        };
        let url = preview_page("https://api.example.com", &token);
        Example { input, output: Created(Output { url, token, link }) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Created<Output>, Problem> {
        let Input { post_id, revision_id, expires_in_hours: hours } = input;
        let id = PreviewLinkId::new(cx.clock.now());
        let new = NewPreviewLink { id, revision_id, hours };
        let actor = Actor::rest(caller);
        let (token, link) =
            publishing::create_preview_link(cx, &actor, &post_id, None, new).await?;
        let url = preview_page(&cx.config.public_url, &token);
        Ok(Created(Output { url, token, link }))
    }
}
