//! `GET /v1/manage/posts/{post_id}/revisions/{revision_id}`: one revision with its text.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{DraftFormat, PostId, Revision, RevisionId, WithHtml};
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads a revision.
pub struct GetRevision;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetRevision>(module_path!());

/// Which revision.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post's id.
    pub post_id: PostId,
    /// The revision's id.
    pub revision_id: RevisionId,
    /// `html` adds `body_html` and `warnings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DraftFormat>,
}

impl Endpoint for GetRevision {
    const NAME: &'static str = "manage-revisions-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts/{post_id}/revisions/{revision_id}";
    const SUMMARY: &'static str = "Get a revision with its text";
    const DESCRIPTION: &'static str = "A revision never changes.\n\
        \n\
        With `format=html` the answer also has the text as sanitised HTML, as readers would get it, and \
        in `warnings` what the sanitiser removes from it.";
    const PERMISSIONS: &'static [Permission] = &[publishing::REVIEW];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::TooManyRequests];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<WithHtml<Revision>>;

    fn example() -> Example<Self> {
        let revision = byline_shared::examples::revision();
        let (post_id, id) = (revision.summary.post_id.clone(), revision.summary.id.clone());
        let input = Input { post_id, revision_id: id, format: None };
        Example { input, output: Json(WithHtml::plain(revision)) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<WithHtml<Revision>>, Problem> {
        let Input { post_id, revision_id, format } = input;
        let actor = Actor::rest(caller);
        let revision = publishing::revision(cx, &actor, &post_id, &revision_id).await?;
        let rendered = publishing::with_html(cx, &actor, format, revision, |old| {
            (&old.summary.post_id, &old.body)
        });
        rendered.await.map(Json)
    }
}
