//! An entry of the list: a proposal, a post with something that is not live, or a decision.

use std::borrow::Cow;

use byline_shared::model::{Decision, PostSummary, ProposalStatus, ProposalSummary, Time, UserId};
use byline_shared::publishing::{Queue, Waits};
use maud::{Markup, html};

use crate::parts::{self, Tone};
use crate::post;
use crate::review::text::visible;

/// What of the list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Everything that waits.
    All,
    Proposals,
    /// Texts that somebody approved, and that wait to be published.
    Approved,
    Scheduled,
    /// Drafts, and texts that are newer than what is live.
    NotLive,
    /// Schedules that could not be carried out.
    Failed,
    /// The decisions on proposals.
    Decided,
    /// Those on the visitor's own, and those that they took.
    Mine,
}

impl Filter {
    /// Those that the page offers. [`Self::Mine`] is offered among the decisions.
    pub(crate) const ALL: [Self; 7] = [
        Self::All,
        Self::Proposals,
        Self::Approved,
        Self::Scheduled,
        Self::NotLive,
        Self::Failed,
        Self::Decided,
    ];

    /// The filter with this name in the query; everything for any other.
    pub(crate) fn of(name: &str) -> Self {
        let named = Self::ALL.into_iter().chain([Self::Mine]).find(|filter| filter.name() == name);
        named.unwrap_or(Self::All)
    }

    /// Whether it is about decisions.
    pub(crate) fn is_decided(self) -> bool {
        matches!(self, Self::Decided | Self::Mine)
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Proposals => "proposals",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::NotLive => "not-live",
            Self::Failed => "failed",
            Self::Decided => "decided",
            Self::Mine => "mine",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::All => "Everything",
            Self::Proposals => "Proposals",
            Self::Approved => "Approved, not live",
            Self::Scheduled => "Scheduled",
            Self::NotLive => "Not live",
            Self::Failed => "Failed",
            Self::Decided => "Decided",
            Self::Mine => "Mine",
        }
    }

    pub(crate) fn path(self) -> String {
        match self.name() {
            "" => "/desk".to_owned(),
            name => format!("/desk?show={name}"),
        }
    }

    fn has(self, queue: &Queue, entry: &Entry<'_>, me: &UserId) -> bool {
        match (self, entry) {
            (Self::All, Entry::Decided(_)) => false,
            // Its proposal is in the list.
            (Self::All, Entry::Post(post, waits)) if queue.is_handed_in(post, waits) => false,
            (Self::All, _) | (Self::Decided, Entry::Decided(_)) => true,
            (Self::Mine, Entry::Decided(proposal)) => {
                let decision = proposal.decision.as_ref();
                proposal.created_by.user_id == *me
                    || decision.is_some_and(|decision| decision.by == *me)
            }
            (Self::Proposals, Entry::Proposal(_)) => true,
            (_, Entry::Post(post, waits)) => match self {
                Self::Approved => post.waiting_approval().is_some(),
                Self::Scheduled => matches!(waits, Waits::Scheduled(_)),
                Self::NotLive => {
                    matches!(waits, Waits::Approved(_) | Waits::Draft | Waits::Newer)
                }
                Self::Failed => matches!(waits, Waits::Failed(_)),
                _ => false,
            },
            _ => false,
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
            Self::Post(_, Waits::Approved(approval)) => approval.at,
            Self::Post(post, _) => post.updated_at,
            Self::Decided(proposal) => {
                proposal.decision.as_ref().map_or(proposal.created_at, |decision| decision.at)
            }
        }
    }

    fn title(&self) -> Cow<'_, str> {
        match self {
            Self::Proposal(proposal) | Self::Decided(proposal) => proposal.name(),
            Self::Post(post, _) => Cow::Borrowed(post.fields.title.as_str()),
        }
    }

    /// Where it leads: what is approved, and could be published, to that.
    fn path(&self, queue: &Queue) -> String {
        let post = match self {
            Self::Post(post, Waits::Approved(_)) => Some(*post),
            Self::Decided(proposal) => not_live_yet(queue, proposal),
            _ => None,
        };
        if let Some(approval) = post.and_then(|post| post.waiting_approval())
            && queue.may_publish
            && let Some(post) = post
        {
            return format!("{}/go-live?revision={}", post::path(&post.id), approval.revision_id);
        }
        match self {
            Self::Post(post, _) => post::path(&post.id),
            Self::Decided(proposal) if proposal.status == ProposalStatus::Approved => {
                post::path(&proposal.post_id)
            }
            Self::Proposal(proposal) | Self::Decided(proposal) => {
                format!("/desk/proposals/{}", proposal.id)
            }
        }
    }
}

/// The post that waits to be published by this approval, if it is among those that were looked at.
fn not_live_yet<'q>(queue: &'q Queue, proposal: &ProposalSummary) -> Option<&'q PostSummary> {
    let mut posts = queue.posts.iter().map(|(post, _)| post);
    posts.find(|post| post.waiting_approval().is_some_and(|by| by.proposal_id == proposal.id))
}

