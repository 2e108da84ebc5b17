//! `POST /v1/auth/register`: asks for an account.
//!
//! The answer is the same whether or not the address has an account, and so is the work: one hash
//! and one write. What is the case, the mail says, which a worker writes.

use shared::auth::password;
use shared::model::{Email, Name, Password, RegistrationId};
use shared::prelude::*;
use shared::store::registrations::RegistrationItem;

/// How long the mailed link works, in seconds: 24 hours.
const LIFETIME: i64 = 24 * 3600;

/// Asks for an account.
pub struct Register;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Register>(module_path!());

/// Who wants an account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The address to sign in with; a mail goes there.
    pub email: Email,
    /// 12 to 256 characters, any of them.
    pub password: Password,
    /// The name shown to readers.
    pub name: Name,
}

/// What happens next.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Registration")]
pub struct Output {
    /// In words.
    pub message: String,
}

impl Representation for Output {}

impl Endpoint for Register {
    const NAME: &'static str = "auth-register";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/register";
    const SUMMARY: &'static str = "Ask for an account; a mail with a link confirms the address";
    const GRANTS: &'static [Grant] = &[Grant::Table(Identity, &[PutItem])];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Accepted<Output>;

    fn example() -> Example<Self> {
        let user = shared::examples::user();
        Example {
            input: Input {
                email: user.email,
                password: Password::new(shared::examples::PASSWORD),
                name: user.name,
            },
            output: accepted(),
        }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Accepted<Output>, Problem> {
        let password_hash = password::hash(cx, input.password).await?;
        let now = cx.clock.now();
        let registration = RegistrationItem {
            id: RegistrationId::new(now),
            email: input.email,
            name: input.name,
            password_hash,
            ttl: now.plus_seconds(LIFETIME).as_seconds(),
        };
        cx.store.put_registration(&registration).await?;
        Ok(accepted())
    }
}

fn accepted() -> Accepted<Output> {
    let message = "Check your mailbox: a mail with the next step is on its way.";
    Accepted(Output { message: message.to_owned() })
}
