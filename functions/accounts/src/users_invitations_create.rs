//! `POST /v1/users/invitations`: invites somebody by mail. For admins. [`byline_shared::auth::invitations`]
//! has the rules.

use byline_shared::auth::invitations::{self, NewInvitation};
use byline_shared::auth::{audit, limits};
use byline_shared::model::{Email, Invitation, Name, Role};
use byline_shared::prelude::*;

use crate::users_invitations_list::example;

/// Invites somebody.
pub struct CreateInvitation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreateInvitation>(module_path!());

/// Whom, and as what.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The address to invite. The account will have this address.
    pub email: Email,
    /// The role of the future account.
    pub role: Role,
    /// The name of the future account. The invited person can choose another, and must choose one if it
    /// is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

impl Endpoint for CreateInvitation {
    const NAME: &'static str = "users-invitations-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/users/invitations";
    const SUMMARY: &'static str = "Invite somebody by mail";
    const DESCRIPTION: &'static str = "For admins. Sends a mail with a link that works once, within 7 days, while the account of the \
        admin who sent it is an enabled admin's. The link leads to a page of Byline or, if the \
        deployment says so, of your frontend (`/accept-invitation?token=…`). The page asks for a \
        password and sends both to `POST /v1/auth/accept-invitation`.\n\
        \n\
        Inviting an address again sends a new invitation, in place of the one before. Not available \
        to API keys.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem, DeleteItem, GetItem, PutItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EmailTaken, Code::EditConflict];
    const IDEMPOTENT: bool = true;
    const LIMIT: Option<RateLimit> = Some(limits::INVITE_ACCOUNT);

    // A stolen key, or an app, must not let anybody in.
    type Auth = ByPerson<scope::Admin>;
    type Input = Input;
    type Output = Created<Invitation>;

    fn example() -> Example<Self> {
        let Invitation { email, role, name, .. } = example();
        Example { input: Input { email, role, name }, output: Created(example()) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Created<Invitation>, Problem> {
        let Input { email, role, name } = input;
        let new = NewInvitation { email, role, name, form: cx.made.map(|made| made.to_string()) };
        invitations::invite(cx, &caller, new).await.map(Created)
    }
}
