//! `POST /v1/manage/proposals/{proposal_id}/approve`: makes a proposal a revision, and live if asked.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Post, ProposalId, ProposalStatus};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Approves a proposal.
pub struct ApproveProposal;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ApproveProposal>(module_path!());

/// Which proposal.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// Whether it goes live at once.
    #[serde(default)]
    pub publish: bool,
}

impl Endpoint for ApproveProposal {
    const NAME: &'static str = "manage-proposals-approve";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}/approve";
    const SUMMARY: &'static str = "Approve a proposal, and publish it if asked";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, publishing::NAME_TAGS, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::ProposalConflict,
        Code::ProposalDecided,
        Code::EditConflict,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = byline_shared::examples::post(false);
        let proposal = byline_shared::examples::proposal(ProposalStatus::Approved);
        post.summary.fields = proposal.fields;
        post.summary.revision_id = proposal.summary.revision_id;
        post.summary.version += 1;
        let input = Input { proposal_id: proposal.summary.id, publish: false };
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let (actor, id) = (Actor::rest(caller), &input.proposal_id);
        publishing::approve(cx, &actor, id, input.publish).await.map(Json)
    }
}
