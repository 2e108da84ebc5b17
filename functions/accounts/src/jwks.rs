//! `GET /.well-known/jwks.json`: the public keys of access tokens (RFC 7517).

use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Publishes the public keys.
pub struct Jwks;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Jwks>(module_path!());

/// A JWK Set.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JwkSet")]
pub struct Output {
    /// The current keys and the next one.
    pub keys: Vec<Jwk>,
}

/// A P-256 public key (RFC 7518 §6.2).
#[derive(Serialize, JsonSchema)]
pub struct Jwk {
    /// Always `EC`.
    pub kty: String,
    /// Always `P-256`.
    pub crv: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Always `ES256`.
    pub alg: String,
    /// The key's id, as in the `kid` header of a token.
    pub kid: String,
    /// The x coordinate, in base64url.
    pub x: String,
    /// The y coordinate, in base64url.
    pub y: String,
}

impl Representation for Output {}

impl Jwk {
    fn new(kid: String, x: String, y: String) -> Self {
        let [kty, crv, usage, alg] = ["EC", "P-256", "sig", "ES256"].map(str::to_owned);
        Self { kty, crv, usage, alg, kid, x, y }
    }
}

impl Endpoint for Jwks {
    const NAME: &'static str = "jwks";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/.well-known/jwks.json";
    const SUMMARY: &'static str = "Get the public keys of access tokens";
    const DESCRIPTION: &'static str = "A JWK Set (RFC 7517) for verifying access tokens. It holds the current keys and the next \
        one. Cache it for 5 minutes at most.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Identity, keys::SIGNING_KEYS, &[Query])];
    const CACHE: Cache = Cache::Keys;

    type Auth = Public;
    type Input = NoInput;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        // RFC 7515, appendix A.3.
        let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned();
        let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned();
        let key = Jwk::new("kid_01JD9ZQ9V8Q2M4T6W8X0Y2Z4J2".to_owned(), x, y);
        Example { input: NoInput {}, output: Json(Output { keys: vec![key] }) }
    }

    async fn handle(cx: &Context, (): (), _: NoInput) -> Result<Json<Output>, Problem> {
        let keys = cx.store.signing_keys().list(cx.clock.now()).await?;
        let keys = keys.into_iter().map(|key| Jwk::new(key.id.to_string(), key.x, key.y));
        Ok(Json(Output { keys: keys.collect() }))
    }
}
