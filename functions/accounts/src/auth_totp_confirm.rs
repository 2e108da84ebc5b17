//! `POST /v1/auth/totp/confirm`: turns one-time codes on with a code from the authenticator app.
//! Returns the recovery codes.

use byline_shared::auth::{audit, limits, two_factor};
use byline_shared::model::Secret;
use byline_shared::prelude::*;

/// Turns one-time codes on.
pub struct ConfirmTotp;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ConfirmTotp>(module_path!());

/// The proof that the app has the secret.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The current code of the authenticator app.
    pub code: Secret,
}

/// Codes for signing in without the app.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecoveryCodes")]
pub struct Output {
    /// Ten codes. Each works for one sign-in. They are not shown again.
    pub recovery_codes: Vec<String>,
}

impl Representation for Output {}

impl Endpoint for ConfirmTotp {
    const NAME: &'static str = "auth-totp-confirm";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/totp/confirm";
    const SUMMARY: &'static str = "Turn one-time codes on";
    const DESCRIPTION: &'static str = "Confirms the secret of `POST /v1/auth/totp` with a code from the app. From now on, every \
        sign-in needs a code. The recovery codes are in this answer only.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::CONFIRM_ACCOUNT);

    type Auth = JustSignedIn;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let recovery_codes = vec!["abcdefg-hjkmnpq-rsabcde-fghjkmn".to_owned()];
        let input = Input { code: Secret::new("123456") };
        Example { input, output: Json(Output { recovery_codes }) }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<Json<Output>, Problem> {
        let recovery_codes = two_factor::confirm(cx, &caller.user.id, &input.code, None).await?;
        Ok(Json(Output { recovery_codes }))
    }
}
