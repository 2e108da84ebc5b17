//! What both feeds hold: the newest posts, with their texts as far as an answer has room.

use byline_shared::Context;
use byline_shared::http::page::PageParams;
use byline_shared::http::problem::Problem;
use byline_shared::model::{PublicPostSummary, Site, Slug};
use byline_shared::settings;
use byline_shared::store::live_lists::LiveFilter;

/// How many posts a feed has.
const POSTS: u8 = 20;

/// How much HTML a feed has, in bytes once it is escaped: Lambda answers with 6 MB at most.
const MOST: usize = 5 * 1024 * 1024;

/// A feed.
pub(crate) struct Feed {
    pub(crate) site: Site,
    pub(crate) entries: Vec<FeedEntry>,
}

/// A post in a feed.
pub(crate) struct FeedEntry {
    pub(crate) post: PublicPostSummary,
    /// Where it is read.
    pub(crate) address: String,
    /// Its text; without it, a feed reader shows the summary and leads to the page.
    pub(crate) html: Option<String>,
}

/// The feed of the publication. `text` makes the text of an entry of its HTML and its address.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn load(cx: &Context, text: fn(String, &str) -> String) -> Result<Feed, Problem> {
    let site = settings::current(cx).await?.site();
    let newest = PageParams { limit: POSTS, cursor: None };
    let posts = cx.store.live_posts().list(&LiveFilter::default(), &newest).await?.items;
    let slugs: Vec<Slug> = posts.iter().map(|post| post.slug.clone()).collect();
    let mut pages = cx.store.live_posts().get_many(&slugs).await?;
    let mut room = MOST;
    let mut entries = Vec::with_capacity(posts.len());
    for post in posts {
        // A post that was taken down in between is left out.
        let Some(place) = pages.iter().position(|page| page.summary.id == post.id) else {
            continue;
        };
        let page = pages.swap_remove(place);
        let address = site.address_of(page.summary.post_type, &page.summary.slug);
        let html = text(page.body_html, &address);
        let html = Some(html).filter(|html| escaped(html) <= room);
        room -= html.as_deref().map_or(0, escaped);
        entries.push(FeedEntry { address, post: page.summary, html });
    }
    Ok(Feed { site, entries })
}

/// How many bytes HTML takes at most in a feed, in whichever: `"` is `&quot;` in XML, and `\\\"` in
/// JSON that stands in Lambda's JSON.
fn escaped(html: &str) -> usize {
    let sizes = html.bytes().map(|byte| match byte {
        b'<' | b'>' | b'&' | b'"' | b'\'' => 6,
        b'\\' | b'\n' | b'\t' => 4,
        _ => 1,
    });
    sizes.sum()
}
