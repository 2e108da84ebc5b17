//! The rules of drafts, revisions, proposals and publishing: one implementation, which REST, MCP
//! and the workers all call.

mod ai_part;
mod ancestry;
mod approval;
mod approved_text;
mod authorization;
mod conflict;
mod content;
mod corrections;
mod covers;
mod date_and_author;
mod deadline;
mod decision;
mod diff;
mod drafts;
mod due;
mod editing;
mod edits;
mod embeds;
mod erasure;
mod escapes;
mod every_post;
pub mod findings;
mod footnotes;
mod go_live;
mod headings;
mod html_limits;
mod import;
mod judged;
mod lapsed;
mod made_excerpt;
mod markup;
mod merge;
mod new_posts;
mod page;
mod passage;
mod permissions;
mod planned;
mod players;
mod posted;
mod preview;
mod preview_links;
mod profile;
mod propagate;
mod proposal_reading;
mod proposals;
mod provenance;
mod publish;
mod publishers;
mod queue;
mod reading;
mod references;
mod reimport;
mod rejection;
mod render;
mod rendered_diff;
mod retitle;
mod review;
mod revisions;
mod sanitiser;
mod schedule;
mod schedule_end;
mod search;
mod sections;
mod shown;
mod signature;
mod slugs;
mod tag_merge;
mod tag_names;
mod tags;
mod trash;

pub use approval::{Approve, approve};
pub use content::{Changes, NewPost};
pub use date_and_author::{DateAndAuthor, possible_authors, set_date_and_author};
pub use drafts::{create, create_once, duplicate, edit};
pub use due::run_scheduled;
pub use editing::{Editing, editing};
pub use edits::{Edit, SectionEdit, edited};
pub use embeds::player_of;
pub use erasure::erase_names;
pub use headings::toc;
pub use html_limits::check_html;
pub use import::{Import, ImportedPost, ImportedState, import};
pub use judged::Judged;
pub use lapsed::without_lapsed;
pub use merge::merged_bodies;
pub use permissions::{
    CHANGE_PROFILE, HISTORY, HOLD_RIGHTS, PUBLISH, READ_APPROVER, READ_PROFILE, REVIEW, SAVE,
};
pub use preview::{Preview, preview, warnings, with_html};
pub use preview_links::{
    DEFAULT_PREVIEW_HOURS, MAX_PREVIEW_HOURS, NewPreviewLink, SharedPreview, create_preview_link,
    preview_links, preview_links_of_post, preview_page, revoke_preview_link, shared_preview,
};
pub use profile::{CheckedProfile, check_profile, profile, remove_profile, save_profile};
pub use propagate::{erase_author, propagate, refresh};
pub use proposal_reading::Reviewed;
pub use proposals::{
    hand_in, proposal, proposals, proposals_named, propose_change, propose_new, reviewed,
};
pub use provenance::provenance;
pub use publish::{may_publish, publish, unpublish};
pub use publishers::require_publisher;
pub use queue::{POSTS, PROPOSALS, Queue, Waits, in_trash, queue};
pub use reading::{get, list, posts_named};
pub use reimport::{Reimport, update_imported};
pub use rejection::{reject, withdraw};
pub use render::{markdown_options, parse_markdown, to_html};
pub use rendered_diff::{
    RenderedChange, RenderedDiff, prepare_review, rendered_answers, rendered_difference,
    rendered_result,
};
pub use retitle::{approve_with_slug, edit_with_slug};
pub use review::{review, review_of_post};
pub use revisions::{History, difference, history, restore_revision, revision, revisions};
pub use schedule::{schedule, unschedule};
pub use search::{Hit, Hits, get_by_slug, search};
pub use sections::{NoSection, Section, Sections};
pub use tag_merge::{delete_tag, merge_tags};
pub use tags::{
    TagChanges, change_tag, create_tag, get_tag, import_tag, list_tags, resolve as resolve_tags,
};
pub use trash::{KEPT_IN_TRASH, empty_trash, restore, trash};
