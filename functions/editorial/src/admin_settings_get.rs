//! `GET /v1/admin/settings`: the publication's settings.

use byline_shared::model::Settings;
use byline_shared::prelude::*;
use byline_shared::settings;
use byline_shared::store::keys;

/// Reads the settings.
pub struct GetSettings;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetSettings>(module_path!());

impl Endpoint for GetSettings {
    const NAME: &'static str = "admin-settings-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/admin/settings";
    const SUMMARY: &'static str = "Get the publication's settings";
    const DESCRIPTION: &'static str =
        "For admins. Readers get the public part from `GET /v1/site`.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::SETTINGS, &[GetItem])];

    type Auth = scope::Admin;
    type Input = NoInput;
    type Output = Json<Settings>;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: Json(byline_shared::examples::settings()) }
    }

    async fn handle(cx: &Context, _: Caller, _: NoInput) -> Result<Json<Settings>, Problem> {
        settings::current(cx).await.map(Json)
    }
}
