//! `POST /v1/auth/email-change/confirm`: confirms a change of e-mail address with the token of a mail.
//! [`byline_shared::auth::address_change`] has the rules.

use byline_shared::auth::address_change::{self, State};
use byline_shared::auth::audit;
use byline_shared::model::Secret;
use byline_shared::prelude::*;

/// Confirms a change of e-mail address.
pub struct ConfirmEmailChange;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ConfirmEmailChange>(module_path!());

/// The proof that the mail arrived.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// The password of the account. Required with the link that was sent to the new address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// The state of the change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EmailChangeState")]
pub struct Output {
    /// Whether both addresses have confirmed, so that the address has changed.
    pub changed: bool,
    /// If the address has changed, this device for later sign-ins: all sessions and earlier device
    /// tokens have ended. It grants nothing by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

impl Representation for Output {}

impl Endpoint for ConfirmEmailChange {
    const NAME: &'static str = "auth-email-change-confirm";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/email-change/confirm";
    const SUMMARY: &'static str = "Confirm a change of e-mail address";
    const DESCRIPTION: &'static str = "Both the old and the new address get a mail with a link. The address changes when both \
        links were confirmed; the first confirmation answers with `changed: false`. The link to \
        the new address also needs the password of the account: without it the answer is 422 with \
        `/password` `required`, and the link stays valid. If the new \
        address belongs to another account, nothing changes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let output = Output { changed: false, device_token: None };
        Example { input: Input { token, password: None }, output: Json(output) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let state = address_change::confirm(cx, &input.token, input.password).await?;
        Ok(Json(match state {
            State::Pending => Output { changed: false, device_token: None },
            State::Changed(device) => Output { changed: true, device_token: Some(device) },
        }))
    }
}
