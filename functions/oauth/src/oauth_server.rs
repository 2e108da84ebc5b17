//! `GET /.well-known/oauth-authorization-server`: the metadata of the authorization server (RFC 8414).

use byline_shared::model::Scope;
use byline_shared::prelude::*;

/// Serves the metadata.
pub struct ServerMetadata;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ServerMetadata>(module_path!());

/// Metadata after RFC 8414 §2, RFC 9207 §3 and Client ID Metadata Documents §6.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuthorizationServerMetadata")]
pub struct Output {
    /// The issuer identifier, byte for byte the `iss` of tokens and responses.
    pub issuer: String,
    /// Where a client sends the user.
    pub authorization_endpoint: String,
    /// Where a client exchanges codes and refresh tokens.
    pub token_endpoint: String,
    /// Where a client revokes tokens.
    pub revocation_endpoint: String,
    /// Where a client introspects its tokens.
    pub introspection_endpoint: String,
    /// Where clients register; absent if registration is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<String>,
    /// The URL of the public keys of access tokens.
    pub jwks_uri: String,
    /// All scopes.
    pub scopes_supported: Vec<Scope>,
    /// Only `code`.
    pub response_types_supported: Vec<String>,
    /// Only `query`.
    pub response_modes_supported: Vec<String>,
    /// `authorization_code` and `refresh_token`.
    pub grant_types_supported: Vec<String>,
    /// How clients may authenticate at the token endpoint.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// How clients may authenticate at the revocation endpoint.
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    /// How clients may authenticate at the introspection endpoint: with a secret.
    pub introspection_endpoint_auth_methods_supported: Vec<String>,
    /// Only `S256`.
    pub code_challenge_methods_supported: Vec<String>,
    /// Whether authorization responses have `iss` (RFC 9207).
    pub authorization_response_iss_parameter_supported: bool,
    /// Whether a `client_id` may be the URL of a client metadata document: `true`, or absent if they are
    /// switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id_metadata_document_supported: Option<bool>,
    /// The URL of the API reference.
    pub service_documentation: String,
}

impl Representation for Output {}

impl Output {
    fn at(url: &str, registration: bool, documents: bool) -> Self {
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
            client_id_metadata_document_supported: documents.then_some(true),
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
        let output = Output::at("https://api.example.com", true, true);
        Example { input: NoInput {}, output: Json(output) }
    }

    async fn handle(cx: &Context, (): (), _: NoInput) -> Result<Json<Output>, Problem> {
        let config = &cx.config;
        Ok(Json(Output::at(&config.public_url, config.oauth_registration, config.oauth_documents)))
    }
}
