//! `POST /v1/auth/password/forgot`: sends a link to choose a new password. [`byline_shared::auth::new_password`]
//! has the rules.

use byline_shared::auth::{audit, limits, new_password};
use byline_shared::model::Email;
use byline_shared::prelude::*;
use byline_shared::store::keys::MAIL_PREFIX;

use crate::mails::MailSent;

/// Sends the link.
pub struct Forgot;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Forgot>(module_path!());

/// Where to.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The e-mail address of the account.
    pub email: Email,
}

impl Endpoint for Forgot {
    const NAME: &'static str = "auth-password-forgot";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/password/forgot";
    const SUMMARY: &'static str = "Request a link to reset a password";
    const DESCRIPTION: &'static str =
        "Always answers 202 with the same body, whether or not the address has an account.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Identity, MAIL_PREFIX, &[PutItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const LIMIT: Option<RateLimit> = Some(limits::MAIL_NETWORK);

    type Auth = Public;
    type Input = Input;
    type Output = Accepted<MailSent>;

    fn example() -> Example<Self> {
        Example {
            input: Input { email: byline_shared::examples::user().email },
            output: MailSent::new(),
        }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Accepted<MailSent>, Problem> {
        new_password::request(cx, input.email).await?;
        Ok(MailSent::new())
    }
}
