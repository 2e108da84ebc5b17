//! `GET /sitemap.xml`: the index of the sitemaps, one for each year of posts
//! (<https://www.sitemaps.org/protocol.html>). So each stays short, and none is read twice.

use byline_shared::http::page::PageParams;
use byline_shared::http::{Request, Response, document};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::live_lists::LiveFilter;

use crate::sitemap_part::{SITE, Year, xml};

/// Serves the index of the sitemaps.
pub struct SitemapIndex;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<SitemapIndex>(module_path!());

impl RawEndpoint for SitemapIndex {
    const NAME: &'static str = "sitemap";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/sitemap.xml";
    const SUMMARY: &'static str = "Get the sitemap index";
    const DESCRIPTION: &'static str = "One sitemap for the site's start page and its pages, and one for each year of posts. If the API has \
        another host than the site, name this URL in the site's `robots.txt`.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Items(Content, keys::LIVE, &[Query])];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "application/xml";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let mut addresses = vec![format!("{}/sitemaps/{SITE}.xml", cx.config.public_url)];
        for year in years(cx).await? {
            addresses.push(format!("{}/sitemaps/{year}.xml", cx.config.public_url));
        }
        let entries = addresses.into_iter().map(|address| (address, None));
        let body = xml("sitemapindex", "sitemap", entries)?;
        Ok(document("application/xml; charset=utf-8", body))
    }
}

/// The years in which posts went live, the first one first.
async fn years(cx: &Context) -> Result<Vec<Year>, Problem> {
    let one = PageParams { limit: 1, cursor: None };
    let mut years = Vec::new();
    let mut filter = LiveFilter { oldest_first: true, ..LiveFilter::default() };
    loop {
        let next = cx.store.live_posts().list(&filter, &one).await?.items;
        let Some(post) = next.first() else { return Ok(years) };
        let year = Year::of(post.published_at);
        if years.last() == Some(&year) {
            return Ok(years);
        }
        filter.from = Some(year.end());
        years.push(year);
    }
}
