//! `POST /v1/manage/proposals/{proposal_id}/withdraw`: takes a proposal back.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Proposal, ProposalId, ProposalStatus};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Withdraws a proposal.
pub struct WithdrawProposal;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<WithdrawProposal>(module_path!());

/// Which proposal.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The proposal's id.
    pub proposal_id: ProposalId,
}

impl Endpoint for WithdrawProposal {
    const NAME: &'static str = "manage-proposals-withdraw";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}/withdraw";
    const SUMMARY: &'static str = "Withdraw a proposal";
    const DESCRIPTION: &'static str =
        "For the account that made the proposal, and for signed-in editors.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, PutItem]), HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::ProposalDecided];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPropose;
    type Input = Input;
    type Output = Json<Proposal>;

    fn example() -> Example<Self> {
        let proposal = byline_shared::examples::proposal(ProposalStatus::Withdrawn);
        let input = Input { proposal_id: proposal.summary.id.clone() };
        Example { input, output: Json(proposal) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Proposal>, Problem> {
        publishing::withdraw(cx, &Actor::rest(caller), &input.proposal_id).await.map(Json)
    }
}
