//! `POST /v1/auth/login`: signs in with address and password.
//!
//! An unknown address costs what a wrong password does: the same reads and one hash.

use shared::auth::{password, refresh};
use shared::model::{Email, Secret, User, UserId};
use shared::prelude::*;

use crate::tokens::Tokens;

/// Signs in.
pub struct Login;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Login>(module_path!());

/// The credentials.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account's address.
    pub email: Email,
    /// Its password.
    pub password: Secret,
}

/// Tokens, and whose they are.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignedIn")]
pub struct Output {
    /// The tokens.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// Who signed in.
    pub user: User,
}

impl Representation for Output {}

impl Endpoint for Login {
    const NAME: &'static str = "auth-login";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/login";
    const SUMMARY: &'static str = "Sign in with address and password";
    const GRANTS: &'static [Grant] =
        &[Grant::Table(Identity, &[GetItem, PutItem]), Grant::TokenSecret];
    const ERRORS: &'static [Code] = &[Code::InvalidCredentials];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let user = shared::examples::user();
        let password = Secret::new(shared::examples::PASSWORD);
        Example {
            input: Input { email: user.email.clone(), password },
            output: Json(Output { tokens: Tokens::example(), user }),
        }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let id = cx.store.account_id(&input.email).await?;
        let id = id.unwrap_or_else(|| UserId::new(cx.clock.now()));
        let account = cx.store.user(&id).await?;
        let stored = account.as_ref().map(|account| account.password_hash.clone());
        let matches = password::verify(cx, input.password.expose().to_owned(), stored).await?;
        let account = account.filter(|_| matches).ok_or_else(|| {
            let detail = "The address or the password is wrong, or the address is not confirmed \
                          yet: look for our mail.";
            Problem::new(Code::InvalidCredentials, detail)
        })?;
        let session = refresh::begin(cx, &account).await?;
        let tokens = Tokens::of(cx, &session).await?;
        Ok(Json(Output { tokens, user: account.user }))
    }
}
