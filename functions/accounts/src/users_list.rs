//! `GET /v1/users`: all accounts, newest first.

use shared::model::User;
use shared::prelude::*;

/// Lists accounts.
pub struct ListUsers;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListUsers>(module_path!());

impl Endpoint for ListUsers {
    const NAME: &'static str = "users-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/users";
    const SUMMARY: &'static str = "All accounts, newest first";
    const GRANTS: &'static [Grant] = &[Grant::Index(Identity, "gsi1")];

    type Auth = scope::Admin;
    type Input = PageParams;
    type Output = Json<Page<User>>;

    fn example() -> Example<Self> {
        let items = vec![shared::examples::user()];
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        _: Caller,
        page: PageParams,
    ) -> Result<Json<Page<User>>, Problem> {
        Ok(Json(cx.store.users(&page).await?))
    }
}
