//! `GET /v1/site`: what the publication is.

use byline_shared::model::Site;
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::keys;

/// Reads the publication.
pub struct ReadSite;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadSite>(module_path!());

impl Endpoint for ReadSite {
    const NAME: &'static str = "site-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/site";
    const SUMMARY: &'static str = "Get the publication's name, URL and language";
    const DESCRIPTION: &'static str = "Admins change these in `/v1/admin/settings`.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::SETTINGS, &[GetItem])];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = NoInput;
    type Output = Json<Site>;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: Json(byline_shared::examples::settings().site()) }
    }

    async fn handle(cx: &Context, (): (), _: NoInput) -> Result<Json<Site>, Problem> {
        Ok(Json(settings::current(cx).await?.site()))
    }
}
