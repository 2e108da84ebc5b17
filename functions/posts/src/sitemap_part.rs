//! `GET /sitemaps/{file}`: a sitemap, of the site itself with its pages or of a year of posts.

use std::fmt;

use byline_shared::http::{Request, Response, document, path};
use byline_shared::model::{PostType, Site, Time};
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::keys;
use byline_shared::store::live_lists::Address;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use schemars::json_schema;

/// Serves a sitemap.
pub struct SitemapPart;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<SitemapPart>(module_path!());

/// The sitemap of what is no post.
pub(crate) const SITE: &str = "site";

impl RawEndpoint for SitemapPart {
    const NAME: &'static str = "sitemap-part";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/sitemaps/{file}";
    const SUMMARY: &'static str = "Get a sitemap";
    const DESCRIPTION: &'static str = "A sitemap of the site's start page and all its pages, or of the posts that were first published in a year.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::LIVE, &[Query]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "application/xml";
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[("file", "2026.xml")];

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        RawContract {
            parameters: Some(json_schema!({
                "type": "object",
                "properties": { "file": {
                    "type": "string",
                    "description": "`site.xml` for the start page and the pages of the site, or `<year>.xml` for the posts that were first published in that year (UTC).",
                } },
            })),
            ..RawContract::default()
        }
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let none = || Problem::not_found("sitemap");
        let file = path::first_value(Self::PATH, request.uri().path());
        let name = file.strip_suffix(".xml").ok_or_else(none)?;
        let site = settings::current(cx).await?.site();
        let entries = if name == SITE {
            let pages = cx.store.live_posts().sitemap_pages().await?;
            let home = (site.url.as_str().to_owned(), None);
            std::iter::once(home).chain(located(&site, PostType::Page, pages)).collect()
        } else {
            let year = Year::parse(name).ok_or_else(none)?;
            let posts = cx.store.live_posts().sitemap_entries(year.start(), year.end()).await?;
            located(&site, PostType::Post, posts).collect::<Vec<_>>()
        };
        if entries.is_empty() {
            return Err(none());
        }
        Ok(document("application/xml; charset=utf-8", xml("urlset", "url", entries)?))
    }
}

/// Where readers find these, each with the time of its last change.
fn located(
    site: &Site,
    post_type: PostType,
    found: Vec<Address>,
) -> impl Iterator<Item = (String, Option<Time>)> {
    found.into_iter().map(move |it| (site.address_of(post_type, &it.slug), Some(it.updated_at)))
}

/// A year of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Year(u16);

impl Year {
    /// The year of a time.
    pub(crate) fn of(time: Time) -> Self {
        Self(time.to_string()[..4].parse().unwrap_or(1970))
    }

    fn parse(text: &str) -> Option<Self> {
        let all_digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|year| all_digits && (1..=9999).contains(year)).map(Self)
    }

    fn start(self) -> Time {
        // There is no year 10000; times end before it.
        format!("{self}-01-01T00:00:00Z").parse().unwrap_or(Time::from_millis(i64::MAX))
    }

    /// The first moment of the next year.
    pub(crate) fn end(self) -> Time {
        Self(self.0 + 1).start()
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// A document of the sitemap protocol: addresses, each with the time of its last change.
///
/// # Errors
/// None but those of memory: a writer to memory does not fail.
pub(crate) fn xml(
    root: &str,
    element: &str,
    entries: impl IntoIterator<Item = (String, Option<Time>)>,
) -> Result<Vec<u8>, Problem> {
    let mut writer = Writer::new(Vec::new());
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    writer.write_event(declaration).map_err(Problem::internal)?;
    let root = writer
        .create_element(root)
        .with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
    root.write_inner_content(|writer| {
        for (address, changed) in entries {
            writer.create_element(element).write_inner_content(|writer| {
                writer.create_element("loc").write_text_content(BytesText::new(&address))?;
                if let Some(changed) = changed {
                    let changed = changed.to_string();
                    writer
                        .create_element("lastmod")
                        .write_text_content(BytesText::new(&changed))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })
    .map_err(Problem::internal)?;
    Ok(writer.into_inner())
}
