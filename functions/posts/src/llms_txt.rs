//! `GET /llms.txt`: what the publication is and where its newest posts are as Markdown, for readers
//! that are models (<https://llmstxt.org>).

use byline_shared::http::page::PageParams;
use byline_shared::http::{Request, Response, document};
use byline_shared::model::{PublicPostSummary, Site};
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::keys;
use byline_shared::store::live_lists::LiveFilter;

use crate::markdown::literal;
use futures_util::future::try_join;

/// How many pages it names.
const PAGES: PageParams = PageParams { limit: 100, cursor: None };

/// How many posts it names.
const POSTS: PageParams = PageParams { limit: 100, cursor: None };

/// Serves `llms.txt`.
pub struct LlmsTxt;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<LlmsTxt>(module_path!());

impl RawEndpoint for LlmsTxt {
    const NAME: &'static str = "llms-txt";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/llms.txt";
    const SUMMARY: &'static str = "Get llms.txt";
    const DESCRIPTION: &'static str = "The publication, its pages and its 100 newest posts, with links to their Markdown, for language \
        models (llmstxt.org).";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::LIVE, &[Query]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "text/markdown";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let site = settings::current(cx).await?.site();
        let (pages, posts) = (LiveFilter::pages(), LiveFilter::default());
        let live = cx.store.live_posts();
        let (pages, posts) = try_join(live.list(&pages, &PAGES), live.list(&posts, &POSTS)).await?;
        let text = text(&site, (&pages.items, &posts.items), &cx.config.public_url);
        Ok(document("text/markdown; charset=utf-8", text))
    }
}

fn text(
    site: &Site,
    (pages, posts): (&[PublicPostSummary], &[PublicPostSummary]),
    public_url: &str,
) -> String {
    let mut text = format!("# {}\n", literal(site.title.as_str()));
    if !site.description.as_str().is_empty() {
        text += &format!("\n> {}\n", literal(site.description.as_str()));
    }
    // What a publication is stands on its pages.
    if !pages.is_empty() {
        text += &section("Pages", pages, public_url);
    }
    text += &section("Posts", posts, public_url);
    text + &format!("\n## Optional\n\n- [API reference]({public_url}/docs)\n")
}

fn section(name: &str, posts: &[PublicPostSummary], public_url: &str) -> String {
    let mut text = format!("\n## {name}\n\n");
    for post in posts {
        let title = literal(post.title.as_str());
        text += &format!("- [{title}]({public_url}/posts/{}.md)", post.slug);
        if !post.excerpt.as_str().is_empty() {
            text += &format!(": {}", literal(post.excerpt.as_str()));
        }
        text.push('\n');
    }
    text
}
