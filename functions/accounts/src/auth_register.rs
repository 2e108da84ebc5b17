//! `POST /v1/auth/register`: signs up for an account. [`byline_shared::auth::sign_up`] has the rules.

use byline_shared::auth::{audit, limits, sign_up};
use byline_shared::model::{Email, Name};
use byline_shared::prelude::*;
use byline_shared::store::keys;

use crate::mails::MailSent;

/// Signs up for an account.
pub struct Register;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Register>(module_path!());

/// Who wants an account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The e-mail address to sign in with. It gets the confirmation mail.
    pub email: Email,
    /// The name that readers see.
    pub name: Name,
}

impl Endpoint for Register {
    const NAME: &'static str = "auth-register";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/register";
    const SUMMARY: &'static str = "Sign up";
    const DESCRIPTION: &'static str = "Sends a mail with a link that confirms the address. The link leads to a page of \
        Byline or, if the deployment says so, of your frontend (`/verify-email?token=…`). The page \
        asks for a password and sends both to `POST /v1/auth/verify-email`. The account exists from then on. There is no password in this \
        request: it is chosen with the mailed link.\n\
        \n\
        By default people are invited (the setting `registration`): then the answer is 403 \
        `registration_closed`. It is the same for every address, and so is 202, whether or not the \
        address has an account.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[PutItem]),
        Permission::Items(Identity, keys::ADMINS, &[GetItem]),
        sign_up::REGISTRATION_PERMISSION,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::RegistrationClosed];
    const LIMIT: Option<RateLimit> = Some(limits::MAIL_NETWORK);

    type Auth = Public;
    type Input = Input;
    type Output = Accepted<MailSent>;

    fn example() -> Example<Self> {
        let user = byline_shared::examples::user();
        let input = Input { email: user.email, name: user.name };
        Example { input, output: MailSent::new() }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Accepted<MailSent>, Problem> {
        sign_up::register(cx, input.email, input.name).await?;
        Ok(MailSent::new())
    }
}
