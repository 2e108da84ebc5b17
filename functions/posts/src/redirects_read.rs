//! `GET /v1/redirects`: where an address of before leads.

use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::keys;
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
    const DESCRIPTION: &'static str = "For frontends: tells where a path leads that the publication had before an import. 404 \
        if the path is not known. Escapes, their letters' case, the form of accents and a slash at the end make no difference.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::REDIRECT_PREFIX, &[GetItem]),
        Permission::Items(Content, keys::POST_PREFIX, &[GetItem]),
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
        let none = || Problem::not_found("redirect");
        let redirect = cx.store.redirects().get(&input.path).await?.ok_or_else(none)?;
        let location = match redirect.to {
            RedirectTarget::Url(url) => url.as_str().to_owned(),
            RedirectTarget::Post(id) => {
                let post =
                    cx.store.posts().get(&id).await?.and_then(|post| post.live).ok_or_else(none)?;
                settings::current(cx).await?.site().address_of(post.post_type, &post.slug)
            }
        };
        Ok(Json(Redirect { path: input.path, location }))
    }
}
