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

use std::sync::LazyLock;

pub use site_get::NO_GUIDE;
pub use tool::{Hints, ToolEntry};

/// Those that the built-in agent may have: a person need not confirm them, and some mode of a conversation
/// allows their scope.
pub(crate) static OF_AGENT: [ToolEntry; 16] = [
    ToolEntry::new::<drafts_status::DraftsStatus>(),
    ToolEntry::new::<fetch::Fetch>(),
    ToolEntry::new::<media_list::MediaList>(),
    ToolEntry::new::<post_create_draft::PostCreateDraft>(),
    ToolEntry::new::<post_diff::PostDiff>(),
    ToolEntry::new::<post_edit::PostEdit>(),
    ToolEntry::new::<post_get::PostGet>(),
    ToolEntry::new::<post_propose::PostPropose>(),
    ToolEntry::new::<posts_list::PostsList>(),
    ToolEntry::new::<proposal_get::ProposalGet>(),
    ToolEntry::new::<proposals_list::ProposalsList>(),
    ToolEntry::new::<revisions_list::RevisionsList>(),
    ToolEntry::new::<search::Search>(),
    ToolEntry::new::<site_get::SiteGet>(),
    ToolEntry::new::<tags_list::TagsList>(),
    ToolEntry::new::<whoami::Whoami>(),
];

/// The others. They need the SDKs of S3 and of the scheduler: a function that has the agent's tools alone links
/// neither.
static OTHERS: [ToolEntry; 3] = [
    ToolEntry::new::<media_request_upload::MediaRequestUpload>(),
    ToolEntry::with_confirmation::<post_publish::PostPublish>(),
    ToolEntry::with_confirmation::<post_schedule::PostSchedule>(),
];

/// Every tool, ordered by name.
pub static ALL: LazyLock<Vec<&'static ToolEntry>> = LazyLock::new(|| {
    let mut all: Vec<_> = OF_AGENT.iter().chain(&OTHERS).collect();
    all.sort_by_key(|tool| tool.name);
    all
});

/// The tool with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static ToolEntry> {
    ALL.iter().copied().find(|tool| tool.name == name)
}

#[cfg(test)]
mod tests {
    use byline_shared::model::{AgentMode, Scope};

    use super::*;

    #[test]
    fn the_agent_has_what_a_mode_allows_and_nobody_confirms() {
        let allowed = |scope| AgentMode::ALL.iter().any(|mode| mode.allows(scope));
        let tools = ALL.iter().filter(|tool| allowed(tool.scope) && !tool.requires_confirmation());
        assert!(OF_AGENT.iter().map(|tool| tool.name).eq(tools.map(|tool| tool.name)));
    }

    #[test]
    fn the_scopes_of_tools_are_complete() {
        let required = |scope: &Scope| ALL.iter().any(|tool| tool.scope == *scope);
        let required: Vec<Scope> = Scope::ALL.into_iter().filter(required).collect();
        assert_eq!(required, whoami::SCOPES_OF_TOOLS);
    }
}
