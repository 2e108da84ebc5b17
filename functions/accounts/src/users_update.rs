//! `PATCH /v1/users/{user_id}`: changes an account's role, or disables or enables it. For admins.

use byline_shared::auth::audit;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Role, User, UserId};
use byline_shared::prelude::*;
use byline_shared::store::WriteError;
use byline_shared::store::users::NotChanged;

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
}

impl Endpoint for UpdateUser {
    const NAME: &'static str = "users-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/users/{user_id}";
    const SUMMARY: &'static str = "Change an account's role, or disable or enable it";
    const DESCRIPTION: &'static str = "For admins. A new role takes effect with the next request. Disabling an account ends its \
        sessions and rejects its API keys; they work again when it is enabled. One admin must \
        remain (409 `last_admin`). Not available to API keys.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem, GetItem, UpdateItem]),
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
        let input = Input { user_id, role: Some(Role::Editor), disabled: None };
        Example { input, output: Json(user) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<User>, Problem> {
        let before = cx.store.users().get(&input.user_id).await?;
        let before = before.ok_or_else(|| Problem::not_found("user"))?.user;
        let after = User {
            role: input.role.unwrap_or(before.role),
            disabled: input.disabled.unwrap_or(before.disabled),
            ..before.clone()
        };
        let entry = |event| AuditEntry::new(cx, event).by_caller(&caller).about(&before.id);
        let mut entries = Vec::new();
        if after.role != before.role {
            let (from, to) = (before.role.as_str(), after.role.as_str());
            entries.push(entry(Event::RoleChanged).with(format!("from {from} to {to}")));
        }
        match (before.disabled, after.disabled) {
            (false, true) => entries.push(entry(Event::AccountDisabled)),
            (true, false) => entries.push(entry(Event::AccountEnabled)),
            _ => {}
        }
        if entries.is_empty() {
            return Ok(Json(before));
        }
        let problem = match cx
            .store
            .users()
            .update_by_admin(&before, &after, &caller.user.id, &entries)
            .await
        {
            Ok(()) => return Ok(Json(after)),
            Err(WriteError::Store(error)) => error.into(),
            Err(WriteError::Conflict(NotChanged::NotByAdmin)) => {
                Problem::new(Code::Forbidden, "You are no longer an admin.")
            }
            Err(WriteError::Conflict(NotChanged::LastAdmin)) => {
                let detail = "This is the last admin. Give another user the admin role first.";
                Problem::new(Code::LastAdmin, detail)
            }
            Err(WriteError::Conflict(NotChanged::Changed)) => {
                let detail =
                    "The account was changed by another request at the same time. Try again.";
                Problem::new(Code::EditConflict, detail)
            }
        };
        Err(problem)
    }
}
