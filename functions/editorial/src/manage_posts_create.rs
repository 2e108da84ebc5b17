//! `POST /v1/manage/posts`: makes a draft.

use byline_shared::auth::actor::Actor;
use byline_shared::auth::limits;
use byline_shared::model::Post;
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};

/// Makes a draft.
pub struct CreatePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreatePost>(module_path!());

impl Endpoint for CreatePost {
    const NAME: &'static str = "manage-posts-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts";
    const SUMMARY: &'static str = "Create a draft";
    const DESCRIPTION: &'static str = "The draft is not visible to readers until it is published. Tags are given by name; \
        missing ones are created. Names that differ only in case or spaces are the same tag, and \
        its first name stays; `C` and `C++` are two.";
    const PERMISSIONS: &'static [Permission] = &[publishing::SAVE, HOLD_RIGHT];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::SlugTaken, Code::EditConflict];
    const BODY_LIMIT: usize = 1024 * 1024;
    const IDEMPOTENT: bool = true;
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = NewPost;
    type Output = Created<Post>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::post(false);
        let fields = post.summary.fields.clone();
        let input = NewPost {
            excerpt: Some(fields.excerpt),
            tags: fields.tags.into_iter().map(|tag| tag.name).collect(),
            language: fields.language,
            ..NewPost::new(fields.title, post.body.clone())
        };
        Example { input, output: Created(post) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: NewPost,
    ) -> Result<Created<Post>, Problem> {
        publishing::create(cx, &Actor::rest(caller), input).await.map(Created)
    }
}
