//! `GET /v1/manage/proposals/{proposal_id}`: a proposal with what it changes.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{DraftFormat, Proposal, ProposalId, ProposalStatus, WithHtml};
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
    /// `html` adds `body_html` and `warnings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DraftFormat>,
}

impl Endpoint for GetProposal {
    const NAME: &'static str = "manage-proposals-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}";
    const SUMMARY: &'static str = "Get a proposal";
    const DESCRIPTION: &'static str = "Includes the difference to the revision it is based on and, if the post has changed \
        since, to the latest revision.\n\
        \n\
        While the proposal waits, `review` holds everything that approving would make visible, \
        compared with what readers see now. The proposal itself may be a small change of a draft \
        that nobody has read: `review.changes` shows that draft, too, and `review.unreviewed` says \
        whose it is. `ETag` names this review; approving needs it.\n\
        \n\
        If the post has changed the same part since, nothing can be approved: `review` is null, there \
        is no `ETag`, and `conflict` holds both sides. Propose the change again from \
        `conflict.head_revision_id`, or reject the proposal.\n\
        \n\
        While the post is in the trash, nothing can be decided: `review` is null, and `post_trashed_at` says since \
        when. Restore the post first.\n\
        \n\
        With `format=html` the answer also has the proposed text as sanitised HTML, as readers would get it, and \
        in `warnings` what the sanitiser removes from it.";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::REVIEW, publishing::HISTORY, publishing::READ_APPROVER];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::COMPARE_ACCOUNT);

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<WithHtml<Proposal>>;

    fn example() -> Example<Self> {
        let proposal = byline_shared::examples::proposal(ProposalStatus::Pending);
        let input = Input { proposal_id: proposal.summary.id.clone(), format: None };
        Example { input, output: Json(WithHtml::plain(proposal)) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<WithHtml<Proposal>>, Problem> {
        let actor = Actor::rest(caller);
        let proposal = publishing::proposal(cx, &actor, &input.proposal_id).await?;
        let rendered = publishing::with_html(cx, &actor, input.format, proposal, |proposal| {
            (&proposal.summary.post_id, &proposal.body)
        });
        rendered.await.map(Json)
    }
}
