//! `POST /v1/manage/proposals/{proposal_id}/approve`: makes a proposal a revision, and live if asked.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::http::if_match::IfReviewed;
use byline_shared::model::{Post, ProposalId, ProposalStatus, Time};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Approve, Changes};

/// Approves a proposal.
pub struct ApproveProposal;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ApproveProposal>(module_path!());

/// Which proposal, and what happens with it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The proposal's id.
    pub proposal_id: ProposalId,
    /// Required: the ETag of the review that was read. Only a proposal that conflicts with its post has
    /// none: the answer is 409 with both sides, whatever is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<IfReviewed>,
    /// Whether to publish at once.
    #[serde(default)]
    pub publish: bool,
    /// When to publish, if later. Fractions of a second are ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Time>,
    /// Corrections, which become a further revision of the caller's own on top of the approved one.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[schemars(extend("additionalProperties" = false))]
    pub edits: Changes,
}

fn is_empty(edits: &Changes) -> bool {
    *edits == Changes::default()
}

impl Endpoint for ApproveProposal {
    const NAME: &'static str = "manage-proposals-approve";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/proposals/{proposal_id}/approve";
    const SUMMARY: &'static str = "Approve a proposal";
    const DESCRIPTION: &'static str = "The proposal becomes the revision `revision_id`. With `publish`, it goes live at once, \
        with `publish_at` at that time. With `edits`, a further revision of yours follows it, and \
        that one goes live; the decision names it in `edited_revision_id`. Only a signed-in person can approve; `publish` and `publish_at` also \
        need `posts:publish`.\n\
        \n\
        `If-Match` is the ETag of the review in `GET /v1/manage/proposals/{proposal_id}`. The \
        approval covers what that review shows: the text, the names of the tags, the cover with \
        its alternative text and caption, the files, and the schedule of another revision. If any \
        of it has changed, the answer is 412, which says what has changed, with the new `ETag`. \
        Without `If-Match` it is 428. A text that names a file whose upload is not complete is \
        422.\n\
        \n\
        With `publish_at`, the schedule ends if your account is disabled or deleted, or may no longer publish, \
        before it is due.\n\
        \n\
        Publishing ends a schedule of this revision. A schedule of another revision stays, and that \
        revision replaces this one when it is due: the review shows it in `schedule`. Unschedule it \
        first if it should not.\n\
        \n\
        If others changed the post since, their changes and the proposed ones are merged: field \
        by field, and the body line by line, as a new revision on top of the latest one. If both \
        changed the same part, there is no review, and the answer is 409 `proposal_conflict`, with \
        both sides in `conflict`, with and without `If-Match`. Propose the change again from the \
        latest revision, or reject the proposal. \
        The slug of a new post can differ from the proposed one if that is taken: the review \
        shows it.";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, publishing::HISTORY, publishing::HOLD_RIGHTS, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::ProposalConflict,
        Code::ProposalDecided,
        Code::EditConflict,
        Code::PreconditionFailed,
        Code::PreconditionRequired,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);
    const BODY_LIMIT: usize = 1024 * 1024;

    type Auth = ByPerson<scope::PostsWrite>;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = byline_shared::examples::post(false);
        let proposal = byline_shared::examples::proposal(ProposalStatus::Approved);
        post.summary.fields = proposal.fields;
        post.summary.revision_id = proposal.summary.revision_id;
        post.summary.version += 1;
        let input = Input {
            proposal_id: proposal.summary.id,
            if_match: Some(IfReviewed(byline_shared::examples::review().etag)),
            publish: false,
            publish_at: None,
            edits: Changes::default(),
        };
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let Input { proposal_id, if_match: reviewed, publish, publish_at, edits } = input;
        let how = Approve { reviewed, confirmed: true, publish, publish_at, edits };
        publishing::approve(cx, &Actor::rest(caller), &proposal_id, how).await.map(Json)
    }
}
