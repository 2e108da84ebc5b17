//! `GET /.well-known/oauth-authorization-server`: what the authorization server can do (RFC 8414).

use byline_shared::model::Scope;
use byline_shared::prelude::*;

/// Serves the metadata.
pub struct ServerMetadata;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ServerMetadata>(module_path!());

/// The metadata of RFC 8414 §2, RFC 9207 §3 and of Client ID Metadata Documents.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuthorizationServerMetadata")]
pub struct Output {
    /// This server, byte for byte as in `iss` of tokens and answers.
    pub issuer: String,
    /// Where users are sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are exchanged.
    pub token_endpoint: String,
    /// Where tokens are given back.
    pub revocation_endpoint: String,
    /// Where a client asks about its tokens.
    pub introspection_endpoint: String,
    /// Where programs register, if they may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<String>,
    /// The public keys of access tokens.
    pub jwks_uri: String,
    /// Every scope.
    pub scopes_supported: Vec<Scope>,
    /// `code` alone.
    pub response_types_supported: Vec<String>,
    /// `query` alone.
    pub response_modes_supported: Vec<String>,
    /// Codes and refresh tokens.
    pub grant_types_supported: Vec<String>,
    /// How clients prove who they are.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// The same.
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    /// With a secret.
    pub introspection_endpoint_auth_methods_supported: Vec<String>,
    /// `S256` alone.
    pub code_challenge_methods_supported: Vec<String>,
    /// Answers name this server.
    pub authorization_response_iss_parameter_supported: bool,
    /// A `client_id` may be the address of a document about the client.
    pub client_id_metadata_document_supported: bool,
    /// The API's reference.
    pub service_documentation: String,
}

impl Representation for Output {}

impl Output {
    fn at(url: &str, registration: bool) -> Self {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let with_secret = ["client_secret_basic", "client_secret_post"];
        let all = ["none", with_secret[0], with_secret[1]];
        Self {
            issuer: url.to_owned(),
            authorization_endpoint: format!("{url}/oauth/authorize"),
            token_endpoint: format!("{url}/oauth/token"),
            revocation_endpoint: format!("{url}/oauth/revoke"),
            introspection_endpoint: format!("{url}/oauth/introspect"),
            registration_endpoint: registration.then(|| format!("{url}/oauth/register")),
            jwks_uri: format!("{url}/.well-known/jwks.json"),
            scopes_supported: Scope::ALL.to_vec(),
            response_types_supported: list(&["code"]),
            response_modes_supported: list(&["query"]),
            grant_types_supported: list(&["authorization_code", "refresh_token"]),
            token_endpoint_auth_methods_supported: list(&all),
            revocation_endpoint_auth_methods_supported: list(&all),
            introspection_endpoint_auth_methods_supported: list(&with_secret),
            code_challenge_methods_supported: list(&["S256"]),
            authorization_response_iss_parameter_supported: true,
            client_id_metadata_document_supported: true,
            service_documentation: format!("{url}/docs"),
        }
    }
}

impl Endpoint for ServerMetadata {
    const NAME: &'static str = "oauth-server";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/.well-known/oauth-authorization-server";
    const SUMMARY: &'static str = "Get the authorization server metadata";
    const DESCRIPTION: &'static str = "RFC 8414. The issuer is the public URL of this deployment; clients must use exactly this \
        URL.";
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = NoInput;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let output = Output::at("https://api.example.com", true);
        Example { input: NoInput {}, output: Json(output) }
    }

    async fn handle(cx: &Context, (): (), _: NoInput) -> Result<Json<Output>, Problem> {
        Ok(Json(Output::at(&cx.config.public_url, cx.config.oauth_registration)))
    }
}
