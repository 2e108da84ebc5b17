//! `GET /.well-known/oauth-protected-resource`: the metadata of the MCP endpoint, at the root. Clients
//! that cannot read `WWW-Authenticate` look here. No other resource of this host has metadata.

use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::prelude::*;

use crate::resource::ProtectedResource;

/// Serves the metadata of the MCP endpoint.
pub struct ResourceAtRoot;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ResourceAtRoot>(module_path!());

impl Endpoint for ResourceAtRoot {
    const NAME: &'static str = "oauth-resource";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/.well-known/oauth-protected-resource";
    const SUMMARY: &'static str = "Get the metadata of the MCP endpoint, at the root";
    const DESCRIPTION: &'static str = "The same document as `/.well-known/oauth-protected-resource/mcp`, for clients that look \
        here.";
    const PERMISSIONS: &'static [Permission] = &[SETTINGS_PERMISSION];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = NoInput;
    type Output = Json<ProtectedResource>;

    fn example() -> Example<Self> {
        let output = ProtectedResource::mcp("https://api.example.com", "Byline");
        Example { input: NoInput {}, output: Json(output) }
    }

    async fn handle(cx: &Context, (): (), _: NoInput) -> Result<Json<ProtectedResource>, Problem> {
        let settings = cx.settings.read().await?;
        Ok(Json(ProtectedResource::mcp(&cx.config.public_url, settings.title.as_str())))
    }
}
