//! The rules of drafts, revisions, proposals and publishing: one implementation, which REST, MCP
//! and the workers all call.

mod actor;
mod approval;
mod bounds;
mod conflict;
mod content;
mod diff;
mod drafts;
mod edits;
mod grants;
mod import;
mod mend;
mod page;
mod propagate;
mod proposals;
mod provenance;
mod publish;
mod render;
mod revisions;
mod rights;
mod schedule;
mod search;
mod sections;
mod settings;
mod tags;
mod trash;

pub use actor::Actor;
pub use approval::approve;
pub use content::{Changes, NewPost};
pub use drafts::{create, duplicate, edit, get, list};
pub use edits::{Edit, SectionEdit, edited};
pub use grants::{NAME_TAGS, PUBLISH, SAVE};
pub use import::{Import, ImportedPost, ImportedState, import};
pub use mend::{Mended, mend};
pub use propagate::{erase_author, propagate, refresh};
pub use proposals::{proposal, proposals, propose_change, propose_new, reject, withdraw};
pub use provenance::provenance;
pub use publish::{may_publish, publish, unpublish};
pub use render::{TooComplex, to_html};
pub use revisions::{difference, restore_revision, revision, revisions};
pub(crate) use rights::may_change_live;
pub use schedule::{Appointment, keep_appointment, schedule, unschedule};
pub use search::{Hit, Hits, get_by_slug, search};
pub use sections::{NoSection, Section, Sections};
pub use settings::{SettingsChanges, change as change_settings, current as settings};
pub use tags::{
    TagChanges, change_tag, create_tag, delete_tag, list_tags, merge_tags, resolve as resolve_tags,
};
pub use trash::{empty_trash, restore, trash};
