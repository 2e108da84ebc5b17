//! Who is calling, and what they may do.

mod access;
pub mod actor;
pub mod address_change;
mod again;
pub mod api_key;
pub mod audit;
mod authorize;
pub mod browser;
pub mod browser_sign_in;
mod caller;
pub mod challenge;
pub mod deletion;
pub mod device;
pub mod first_admin;
pub mod form_key;
pub mod form_seed;
pub mod invitations;
mod limit_subjects;
pub mod limits;
pub mod mailed_token;
pub mod new_account;
pub mod new_password;
pub mod own_api_keys;
pub mod own_sessions;
pub mod passkeys;
pub mod password;
pub mod people;
pub mod profile;
pub mod requirement;
pub mod sessions;
pub mod sign_in;
pub mod sign_in_fault;
pub mod sign_in_mail;
pub mod sign_up;
pub(crate) mod token;
pub mod totp;
pub mod two_factor;

pub use access::{
    AtMcp, Auth, ByPerson, JustSignedIn, MayPublish, OnDesk, Public, ScopeType, SignedIn, scope,
};
pub use actor::Actor;
pub use again::again;
pub use authorize::{ACCESS_PERMISSIONS, DESK_PERMISSIONS, authorize, require_recent};
pub use caller::{Caller, Credential, HOLD_RIGHT, Person};
pub use requirement::{Access, Audience};
pub use token::{AccessToken, issue};