/// The entries that a filter shows, the newest first.
pub(crate) fn entries<'q>(queue: &'q Queue, filter: Filter, me: &UserId) -> Vec<Entry<'q>> {
    let proposals = queue.proposals.iter().map(Entry::Proposal);
    let posts = queue.posts.iter().map(|(post, waits)| Entry::Post(post, waits));
    let decided = queue.decided.iter().map(Entry::Decided);
    let mut entries: Vec<Entry<'_>> = proposals
        .chain(posts)
        .chain(decided)
        .filter(|entry| filter.has(queue, entry, me))
        .collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at()));
    entries
}

/// The entry as a row that leads to its page.
pub(crate) fn row(now: &parts::Now, queue: &Queue, entry: &Entry<'_>) -> Markup {
    html! {
        li data-queue-item {
            div.main { a.main-link.name href=(entry.path(queue)) { (entry.title()) } }
            div.side { (parts::time(now, entry.at())) }
            @match entry {
                Entry::Proposal(proposal) => (waiting(queue, proposal)),
                Entry::Post(post, waits) => (not_live(now, queue, post, waits)),
                Entry::Decided(proposal) => (decided(queue, proposal)),
            }
        }
    }
}

fn waiting(queue: &Queue, proposal: &ProposalSummary) -> Markup {
    html! {
        @if let Some(note) = &proposal.note { p.keep { "\u{201c}" (visible(note.as_str())) "\u{201d}" } }
        div.meta {
            @if queue.in_trash.contains(&proposal.post_id) {
                (parts::badge(Tone::Draft, "its post is in the trash"))
            } @else {
                (parts::badge(Tone::Waiting, "waits for a decision"))
            }
            @if !proposal.created_by.kind.is_person() { (parts::badge(Tone::Agent, "by an agent")) }
            span { (proposal.kind().words()) }
            (parts::by(&proposal.created_by))
        }
    }
}

/// The decision that sent the draft or the newer text of a post back, if it was the last thing that a person handed in.
fn sent_back<'q>(queue: &'q Queue, post: &PostSummary, waits: &Waits) -> Option<&'q Decision> {
    let all = queue.proposals.iter().chain(&queue.decided);
    let handed_in = all.filter(|it| it.post_id == post.id && it.created_by.kind.is_person());
    let newest = handed_in.max_by_key(|it| it.created_at)?;
    let is_back =
        newest.status == ProposalStatus::Rejected && matches!(waits, Waits::Draft | Waits::Newer);
    newest.decision.as_ref().filter(|_| is_back)
}

fn not_live(now: &parts::Now, queue: &Queue, post: &PostSummary, waits: &Waits) -> Markup {
    let back = sent_back(queue, post, waits);
    html! {
        @if let Waits::Failed(failure) = waits { p { (failure.reason) } }
        div.meta {
            @match waits {
                Waits::Failed(failure) => {
                    (parts::badge(Tone::Failed, "did not go live"))
                    span {
                        @if failure.publish_at > now.time { "It was to go live " } @else { "It was due " }
                        (parts::time(now, failure.publish_at))
                    }
                }
                Waits::Scheduled(at) => {
                    (parts::badge(Tone::Scheduled, "scheduled"))
                    span { "Goes live " (parts::time(now, *at)) }
                    @if post.waiting_approval().is_some() {
                        (parts::badge(Tone::Waiting, "another text is approved, not live yet"))
                    }
                }
                Waits::Approved(approval) => {
                    (parts::badge(Tone::Waiting, "approved, not live yet"))
                    @if let Some(name) = &approval.by_name { span { "Approved by " (name) } }
                    @if approval.revision_id != post.revision_id {
                        span { "A newer text was saved since" }
                    } @else if !queue.may_publish {
                        span { "It waits for somebody who may publish" }
                    }
                }
                Waits::Newer => {
                    (parts::badge(Tone::Draft, "saved, not live"))
                    span { "Readers see an older text" }
                }
                Waits::Draft if back.is_none() => (parts::badge(Tone::Draft, "draft")),
                Waits::Draft => {}
            }
            @if let Some(decision) = back {
                (parts::badge(Tone::Failed, "sent back"))
                @if let Some(who) = &decision.by_name { span { "by " (who) } }
            }
            span { (post.author.name) }
        }
    }
}

fn decided(queue: &Queue, proposal: &ProposalSummary) -> Markup {
    let decision = proposal.decision.as_ref();
    let who = decision.and_then(|decision| decision.by_name.as_ref());
    let is_edited = decision.is_some_and(|decision| decision.edited_revision_id.is_some());
    html! {
        @if let Some(reason) = decision.and_then(|decision| decision.reason.as_ref()) {
            p.keep { "\u{201c}" (reason) "\u{201d}" }
        }
        div.meta {
            @match proposal.status {
                ProposalStatus::Approved if is_edited => (parts::badge(Tone::Live, "approved with edits")),
                ProposalStatus::Approved => (parts::badge(Tone::Live, "approved")),
                ProposalStatus::Rejected => (parts::badge(Tone::Failed, "sent back")),
                ProposalStatus::Withdrawn => (parts::badge(Tone::Plain, "withdrawn")),
                ProposalStatus::Pending => (parts::badge(Tone::Waiting, "waits for a decision")),
            }
            @if not_live_yet(queue, proposal).is_some() { (parts::badge(Tone::Waiting, "not live yet")) }
            @if let Some(who) = who { span { "by " (who) } }
            span { (proposal.kind().words()) ", proposed by " (parts::by(&proposal.created_by)) }
        }
    }
}
