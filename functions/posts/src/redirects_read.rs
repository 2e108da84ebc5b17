//! `GET /v1/redirects`: where an address of before leads.

use byline_shared::model::{Site, old_path};
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::keys;
use byline_shared::store::live::Found;
use byline_shared::store::redirects::RedirectTarget;

/// Resolves an old address.
pub struct ReadRedirect;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadRedirect>(module_path!());

/// Which address.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The path, starting with a slash, without host. A query belongs to it only where it was the address, as in
    /// `/?p=12`.
    #[schemars(length(min = 1, max = 1024))]
    pub path: String,
}

/// Where an old path leads.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Redirect {
    /// The requested path.
    pub path: String,
    /// The URL to redirect to, with 301.
    pub location: String,
}

impl Representation for Redirect {}

impl Endpoint for ReadRedirect {
    const NAME: &'static str = "redirects-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/redirects";
    const SUMMARY: &'static str = "Resolve an old path";
    const DESCRIPTION: &'static str = "For frontends: tells where a path leads that the publication had before an import, or under which \
        a post was found before its slug or its type changed. 404 if the path is not known, or is the address of now. Escapes, their letters' case, the form of accents and a slash at the end make no difference.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::REDIRECT_PREFIX, &[GetItem]),
        Permission::Items(Content, keys::POST_PREFIX, &[GetItem]),
        Permission::Items(Content, keys::SLUG_PREFIX, &[GetItem]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Redirect>;

    fn example() -> Example<Self> {
        let path = "/2019/05/hello-world/".to_owned();
        let location = "https://example.com/posts/hello-world".to_owned();
        Example { input: Input { path: path.clone() }, output: Json(Redirect { path, location }) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Redirect>, Problem> {
        let site = settings::current(cx).await?.site();
        let target = cx.store.redirects().get(&input.path).await?.map(|redirect| redirect.to);
        let location = match target {
            Some(RedirectTarget::Url(url)) => Some(url.as_str().to_owned()),
            Some(RedirectTarget::Post(id)) => {
                let live = cx.store.posts().get(&id).await?.and_then(|post| post.live);
                live.map(|live| site.address_of(live.post_type, &live.slug))
            }
            None => own(cx, &site, &input.path).await?,
        };
        let location = location.ok_or_else(|| Problem::not_found("redirect"))?;
        // One that leads to itself would be followed for ever.
        if parts(&location) == (parts(site.url.as_str()).0, old_path::normal(&input.path)) {
            return Err(Problem::not_found("redirect"));
        }
        Ok(Json(Redirect { path: input.path, location }))
    }
}

/// Where a text is now that is, or was, at this path of the website: its type or its slug may have changed since.
async fn own(cx: &Context, site: &Site, path: &str) -> Result<Option<String>, Problem> {
    let path = old_path::normal(path);
    let (_, base) = parts(site.url.as_str());
    let base = base.trim_end_matches('/');
    let Some(slug) = path.strip_prefix(base).and_then(|path| site.slug_in(path)) else {
        return Ok(None);
    };
    let posts = cx.store.live_posts();
    let found = match posts.find(&slug).await? {
        Some(Found::MovedTo(slug)) => posts.find(&slug).await?,
        found => found,
    };
    let Some(Found::Post(post)) = found else { return Ok(None) };
    Ok(Some(site.address_of(post.summary.post_type, &post.summary.slug)))
}

/// The origin of a URL, and its path in its normal form, with its query.
fn parts(url: &str) -> (&str, String) {
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let (origin, path) = url.split_at(url[host..].find('/').map_or(url.len(), |at| host + at));
    (origin, old_path::normal(path))
}
