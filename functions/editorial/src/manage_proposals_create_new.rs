//! `POST /v1/manage/proposals`: proposes a new post for a person to approve.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::{Note, Proposal, ProposalStatus};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};

/// Proposes a new post.
pub struct ProposePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ProposePost>(module_path!());

/// The post.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Why you propose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// What it says.
    #[serde(flatten)]
    pub post: NewPost,
}

impl Endpoint for ProposePost {
    const NAME: &'static str = "manage-proposals-create-new";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/proposals";
    const SUMMARY: &'static str = "Propose a new post";
    const DESCRIPTION: &'static str = "The post exists once a person approves it. `post_id` and `revision_id` in the answer are \
        the ids that it will have.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, PutItem]), HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const BODY_LIMIT: usize = 1024 * 1024;
    const IDEMPOTENT: bool = true;
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsPropose;
    type Input = Input;
    type Output = Created<Proposal>;

    fn example() -> Example<Self> {
        let mut proposal = byline_shared::examples::proposal(ProposalStatus::Pending);
        proposal.summary.base_revision_id = None;
        proposal.diff.from = None;
        proposal.diff.fields.clear();
        let fields = proposal.fields.clone();
        let post = NewPost {
            tags: fields.tags.into_iter().map(|tag| tag.name).collect(),
            ..NewPost::new(fields.title, proposal.body.clone())
        };
        let input = Input { note: proposal.summary.note.clone(), post };
        Example { input, output: Created(proposal) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Created<Proposal>, Problem> {
        let actor = Actor::rest(caller);
        publishing::propose_new(cx, &actor, input.post, input.note).await.map(Created)
    }
}
