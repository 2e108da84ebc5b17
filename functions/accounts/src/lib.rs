//! Accounts: signing up, signing in, sessions, users.

pub mod auth_login;
pub mod auth_logout;
pub mod auth_refresh;
pub mod auth_register;
pub mod auth_verify_email;

mod tokens;
pub mod users_list;
pub mod users_me;
pub mod users_update;

use shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 8] = [
    auth_register::OPERATION,
    auth_verify_email::OPERATION,
    auth_login::OPERATION,
    auth_refresh::OPERATION,
    auth_logout::OPERATION,
    users_me::OPERATION,
    users_list::OPERATION,
    users_update::OPERATION,
];
