//! `GET /v1/users/{user_id}`: reads an account. For admins.

use byline_shared::model::{User, UserId};
use byline_shared::prelude::*;

/// Reads an account.
pub struct GetUser;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetUser>(module_path!());

/// Which account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account's id.
    pub user_id: UserId,
}

impl Endpoint for GetUser {
    const NAME: &'static str = "users-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/users/{user_id}";
    const SUMMARY: &'static str = "Get an account";
    const DESCRIPTION: &'static str = "For admins. Your own account is at `/v1/users/me`.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Identity, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::Admin;
    type Input = Input;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        let user = byline_shared::examples::user();
        Example { input: Input { user_id: user.id.clone() }, output: Json(user) }
    }

    async fn handle(cx: &Context, _: Caller, input: Input) -> Result<Json<User>, Problem> {
        let account = cx.store.users().get(&input.user_id).await?;
        account.map(|account| Json(account.user)).ok_or_else(|| Problem::not_found("user"))
    }
}
