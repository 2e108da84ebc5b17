//! An entry of the list: a proposal, a post with something that is not live, or a decision.

use byline_shared::model::{PostSummary, ProposalStatus, ProposalSummary, Time};
use byline_shared::publishing::{Queue, Waits};
use maud::{Markup, html};

use crate::parts::{self, Tone};
use crate::review::text::visible;

/// What of the list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Everything that waits.
    All,
    Proposals,
    Scheduled,
    /// Drafts, and texts that are newer than what is live.
    NotLive,
    /// Schedules that could not be carried out.
    Failed,
    /// The visitor's own proposals that were decided.
    Decided,
}

impl Filter {
    pub(crate) const ALL: [Self; 6] =
        [Self::All, Self::Proposals, Self::Scheduled, Self::NotLive, Self::Failed, Self::Decided];

    /// The filter with this name in the query; everything for any other.
    pub(crate) fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.name() == name).unwrap_or(Self::All)
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Proposals => "proposals",
            Self::Scheduled => "scheduled",
            Self::NotLive => "not-live",
            Self::Failed => "failed",
            Self::Decided => "decided",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::All => "Everything",
            Self::Proposals => "Proposals",
            Self::Scheduled => "Scheduled",
            Self::NotLive => "Not live",
            Self::Failed => "Failed",
            Self::Decided => "Decided",
        }
    }

    pub(crate) fn path(self) -> String {
        match self.name() {
            "" => "/desk".to_owned(),
            name => format!("/desk?show={name}"),
        }
    }

    fn has(self, entry: &Entry<'_>) -> bool {
        match self {
            Self::All => !matches!(entry, Entry::Decided(_)),
            Self::Proposals => matches!(entry, Entry::Proposal(_)),
            Self::Scheduled => matches!(entry, Entry::Post(_, Waits::Scheduled(_))),
            Self::NotLive => matches!(entry, Entry::Post(_, Waits::Draft | Waits::Newer)),
            Self::Failed => matches!(entry, Entry::Post(_, Waits::Failed(_))),
            Self::Decided => matches!(entry, Entry::Decided(_)),
        }
    }
}

/// An entry of the list.
pub(crate) enum Entry<'q> {
    Proposal(&'q ProposalSummary),
    Post(&'q PostSummary, &'q Waits),
    Decided(&'q ProposalSummary),
}

impl Entry<'_> {
    /// When it came up.
    fn at(&self) -> Time {
        match self {
            Self::Proposal(proposal) => proposal.created_at,
            Self::Post(post, _) => post.updated_at,
            Self::Decided(proposal) => {
                proposal.decision.as_ref().map_or(proposal.created_at, |decision| decision.at)
            }
        }
    }
}

/// The entries that a filter shows, the newest first.
pub(crate) fn entries(queue: &Queue, filter: Filter) -> Vec<Entry<'_>> {
    let proposals = queue.proposals.iter().map(Entry::Proposal);
    let posts = queue.posts.iter().map(|(post, waits)| Entry::Post(post, waits));
    let decided = queue.decided.iter().map(Entry::Decided);
    let mut entries: Vec<Entry<'_>> =
        proposals.chain(posts).chain(decided).filter(|entry| filter.has(entry)).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at()));
    entries
}

/// The entry as a row that leads to its page.
pub(crate) fn row(now: Time, entry: &Entry<'_>) -> Markup {
    let (href, title) = match entry {
        Entry::Proposal(proposal) => (proposal_path(proposal), &proposal.title),
        Entry::Post(post, _) => (format!("/desk/posts/{}", post.id), &post.fields.title),
        Entry::Decided(proposal) => match proposal.status {
            ProposalStatus::Approved => {
                (format!("/desk/posts/{}", proposal.post_id), &proposal.title)
            }
            _ => (proposal_path(proposal), &proposal.title),
        },
    };
    html! {
        li data-queue-item {
            div.main { a.main-link.name href=(href) { (title) } }
            div.side { (parts::time(now, entry.at())) }
            @match entry {
                Entry::Proposal(proposal) => (waiting(proposal)),
                Entry::Post(post, waits) => (not_live(now, post, waits)),
                Entry::Decided(proposal) => (decided(proposal)),
            }
        }
    }
}

fn proposal_path(proposal: &ProposalSummary) -> String {
    format!("/desk/proposals/{}", proposal.id)
}

fn waiting(proposal: &ProposalSummary) -> Markup {
    html! {
        @if let Some(note) = &proposal.note { p.keep { "\u{201c}" (visible(note.as_str())) "\u{201d}" } }
        div.meta {
            (parts::badge(Tone::Waiting, "waits for a decision"))
            @if !proposal.created_by.kind.is_person() { (parts::badge(Tone::Agent, "by an agent")) }
            @if proposal.base_revision_id.is_none() { span { "New post" } } @else { span { "Change of a post" } }
            (parts::by(&proposal.created_by))
        }
    }
}

fn not_live(now: Time, post: &PostSummary, waits: &Waits) -> Markup {
    html! {
        @if let Waits::Failed(failure) = waits { p { (failure.reason) } }
        div.meta {
            @match waits {
                Waits::Failed(failure) => {
                    (parts::badge(Tone::Failed, "did not go live"))
                    span { "It was due " (parts::time(now, failure.publish_at)) }
                }
                Waits::Scheduled(at) => {
                    (parts::badge(Tone::Scheduled, "scheduled"))
                    span { "Goes live " (parts::time(now, *at)) }
                }
                Waits::Newer => {
                    (parts::badge(Tone::Draft, "saved, not live"))
                    span { "Readers see an older text" }
                }
                Waits::Draft => (parts::badge(Tone::Draft, "draft")),
            }
            span { (post.author.name) }
        }
    }
}

fn decided(proposal: &ProposalSummary) -> Markup {
    let decision = proposal.decision.as_ref();
    let who = decision.and_then(|decision| decision.by_name.as_ref());
    html! {
        @if let Some(reason) = decision.and_then(|decision| decision.reason.as_ref()) {
            p.keep { "\u{201c}" (reason) "\u{201d}" }
        }
        div.meta {
            @match proposal.status {
                ProposalStatus::Approved => (parts::badge(Tone::Live, "approved")),
                ProposalStatus::Rejected => (parts::badge(Tone::Failed, "sent back")),
                ProposalStatus::Withdrawn => (parts::badge(Tone::Plain, "withdrawn")),
                ProposalStatus::Pending => (parts::badge(Tone::Waiting, "waits for a decision")),
            }
            @if let Some(who) = who { span { "by " (who) } }
            (parts::by(&proposal.created_by))
        }
    }
}
