//! `GET /.well-known/oauth-protected-resource/mcp`: metadata of the MCP endpoint as a protected resource
//! (RFC 9728): which authorization server issues its tokens.

use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::prelude::*;

use crate::resource::ProtectedResource;

/// Serves the metadata of the MCP endpoint.
pub struct Resource;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Resource>(module_path!());

impl Endpoint for Resource {
    const NAME: &'static str = "oauth-resource-mcp";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/.well-known/oauth-protected-resource/mcp";
    const SUMMARY: &'static str = "Get the metadata of the MCP endpoint";
    const DESCRIPTION: &'static str =
        "Tells MCP clients which authorization server issues tokens for `/mcp` (RFC 9728).";
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
