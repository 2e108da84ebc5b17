//! Who is calling, and what they may do.

mod access;
pub mod actor;
pub mod api_key;
pub mod audit;
mod authorize;
mod caller;
pub mod challenge;
pub mod device;
pub mod limits;
pub mod mailed_token;
pub mod password;
pub mod requirement;
pub mod sessions;
pub mod sign_in;
pub(crate) mod token;
pub mod totp;

pub use access::{AtMcp, Auth, ByPerson, JustSignedIn, Public, SignedIn, scope};
pub use actor::Actor;
pub use authorize::{ACCESS_PERMISSIONS, authorize};
pub use caller::{Caller, Credential, Person};
pub use requirement::{Access, Audience};
pub use token::{AccessToken, issue};
