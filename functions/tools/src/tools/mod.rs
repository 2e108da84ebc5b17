//! The tools, one file each: name, description, arguments and implementation. The business rules are
//! those of the REST API.

mod drafts_status;
mod fetch;
mod inputs;
mod media_list;
mod media_request_upload;
mod outputs;
mod post_create_draft;
mod post_diff;
mod post_edit;
mod post_get;
mod post_propose;
mod post_publish;
mod post_schedule;
mod posts_list;
mod proposal_get;
mod proposals_list;
mod published_schema;
mod revisions_list;
mod search;
mod site_get;
mod tags_list;
mod tool;
mod whoami;

use byline_shared::auth::Caller;

pub use site_get::NO_GUIDE;
pub use tool::{Hints, ToolEntry};

/// Every tool, ordered by name.
pub static ALL: [ToolEntry; 19] = [
    ToolEntry::new::<drafts_status::DraftsStatus>(),
    ToolEntry::new::<fetch::Fetch>(),
    ToolEntry::new::<media_list::MediaList>(),
    ToolEntry::new::<media_request_upload::MediaRequestUpload>(),
    ToolEntry::new::<post_create_draft::PostCreateDraft>(),
    ToolEntry::new::<post_diff::PostDiff>(),
    ToolEntry::new::<post_edit::PostEdit>(),
    ToolEntry::new::<post_get::PostGet>(),
    ToolEntry::new::<post_propose::PostPropose>(),
    ToolEntry::with_confirmation::<post_publish::PostPublish>(),
    ToolEntry::with_confirmation::<post_schedule::PostSchedule>(),
    ToolEntry::new::<posts_list::PostsList>(),
    ToolEntry::new::<proposal_get::ProposalGet>(),
    ToolEntry::new::<proposals_list::ProposalsList>(),
    ToolEntry::new::<revisions_list::RevisionsList>(),
    ToolEntry::new::<search::Search>(),
    ToolEntry::new::<site_get::SiteGet>(),
    ToolEntry::new::<tags_list::TagsList>(),
    ToolEntry::new::<whoami::Whoami>(),
];

/// The tool with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static ToolEntry> {
    ALL.iter().find(|tool| tool.name == name)
}

/// The tools whose scope a caller has by their role and credential, ordered by name. A caller who may do
/// less here, as in a conversation that only reads, is one with fewer scopes: then errors and results
/// do not suggest the other tools either.
pub fn for_caller(caller: &Caller) -> impl Iterator<Item = &'static ToolEntry> {
    ALL.iter().filter(|tool| caller.may(tool.scope))
}

#[cfg(test)]
mod tests {
    use byline_shared::model::Scope;

    use super::*;

    #[test]
    fn the_scopes_of_tools_are_complete() {
        let required = |scope: &Scope| ALL.iter().any(|tool| tool.scope == *scope);
        let required: Vec<Scope> = Scope::ALL.into_iter().filter(required).collect();
        assert_eq!(required, whoami::SCOPES_OF_TOOLS);
    }
}
