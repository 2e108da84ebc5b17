//! `POST /v1/auth/totp`: returns a secret for the caller's authenticator app. One-time codes are
//! on only after `POST /v1/auth/totp/confirm`.

use byline_shared::auth::two_factor::{self, Enrolment};
use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::prelude::*;

/// Starts to turn one-time codes on.
pub struct EnrolTotp;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<EnrolTotp>(module_path!());

/// The secret in three forms. It is not shown again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TotpEnrolment")]
pub struct Output {
    /// The secret in base32, for typing.
    pub secret: String,
    /// The secret as an `otpauth:` URI, which opens an authenticator app.
    pub otpauth_uri: String,
    /// The URI as a QR code, in SVG.
    pub qr_svg: String,
}

impl Representation for Output {}

impl Endpoint for EnrolTotp {
    const NAME: &'static str = "auth-totp-enrol";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/totp";
    const SUMMARY: &'static str = "Create a secret for an authenticator app";
    const DESCRIPTION: &'static str = "One-time codes stay off until `POST /v1/auth/totp/confirm` receives a code made with \
        this secret. A new secret replaces an unconfirmed one. Needs a sign-in of the last 15 \
        minutes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, UpdateItem]),
        Permission::AccountSecret,
        SETTINGS_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EditConflict];

    type Auth = JustSignedIn;
    type Input = NoInput;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        let output = Output {
            secret: secret.to_owned(),
            otpauth_uri: format!("otpauth://totp/Byline:ada%40example.com?secret={secret}"),
            qr_svg: "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".to_owned(),
        };
        Example { input: NoInput {}, output: Json(output) }
    }

    async fn handle(cx: &Context, caller: Person, _: NoInput) -> Result<Json<Output>, Problem> {
        let Enrolment { secret, otpauth_uri, qr_svg } =
            two_factor::enrol(cx, &caller.user.id, None).await?;
        Ok(Json(Output { secret, otpauth_uri, qr_svg }))
    }
}
