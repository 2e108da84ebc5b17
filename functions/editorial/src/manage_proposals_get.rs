//! `GET /v1/manage/proposals/{proposal_id}`: a proposal with what it changes.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{Proposal, ProposalId, ProposalStatus};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads a proposal.
pub struct GetProposal;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetProposal>(module_path!());

/// Which proposal.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The proposal's id.
    pub proposal_id: ProposalId,
}

impl Endpoint for GetProposal {
    const NAME: &'static str = "manage-proposals-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}";
    const SUMMARY: &'static str = "Get a proposal";
    const DESCRIPTION: &'static str = "Includes the difference to the revision it is based on and, if the post has changed \
        since, to the latest revision.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Proposal>;

    fn example() -> Example<Self> {
        let proposal = byline_shared::examples::proposal(ProposalStatus::Pending);
        let input = Input { proposal_id: proposal.summary.id.clone() };
        Example { input, output: Json(proposal) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Proposal>, Problem> {
        publishing::proposal(cx, &Actor::rest(caller), &input.proposal_id).await.map(Json)
    }
}
