//! `POST /v1/manage/posts/{post_id}/proposals`: proposes a change for a person to approve.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Note, PostId, Proposal, ProposalStatus, RevisionId};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Changes};

/// Proposes a change.
pub struct ProposeChange;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ProposeChange>(module_path!());

/// The post and what to change of it; what is left out stays.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision that the change is based on, usually the latest one.
    pub base_revision_id: RevisionId,
    /// Why you propose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// What changes.
    #[serde(flatten)]
    pub changes: Changes,
}

impl Endpoint for ProposeChange {
    const NAME: &'static str = "manage-proposals-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/proposals";
    const SUMMARY: &'static str = "Propose a change of a post";
    const DESCRIPTION: &'static str =
        "Nothing changes until a person approves it. Fields that you leave out stay unchanged.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Content, &[BatchGetItem, GetItem, PutItem]),
        publishing::READ_APPROVER,
        HOLD_RIGHT,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::PostTrashed];
    const BODY_LIMIT: usize = 1024 * 1024;
    const IDEMPOTENT: bool = true;
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPropose;
    type Input = Input;
    type Output = Created<Proposal>;

    fn example() -> Example<Self> {
        let proposal = byline_shared::examples::proposal(ProposalStatus::Pending);
        let summary = proposal.summary.clone();
        let changes = Changes { title: Some(summary.title), ..Changes::default() };
        let input = Input {
            post_id: summary.post_id,
            base_revision_id: summary.base_revision_id.expect("the example has a base"),
            note: summary.note,
            changes,
        };
        Example { input, output: Created(proposal) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Created<Proposal>, Problem> {
        let Input { post_id, base_revision_id, note, changes } = input;
        let actor = Actor::rest(caller);
        let made =
            publishing::propose_change(cx, &actor, &post_id, &base_revision_id, changes, note);
        made.await.map(Created)
    }
}
