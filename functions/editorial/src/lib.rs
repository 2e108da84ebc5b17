//! Editing: drafts, revisions, proposals, publishing, tags and settings.
//!
//! Each module is one endpoint; [`OPERATIONS`] lists them. Begin with [`manage_posts_update`], a
//! typical one. The rules are in `byline_shared::publishing`, which MCP and workers use too.

pub mod admin_settings_get;
pub mod admin_settings_update;
pub mod manage_posts_create;
pub mod manage_posts_date_author;
pub mod manage_posts_delete;
pub mod manage_posts_duplicate;
pub mod manage_posts_get;
pub mod manage_posts_list;
pub mod manage_posts_provenance;
pub mod manage_posts_publish;
pub mod manage_posts_restore;
pub mod manage_posts_review;
pub mod manage_posts_schedule;
pub mod manage_posts_unpublish;
pub mod manage_posts_unschedule;
pub mod manage_posts_update;
pub mod manage_previews_create;
pub mod manage_previews_delete;
pub mod manage_previews_list;
pub mod manage_proposals_approve;
pub mod manage_proposals_create;
pub mod manage_proposals_create_new;
pub mod manage_proposals_get;
pub mod manage_proposals_list;
pub mod manage_proposals_reject;
pub mod manage_proposals_withdraw;
pub mod manage_revisions_diff;
pub mod manage_revisions_get;
pub mod manage_revisions_list;
pub mod manage_revisions_restore;
pub mod manage_tags_create;
pub mod manage_tags_delete;
pub mod manage_tags_list;
pub mod manage_tags_merge;
pub mod manage_tags_update;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 35] = [
    manage_posts_create::OPERATION,
    manage_posts_list::OPERATION,
    manage_posts_get::OPERATION,
    manage_posts_update::OPERATION,
    manage_posts_delete::OPERATION,
    manage_posts_restore::OPERATION,
    manage_posts_review::OPERATION,
    manage_posts_publish::OPERATION,
    manage_posts_unpublish::OPERATION,
    manage_posts_schedule::OPERATION,
    manage_posts_unschedule::OPERATION,
    manage_posts_date_author::OPERATION,
    manage_posts_duplicate::OPERATION,
    manage_posts_provenance::OPERATION,
    manage_revisions_list::OPERATION,
    manage_revisions_get::OPERATION,
    manage_revisions_diff::OPERATION,
    manage_revisions_restore::OPERATION,
    manage_previews_create::OPERATION,
    manage_previews_list::OPERATION,
    manage_previews_delete::OPERATION,
    manage_proposals_create::OPERATION,
    manage_proposals_create_new::OPERATION,
    manage_proposals_list::OPERATION,
    manage_proposals_get::OPERATION,
    manage_proposals_approve::OPERATION,
    manage_proposals_reject::OPERATION,
    manage_proposals_withdraw::OPERATION,
    manage_tags_list::OPERATION,
    manage_tags_create::OPERATION,
    manage_tags_update::OPERATION,
    manage_tags_merge::OPERATION,
    manage_tags_delete::OPERATION,
    admin_settings_get::OPERATION,
    admin_settings_update::OPERATION,
];
