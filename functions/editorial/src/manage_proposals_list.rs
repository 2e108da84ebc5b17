//! `GET /v1/manage/proposals`: what waits for a word, and what had one.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostId, ProposalStatus, ProposalSummary};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Lists proposals.
pub struct ListProposals;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListProposals>(module_path!());

/// Which proposals.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// Only proposals with this status.
    #[serde(default = "pending")]
    pub status: ProposalStatus,
    /// Only proposals for this post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
}

const fn pending() -> ProposalStatus {
    ProposalStatus::Pending
}

impl Endpoint for ListProposals {
    const NAME: &'static str = "manage-proposals-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/proposals";
    const SUMMARY: &'static str = "List proposals, newest first";
    const DESCRIPTION: &'static str = "Authors see proposals for their own posts, editors all.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Index(Content, "gsi1"), Permission::Index(Content, "gsi2")];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Page<ProposalSummary>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::proposal(ProposalStatus::Pending).summary];
        let page = PageParams { limit: 20, cursor: None };
        let input = Input { page, status: ProposalStatus::Pending, post: None };
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Page<ProposalSummary>>, Problem> {
        let (actor, status) = (Actor::rest(caller), input.status);
        publishing::proposals(cx, &actor, input.post, status, &input.page).await.map(Json)
    }
}
