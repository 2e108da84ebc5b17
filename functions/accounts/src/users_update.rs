//! `PATCH /v1/users/{user_id}`: gives an account another role.

use shared::model::{Role, User, UserId};
use shared::prelude::*;
use shared::store::users::RoleNotSet;

/// Changes an account.
pub struct UpdateUser;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateUser>(module_path!());

/// The account and what to change of it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account.
    pub user_id: UserId,
    /// Its new role; it counts from the next request.
    pub role: Role,
}

impl Endpoint for UpdateUser {
    const NAME: &'static str = "users-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/users/{user_id}";
    const SUMMARY: &'static str = "Give an account another role";
    const GRANTS: &'static [Grant] =
        &[Grant::Table(Identity, &[ConditionCheckItem, GetItem, UpdateItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::Admin;
    type Input = Input;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        let user_id: UserId =
            shared::examples::OTHER_USER_ID.parse().expect("the constant is an id");
        let user = User { id: user_id.clone(), role: Role::Editor, ..shared::examples::user() };
        Example { input: Input { user_id, role: Role::Editor }, output: Json(user) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<User>, Problem> {
        // So an admin remains, whatever happens.
        if input.user_id == caller.user.id {
            let detail = "You cannot change your own role; ask another admin.";
            return Err(Problem::new(Code::Forbidden, detail));
        }
        match cx.store.set_role(&input.user_id, input.role, &caller.user.id).await? {
            Ok(()) => {}
            Err(RoleNotSet::NoSuchUser) => return Err(Problem::not_found("user")),
            Err(RoleNotSet::NotByAdmin) => {
                return Err(Problem::new(Code::Forbidden, "You are no admin any more."));
            }
        }
        let account = cx.store.user(&input.user_id).await?;
        account.map(|account| Json(account.user)).ok_or_else(|| Problem::not_found("user"))
    }
}
