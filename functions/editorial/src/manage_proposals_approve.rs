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
    /// The proposal's id.
    pub proposal_id: ProposalId,
    /// Whether to publish the revision at once.
    #[serde(default)]
    pub publish: bool,
}

impl Endpoint for ApproveProposal {
    const NAME: &'static str = "manage-proposals-approve";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}/approve";
    const SUMMARY: &'static str = "Approve a proposal";
    const DESCRIPTION: &'static str = "The proposal becomes the revision `revision_id`. With `publish`, it goes live at once. \
        Only a signed-in person can approve.\n\
        \n\
        If others changed the post since, their changes and the proposed ones are merged: field \
        by field, and the body line by line, as a new revision on top of the latest one. If both \
        changed the same, the answer is 409 `proposal_conflict`, with both sides in `conflict`. \
        The slug of a new post can differ from the proposed one if \
        that was taken meanwhile.";
    const PERMISSIONS: &'static [Permission] = &[publishing::PUBLISH, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::ProposalConflict,
        Code::ProposalDecided,
        Code::EditConflict,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = ByPerson<scope::PostsWrite>;
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
