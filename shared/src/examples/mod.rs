//! The values that examples are made of: one small world, the same in every operation's example.

mod conversations;
mod publishing;

pub use conversations::*;
pub use publishing::*;

use crate::model::{Author, Email, Name, Role, Scope, Slug, Time, User, UserId};
use crate::store::invitations::InvitationItem;
use crate::store::sessions::{OAuthPart, SessionItem};

/// The example author's account.
pub const USER_ID: &str = "user_01JD9ZK3V8Q2M4T6W8X0Y2Z4A6";
/// Another account.
pub const OTHER_USER_ID: &str = "user_01JD9ZJ1V8Q2M4T6W8X0Y2Z4B8";
/// An invitation.
pub const INVITATION_ID: &str = "inv_01JD9ZKCV8Q2M4T6W8X0Y2Z4G6";
/// A sign-in of the example author.
pub const SESSION_ID: &str = "sess_01JD9ZK9V8Q2M4T6W8X0Y2Z4F6";
/// What the example author lets an agent do.
pub const GRANT_ID: &str = "grant_01JD9ZKBV8Q2M4T6W8X0Y2Z4G2";
/// That agent.
pub const OAUTH_CLIENT_ID: &str = "client_01JD9ZKAV8Q2M4T6W8X0Y2Z4G4";
/// Its secret.
pub const OAUTH_CLIENT_SECRET: &str = "CLIENT_SECRET";
/// Where it is sent back to.
pub const OAUTH_REDIRECT_URI: &str = "https://agent.example.com/callback";
/// A code for it.
pub const OAUTH_CODE: &str = "AUTHORIZATION_CODE";
/// RFC 7636, appendix B.
pub const OAUTH_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge of this verifier.
pub const OAUTH_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The example post.
pub const POST_ID: &str = "post_01JD9ZM5V8Q2M4T6W8X0Y2Z4C0";
/// Its revision.
pub const REVISION_ID: &str = "rev_01JD9ZM5V8Q2M4T6W8X0Y2Z4D2";
/// A further revision.
pub const OTHER_REVISION_ID: &str = "rev_01JD9ZN5V8Q2M4T6W8X0Y2Z4D4";
/// A proposal for it.
pub const PROPOSAL_ID: &str = "prop_01JD9ZN5V8Q2M4T6W8X0Y2Z4E0";
/// Its preview link.
pub const PREVIEW_LINK_ID: &str = "preview_01JD9ZN5V8Q2M4T6W8X0Y2Z4E4";
/// Its schedule.
pub const SCHEDULE_ID: &str = "sched_01JD9ZN5V8Q2M4T6W8X0Y2Z4E2";
/// The example picture.
pub const MEDIA_ID: &str = "media_01JD9ZP7V8Q2M4T6W8X0Y2Z4J2";
/// Its Markdown.
pub const BODY: &str = "The *first* post, in **Markdown**.\n";
/// The same as HTML. A constant, so that examples do not link a renderer into every binary.
const BODY_HTML: &str = "<p>The <em>first</em> post, in <strong>Markdown</strong>.</p>\n";
/// A password for the example account.
pub const PASSWORD: &str = "four random words here";

/// Another one.
pub const NEW_PASSWORD: &str = "other words stand here";

/// Stands for a refresh token; a real one takes its place in tests.
pub const REFRESH_TOKEN: &str = "brt_REFRESH_TOKEN";
/// Stands for a device token.
pub const DEVICE_TOKEN: &str = "bdt_DEVICE_TOKEN";
/// Stands for an access token in the sample events; a real one takes its place in tests.
pub const ACCESS_TOKEN: &str = "ACCESS_TOKEN";
/// Stands for the cookie of a browser's session in the sample events; a real one takes its place in
/// tests.
pub const SESSION_COOKIE: &str = "__Host-byline-session=SESSION_COOKIE";
/// The token of the example's preview link; a real one takes its place in tests.
pub const PREVIEW_TOKEN: &str = "PREVIEW_TOKEN";
/// The token of the example's mailed link.
pub const MAILED_TOKEN: &str = "q8Yc1n0W5m2Kd7Rf4Tz9Xb6Vh3Js0Lp8Ga1Ue5Io2Q";

fn time(minute: i64) -> Time {
    // 2026-01-05T09:00:00Z
    Time::from_millis(1_767_603_600_000 + minute * 60_000)
}

/// The example author.
#[must_use]
pub fn user() -> User {
    User {
        id: USER_ID.parse::<UserId>().expect("the constant is an id"),
        email: Email::trusted("ada@example.com"),
        name: Name::trusted("Ada Example"),
        slug: Slug::trusted("ada-example"),
        role: Role::Author,
        created_at: time(0),
        disabled: false,
        two_factor: false,
        notifications: None,
        profile: None,
    }
}

/// An invitation by the example author, then an admin.
#[must_use]
pub fn invitation() -> InvitationItem {
    InvitationItem {
        id: INVITATION_ID.parse().expect("the constant is an id"),
        email: Email::trusted("lin@example.com"),
        name: Some(Name::trusted("Lin Example")),
        role: Role::Author,
        invited_by: user().id,
        token_version: 0,
        demotions: 0,
        created_at: time(0),
        ttl: time(7 * 24 * 60).as_seconds(),
    }
}

fn author() -> Author {
    crate::model::author_of(&user())
}

/// A session of the example author.
#[must_use]
pub fn session() -> SessionItem {
    SessionItem {
        id: SESSION_ID.parse().expect("the constant is an id"),
        user_id: user().id,
        token_version: 0,
        generation: 0,
        created_at: time(0),
        refreshed_at: time(5),
        idle_at: time(14 * 24 * 60),
        expires_at: time(90 * 24 * 60),
        ttl: time(90 * 24 * 60).as_seconds(),
        ip: Some("203.0.113.7".to_owned()),
        user_agent: Some("Mozilla/5.0".to_owned()),
        browser: false,
        oauth: None,
    }
}

/// The example author's grant to an agent.
#[must_use]
pub fn grant() -> SessionItem {
    SessionItem {
        id: GRANT_ID.replace("grant_", "sess_").parse().expect("the constant is an id"),
        oauth: Some(OAuthPart {
            client_id: OAUTH_CLIENT_ID.to_owned(),
            client_name: "Example agent".to_owned(),
            scopes: vec![Scope::Profile, Scope::PostsRead, Scope::PostsPropose],
            resource: "https://api.example.com/mcp".to_owned(),
        }),
        ..session()
    }
}
