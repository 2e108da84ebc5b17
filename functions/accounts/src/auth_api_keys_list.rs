//! `GET /v1/auth/api-keys`: lists the caller's API keys.

use byline_shared::auth::own_api_keys;
use byline_shared::prelude::*;

use crate::api_keys::ApiKey;

/// Lists the caller's API keys.
pub struct ListApiKeys;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListApiKeys>(module_path!());

impl Endpoint for ListApiKeys {
    const NAME: &'static str = "auth-api-keys-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/auth/api-keys";
    const SUMMARY: &'static str = "List your API keys, newest first";
    const DESCRIPTION: &'static str =
        "Expired and revoked keys are left out, so a page can be shorter than `limit`.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[BatchGetItem, Query])];

    type Auth = SignedIn;
    type Input = PageParams;
    type Output = Json<Page<ApiKey>>;

    fn example() -> Example<Self> {
        let items = vec![ApiKey::example()];
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        page: PageParams,
    ) -> Result<Json<Page<ApiKey>>, Problem> {
        let keys = own_api_keys::list(cx, &caller, &page).await?;
        Ok(Json(keys.map(|(item, last_use)| ApiKey::from_item(item, last_use))))
    }
}
