//! `PATCH /v1/users/{user_id}`: changes an account's role, disables or enables it, or removes its public profile.
//! For admins.

use byline_shared::auth::{audit, people};
use byline_shared::model::{Patch, Role, User, UserId};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

/// Changes an account.
pub struct UpdateUser;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateUser>(module_path!());

/// The account and what to change of it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account's id.
    pub user_id: UserId,
    /// The new role. It takes effect with the next request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether the account is disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// `null` removes the public profile.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub profile: Patch<()>,
}

impl Endpoint for UpdateUser {
    const NAME: &'static str = "users-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/users/{user_id}";
    const SUMMARY: &'static str =
        "Change an account's role, disable or enable it, or remove its profile";
    const DESCRIPTION: &'static str = "For admins. A new role takes effect with the next request. Disabling an account ends its \
        sessions and rejects its API keys; they work again when it is enabled. One admin must \
        remain (409 `last_admin`).\n\
        \n\
        An account that is disabled, or whose new role may not publish, publishes nothing more: its schedules end \
        within moments, and so do schedules of agents that rest on its approvals. The posts have the reason in \
        `schedule_failed`, and people are told by mail. The schedules do not come back with the right.\n\
        \n\
        `\"profile\": null` removes what readers learn of the person; their name stays on their posts. An author \
        can write another profile, unless you also disable the account or make it a reader's. Not available to API \
        keys.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem, GetItem, UpdateItem]),
        Permission::Items(Content, keys::AUTHORS, &[UpdateItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::LastAdmin, Code::EditConflict];

    // A stolen key, or an app, must not create admins or disable them.
    type Auth = ByPerson<scope::Admin>;
    type Input = Input;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        let user_id: UserId =
            byline_shared::examples::OTHER_USER_ID.parse().expect("the constant is an id");
        let user =
            User { id: user_id.clone(), role: Role::Editor, ..byline_shared::examples::user() };
        let input =
            Input { user_id, role: Some(Role::Editor), disabled: None, profile: Patch::Keep };
        Example { input, output: Json(user) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<User>, Problem> {
        let Input { user_id, role, disabled, profile } = input;
        // The account first: nobody can write a profile again in between, if they lose the right to.
        let user = people::change(cx, &caller, &user_id, role, disabled).await?;
        if profile == Patch::Clear {
            publishing::remove_profile(cx, &caller, &user).await?;
        }
        Ok(Json(user))
    }
}
