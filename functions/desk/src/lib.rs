//! The Desk: pages where people write, review and decide. Each module `desk_…` is one page;
//! [`OPERATIONS`] lists them. The rules are in `byline_shared`, the same that the API calls.

mod account;
mod activity;
mod agent;
mod answers;
mod assets;
pub mod desk_accept_invitation;
pub mod desk_account;
pub mod desk_account_apps;
pub mod desk_account_delete;
pub mod desk_account_keys;
pub mod desk_account_passkeys;
pub mod desk_account_password;
pub mod desk_account_profile;
pub mod desk_account_sessions;
pub mod desk_account_totp;
pub mod desk_activity;
pub mod desk_agent;
pub mod desk_agent_conversation;
pub mod desk_agent_latest;
pub mod desk_assets;
pub mod desk_change_address;
pub mod desk_confirm;
pub mod desk_forgot_password;
pub mod desk_media;
pub mod desk_media_item;
pub mod desk_people;
pub mod desk_person;
pub mod desk_post;
pub mod desk_post_date_author;
pub mod desk_post_go_live;
pub mod desk_post_history;
pub mod desk_post_share;
pub mod desk_posts;
pub mod desk_preview;
pub mod desk_proposal;
pub mod desk_queue;
pub mod desk_reset_password;
pub mod desk_settings;
pub mod desk_shared_preview;
pub mod desk_sign_in;
pub mod desk_sign_out;
pub mod desk_sign_up;
pub mod desk_tag;
pub mod desk_tags;
mod fields;
mod invitations;
mod layout;
mod mailed;
mod navigation;
mod next;
mod notice;
mod once;
mod open;
mod page;
mod parts;
mod pictures;
mod post;
mod proposal;
mod queue;
mod refusals;
mod review;
mod roles;
mod settings;
mod sign_in;
mod sign_up;
mod signed_out;
mod typed;
mod uploads;
mod visit;
mod welcome;
mod when;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 39] = [
    desk_queue::OPERATION,
    desk_proposal::OPERATION,
    desk_posts::OPERATION,
    desk_post::OPERATION,
    desk_post_history::OPERATION,
    desk_post_go_live::OPERATION,
    desk_post_date_author::OPERATION,
    desk_post_share::OPERATION,
    desk_preview::OPERATION,
    desk_shared_preview::OPERATION,
    desk_media::OPERATION,
    desk_media_item::OPERATION,
    desk_agent::OPERATION,
    desk_agent_conversation::OPERATION,
    desk_agent_latest::OPERATION,
    desk_tags::OPERATION,
    desk_tag::OPERATION,
    desk_people::OPERATION,
    desk_person::OPERATION,
    desk_settings::OPERATION,
    desk_activity::OPERATION,
    desk_sign_in::OPERATION,
    desk_sign_out::OPERATION,
    desk_sign_up::OPERATION,
    desk_confirm::OPERATION,
    desk_accept_invitation::OPERATION,
    desk_reset_password::OPERATION,
    desk_forgot_password::OPERATION,
    desk_change_address::OPERATION,
    desk_account::OPERATION,
    desk_account_profile::OPERATION,
    desk_account_password::OPERATION,
    desk_account_totp::OPERATION,
    desk_account_passkeys::OPERATION,
    desk_account_sessions::OPERATION,
    desk_account_keys::OPERATION,
    desk_account_apps::OPERATION,
    desk_account_delete::OPERATION,
    desk_assets::OPERATION,
];
