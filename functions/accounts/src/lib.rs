//! Accounts: sign-up, invitations, sign-in, sessions, API keys, users and the audit log.
//!
//! Each module is one endpoint; [`OPERATIONS`] lists them. Begin with [`auth_login`], the longest
//! path through the rules, which are in `byline_shared::auth`.

pub mod admin_audit;
mod api_keys;
pub mod auth_accept_invitation;
pub mod auth_api_keys_create;
pub mod auth_api_keys_delete;
pub mod auth_api_keys_list;
pub mod auth_email_change_confirm;
pub mod auth_login;
pub mod auth_logout;
pub mod auth_logout_all;
pub mod auth_password_change;
pub mod auth_password_forgot;
pub mod auth_password_reset;
pub mod auth_refresh;
pub mod auth_register;
pub mod auth_sessions_delete;
pub mod auth_sessions_list;
pub mod auth_sign_in_link;
pub mod auth_sign_in_link_confirm;
pub mod auth_totp_confirm;
pub mod auth_totp_delete;
pub mod auth_totp_enrol;
pub mod auth_verify_email;
pub mod auth_verify_email_resend;
pub mod jwks;
mod known_device;
mod mails;
mod tokens;
pub mod users_get;
pub mod users_invitations_create;
pub mod users_invitations_delete;
pub mod users_invitations_list;
pub mod users_list;
pub mod users_me;
pub mod users_me_delete;
pub mod users_me_update;
pub mod users_update;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 33] = [
    auth_register::OPERATION,
    auth_verify_email::OPERATION,
    auth_verify_email_resend::OPERATION,
    auth_accept_invitation::OPERATION,
    auth_login::OPERATION,
    auth_sign_in_link::OPERATION,
    auth_sign_in_link_confirm::OPERATION,
    auth_refresh::OPERATION,
    auth_logout::OPERATION,
    auth_logout_all::OPERATION,
    auth_sessions_list::OPERATION,
    auth_sessions_delete::OPERATION,
    auth_password_forgot::OPERATION,
    auth_password_reset::OPERATION,
    auth_password_change::OPERATION,
    auth_totp_enrol::OPERATION,
    auth_totp_confirm::OPERATION,
    auth_totp_delete::OPERATION,
    auth_api_keys_create::OPERATION,
    auth_api_keys_list::OPERATION,
    auth_api_keys_delete::OPERATION,
    auth_email_change_confirm::OPERATION,
    jwks::OPERATION,
    users_me::OPERATION,
    users_me_update::OPERATION,
    users_me_delete::OPERATION,
    users_list::OPERATION,
    users_get::OPERATION,
    users_update::OPERATION,
    users_invitations_create::OPERATION,
    users_invitations_list::OPERATION,
    users_invitations_delete::OPERATION,
    admin_audit::OPERATION,
];
