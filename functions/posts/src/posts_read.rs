//! `GET /v1/posts/{slug}`: a published post or page. One `GetItem`: its HTML was rendered when it was published. What
//! `include` adds takes a call each.

use crate::include_parameter::include_parameter;
use crate::readable::{Adjacent, Beside, Format, ReadablePost};
use crate::{included, json_ld, markdown};
use byline_shared::endpoint::MARKDOWN;
use byline_shared::model::Slug;
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::live::Found;

/// Reads a published post.
pub struct ReadPost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadPost>(module_path!());

/// Which post, and how.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The slug.
    pub slug: Slug,
    /// The form of the text. Default: HTML and Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// `adjacent` adds the previous and the next post, of which a page has none; `author` the author with their
    /// profile; `json_ld` structured data for search engines. Separate several with commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<Include>,
}

include_parameter! {
    /// Further data about a post: `adjacent`, `author`, `json_ld`, or several of them.
    Include, "adjacent", "author", "json_ld"
}

impl Endpoint for ReadPost {
    const NAME: &'static str = "posts-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/posts/{slug}";
    const SUMMARY: &'static str = "Get a published post";
    const DESCRIPTION: &'static str = "The default answer has the Markdown (`body`) and the sanitised HTML (`body_html`). \
        `format` returns one form only. `type` says whether it is a post or a page.\n\
        \n\
        The HTML can be put into a page as it is: it has no scripts, styles or event handlers, \
        and links lead to `http`, `https` and `mailto` only. Relative URLs in it are relative to \
        the post's page. A post whose slug has changed answers 301.\n\
        \n\
        A client that prefers `text/markdown` in `Accept` gets the same Markdown file as at `/posts/{slug}.md`; \
        `format` and `include` do not apply to it. JSON is the default, and what clients get that accept both alike.\n\
        \n\
        `json_ld` is the text of a script of the type `application/ld+json`, which search engines read. It can be put \
        into a page as it is, with nothing escaped.\n\
        \n\
        `ai` says what part agents had in the text, as Byline recorded it when the revisions were saved. Nobody types \
        it in.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = JsonOrMarkdown<ReadablePost>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::public_post();
        let input = Input { slug: post.summary.slug.clone(), format: None, include: None };
        Example {
            input,
            output: JsonOrMarkdown::Json(ReadablePost::new(post, None, Beside::default())),
        }
    }

    async fn handle(
        cx: &Context,
        (): (),
        input: Input,
    ) -> Result<JsonOrMarkdown<ReadablePost>, Problem> {
        let post = match cx.store.live_posts().find(&input.slug).await? {
            Some(Found::Post(post)) => *post,
            Some(Found::MovedTo(slug)) => {
                return Ok(JsonOrMarkdown::MovedPermanently(format!("/v1/posts/{slug}")));
            }
            None => return Err(Problem::not_found("post")),
        };
        if cx.request.accept.prefers(MARKDOWN, "application/json") {
            return Ok(JsonOrMarkdown::Markdown(markdown::file(&post)));
        }
        let includes = |part| input.include.as_ref().is_some_and(|include| include.names(part));
        let adjacent = match includes("adjacent") {
            true => Some(Adjacent::of(cx.store.live_posts().neighbours(&post.summary).await?)),
            false => None,
        };
        let mut included = match includes("author") || includes("json_ld") {
            true => Some(included::authors(cx, std::slice::from_ref(&post.summary)).await?),
            false => None,
        };
        let json_ld = match includes("json_ld") {
            true => {
                let authors = included.as_ref().and_then(|included| included.authors.as_deref());
                let site = settings::current(cx).await?.site();
                Some(json_ld::of(&post.summary, &site, authors.unwrap_or_default()))
            }
            false => None,
        };
        included = included.filter(|_| includes("author"));
        let beside = Beside { adjacent, included, json_ld };
        Ok(JsonOrMarkdown::Json(ReadablePost::new(post, input.format, beside)))
    }
}
