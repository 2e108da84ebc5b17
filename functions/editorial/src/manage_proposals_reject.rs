//! `POST /v1/manage/proposals/{proposal_id}/reject`: turns a proposal down.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Note, Proposal, ProposalId, ProposalStatus};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Rejects a proposal.
pub struct RejectProposal;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<RejectProposal>(module_path!());

/// Which proposal.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The proposal's id.
    pub proposal_id: ProposalId,
    /// Why it is rejected. The author of the proposal can read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

impl Endpoint for RejectProposal {
    const NAME: &'static str = "manage-proposals-reject";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}/reject";
    const SUMMARY: &'static str = "Reject a proposal";
    const DESCRIPTION: &'static str = "Only a signed-in person can reject. While the post is in the trash, the answer is 409 \
        `post_trashed`: restore it first, or withdraw the proposal.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, PutItem]), HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::PostTrashed, Code::ProposalDecided];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = ByPerson<scope::PostsWrite>;
    type Input = Input;
    type Output = Json<Proposal>;

    fn example() -> Example<Self> {
        let proposal = byline_shared::examples::proposal(ProposalStatus::Rejected);
        let reason = Some(Note::trusted("Say it shorter."));
        let input = Input { proposal_id: proposal.summary.id.clone(), reason };
        Example { input, output: Json(proposal) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Proposal>, Problem> {
        let (actor, id) = (Actor::rest(caller), &input.proposal_id);
        publishing::reject(cx, &actor, id, input.reason, None).await.map(Json)
    }
}
