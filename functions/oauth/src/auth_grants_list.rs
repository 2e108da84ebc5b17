//! `GET /v1/auth/grants`: the programs that the caller let in.

use byline_shared::model::{GrantId, Scope, Time};
use byline_shared::prelude::*;
use byline_shared::store::sessions::SessionItem;

/// Lists the caller's grants.
pub struct ListGrants;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListGrants>(module_path!());

/// What a program may do in the caller's name.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Grant")]
pub struct GrantOutput {
    /// Its id.
    pub id: GrantId,
    /// The program's `client_id`; an address where it has a document about itself.
    pub client_id: String,
    /// What the program calls itself.
    pub client_name: String,
    /// What it may do, as far as the caller may.
    pub scopes: Vec<Scope>,
    /// Where: the address of the MCP endpoint, or of the API.
    pub resource: String,
    /// Since when.
    pub created_at: Time,
    /// When it last got new tokens.
    pub refreshed_at: Time,
    /// When it ends in any case.
    pub expires_at: Time,
    /// The address that its first tokens were fetched from.
    pub ip: Option<String>,
}

impl GrantOutput {
    fn of(item: SessionItem) -> Option<Self> {
        let id = item.grant_id();
        let part = item.oauth?;
        Some(Self {
            id,
            client_id: part.client_id,
            client_name: part.client_name,
            scopes: part.scopes,
            resource: part.resource,
            created_at: item.created_at,
            refreshed_at: item.refreshed_at,
            expires_at: item.expires_at,
            ip: item.ip,
        })
    }
}

impl Endpoint for ListGrants {
    const NAME: &'static str = "auth-grants-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/auth/grants";
    const SUMMARY: &'static str = "The programs that you let in, newest first";
    const GRANTS: &'static [Grant] = &[Grant::Table(Identity, &[Query])];

    type Auth = SignedIn;
    type Input = PageParams;
    type Output = Json<Page<GrantOutput>>;

    fn example() -> Example<Self> {
        let items = GrantOutput::of(byline_shared::examples::grant()).into_iter().collect();
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        page: PageParams,
    ) -> Result<Json<Page<GrantOutput>>, Problem> {
        let grants = cx.store.oauth_grants().list(&caller.user.id, &page).await?;
        let now = cx.clock.now();
        let live = grants
            .items
            .into_iter()
            .filter(|item| item.is_live(now) && item.token_version == caller.token_version);
        let items = live.filter_map(GrantOutput::of).collect();
        Ok(Json(Page { items, next_cursor: grants.next_cursor }))
    }
}
