//! `GET /v1/auth/sessions`: lists the caller's sessions.

use byline_shared::auth::own_sessions;
use byline_shared::model::{SessionId, Time};
use byline_shared::prelude::*;
use byline_shared::store::sessions::SessionItem;

/// Lists the caller's sessions.
pub struct ListSessions;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListSessions>(module_path!());

/// A session: one sign-in.
#[derive(Serialize, JsonSchema)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// Whether it is the session of this request.
    pub current: bool,
    /// When you signed in.
    pub created_at: Time,
    /// When the session was last refreshed.
    pub refreshed_at: Time,
    /// When the session ends, however often it is refreshed.
    pub expires_at: Time,
    /// The IP address of the sign-in.
    pub ip: Option<String>,
    /// The `User-Agent` of the sign-in.
    pub user_agent: Option<String>,
}

impl Session {
    fn of(item: SessionItem, current: &SessionId) -> Self {
        Self {
            current: item.id == *current,
            id: item.id,
            created_at: item.created_at,
            refreshed_at: item.refreshed_at,
            expires_at: item.expires_at,
            ip: item.ip,
            user_agent: item.user_agent,
        }
    }
}

impl Endpoint for ListSessions {
    const NAME: &'static str = "auth-sessions-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/auth/sessions";
    const SUMMARY: &'static str = "List your sessions, newest first";
    const DESCRIPTION: &'static str =
        "Sessions that are over are left out, so a page can be shorter than `limit`.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Identity, &[Query])];

    type Auth = SignedIn;
    type Input = PageParams;
    type Output = Json<Page<Session>>;

    fn example() -> Example<Self> {
        let session = byline_shared::examples::session();
        let current = session.id.clone();
        let items = vec![Session::of(session, &current)];
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        page: PageParams,
    ) -> Result<Json<Page<Session>>, Problem> {
        let sessions = own_sessions::list(cx, &caller, &page).await?;
        Ok(Json(sessions.map(|session| Session::of(session, &caller.session_id))))
    }
}
