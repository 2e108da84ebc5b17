//! `GET /v1/users/me`: reads the caller's own account.

use byline_shared::model::User;
use byline_shared::prelude::*;

/// Reads the caller's account.
pub struct Me;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Me>(module_path!());

impl Endpoint for Me {
    const NAME: &'static str = "users-me";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Get your own account";
    const DESCRIPTION: &'static str =
        "With an API key or an app's token, this is the account of the user it acts for.";

    type Auth = scope::Profile;
    type Input = NoInput;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: Json(byline_shared::examples::user().for_owner()) }
    }

    async fn handle(_: &Context, caller: Caller, _: NoInput) -> Result<Json<User>, Problem> {
        Ok(Json(caller.user.for_owner()))
    }
}
