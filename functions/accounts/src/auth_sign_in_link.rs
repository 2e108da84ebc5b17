//! `POST /v1/auth/sign-in-link`: sends a link to sign in with. [`byline_shared::auth::sign_in_mail`] has the rules.

use byline_shared::auth::{audit, limits, sign_in_mail};
use byline_shared::model::Email;
use byline_shared::prelude::*;
use byline_shared::store::keys::MAIL_PREFIX;

use crate::mails::MailSent;

/// Sends the link.
pub struct SignInLink;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<SignInLink>(module_path!());

/// Where to.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The e-mail address of the account.
    pub email: Email,
}

impl Endpoint for SignInLink {
    const NAME: &'static str = "auth-sign-in-link";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/sign-in-link";
    const SUMMARY: &'static str = "Request a link to sign in with";
    const DESCRIPTION: &'static str = "For users who have no password at hand, or whose password sign-in answers 429 because \
        strangers guess it. The link leads to a page of Byline or, if the deployment says so, of \
        your frontend (`/sign-in?token=…`), which sends the token to \
        `POST /v1/auth/sign-in-link/confirm`. It works once, within 15 minutes.\n\
        \n\
        Mails are limited for the caller's network (20 an hour), for the address from one network (5 \
        an hour), and for the address (5 in 10 minutes).\n\
        \n\
        Always answers 202 with the same body, whether or not the address has an account.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Identity, MAIL_PREFIX, &[PutItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
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
        sign_in_mail::request_link(cx, input.email).await?;
        Ok(MailSent::new())
    }
}
