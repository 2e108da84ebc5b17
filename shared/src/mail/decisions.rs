//! The mail to the person behind a proposal about what was decided: it leads to where they go on.

use super::layout::{Entry, Mail, Part, greeting, line, text};
use super::proposals::{choice, person, who};
use super::sender::Sender;
use crate::model::{Decision, GoesLive, ProposalStatus, ProposalSummary, Role, User};

/// A decision that somebody is told of.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The proposal.
    pub proposal: &'a ProposalSummary,
    /// The decision.
    pub decision: &'a Decision,
    /// What follows from an approval, as the person who approved decided.
    pub goes_live: GoesLive,
    /// Where readers find what was approved; none if they do not see it at this moment.
    pub address: Option<&'a str>,
}

impl Mail {
    /// Tells the person behind a proposal what was decided.
    #[must_use]
    pub fn decided(sender: &Sender<'_>, user: &User, decided: Decided<'_>) -> Self {
        let Decided { proposal, decision, .. } = decided;
        let site = &sender.site.title;
        let title = line(&proposal.name());
        let mut parts = vec![
            greeting(&user.name),
            text(format!("A proposal of yours was decided at {site}.")),
            Part::Facts(vec![
                ("Title", title.clone()),
                ("What", proposal.kind().words().to_owned()),
                ("Proposed by", who(&proposal.created_by)),
                ("Decision", decided.outcome(sender)),
                ("Decided by", person(decision.by_name.as_ref())),
                ("When", sender.when(decision.at)),
            ]),
        ];
        parts.extend(decided.next(sender, user));
        if let Some(edited) = &decision.edited_revision_id {
            let from = &proposal.revision_id;
            parts.extend([
                text("What was changed of it when it was approved:"),
                Part::Link(format!("{}/history?from={from}&to={edited}", decided.post(sender))),
            ]);
        }
        parts.extend([
            text("What was proposed, and the decision:"),
            Part::Link(sender.config.review_url(&proposal.id)),
        ]);
        if let Some(reason) = &decision.reason {
            parts.extend([text("The reason:"), Part::Quote(reason.to_string())]);
        }
        parts.extend(choice(sender));
        Self::new(sender, &format!("{} at {site}: {title}", word(proposal.status)), parts)
    }
}

impl Decided<'_> {
    /// It in a list.
    pub(super) fn entry(&self, sender: &Sender<'_>) -> Entry {
        let (by, at) = (person(self.decision.by_name.as_ref()), sender.when(self.decision.at));
        Entry {
            title: line(&self.proposal.name()),
            line: format!("{} by {by} on {at}", self.outcome(sender)),
            url: self.url(sender),
        }
    }

    /// What was decided, in words.
    fn outcome(&self, sender: &Sender<'_>) -> String {
        let word = match self.decision.edited_revision_id {
            Some(_) => "Approved with edits",
            None => word(self.proposal.status),
        };
        match self.goes_live {
            GoesLive::No => word.to_owned(),
            GoesLive::Now => format!("{word}, to be published at once"),
            GoesLive::At(at) => format!("{word}, to go live on {}", sender.when(at)),
        }
    }

    /// Where the person goes on, and what happens there.
    fn next(&self, sender: &Sender<'_>, user: &User) -> Vec<Part> {
        let here = Part::Button("Open it", self.url(sender));
        let say = |words: &str| vec![text(words), here.clone()];
        let has_post = self.proposal.base_revision_id.is_some();
        match (self.proposal.status, self.goes_live, self.address) {
            (ProposalStatus::Rejected, ..) if has_post => {
                say("Go on with the text here. The page shows the reason, too:")
            }
            // A new post that was not approved is no post. The link to the proposal follows.
            (ProposalStatus::Rejected, ..) => {
                vec![text("There is no post of it. Read the reason, and propose it again.")]
            }
            (ProposalStatus::Withdrawn | ProposalStatus::Pending, ..) if has_post => {
                say("The text is as it was. It is here:")
            }
            (ProposalStatus::Withdrawn | ProposalStatus::Pending, ..) => Vec::new(),
            (ProposalStatus::Approved, _, Some(address)) => {
                let mut parts = vec![text("Readers see it here:"), Part::Link(address.to_owned())];
                parts.extend(say("Go on with it here:"));
                parts
            }
            (ProposalStatus::Approved, GoesLive::Now, None) => {
                say("Its page shows whether readers see it:")
            }
            (ProposalStatus::Approved, GoesLive::At(_), None) => {
                say("It goes live by itself at that time. Until then it is here:")
            }
            (ProposalStatus::Approved, GoesLive::No, None) if user.role >= Role::Editor => {
                let made = self.proposal.made().unwrap_or(&self.proposal.revision_id);
                vec![
                    text("It is not live yet. See what changes for readers, and publish it here:"),
                    Part::Button(
                        "Publish it",
                        format!("{}/go-live?revision={made}", self.post(sender)),
                    ),
                ]
            }
            (ProposalStatus::Approved, GoesLive::No, None) => say(
                "It is not live yet: it waits until somebody who may publish does so. You need not hand it \
                 in again. Follow it here:",
            ),
        }
    }

    /// The page of the Desk where it goes on.
    fn url(&self, sender: &Sender<'_>) -> String {
        let is_post = self.proposal.status == ProposalStatus::Approved
            || self.proposal.base_revision_id.is_some();
        if is_post { self.post(sender) } else { sender.config.review_url(&self.proposal.id) }
    }

    fn post(&self, sender: &Sender<'_>) -> String {
        sender.config.post_url(&self.proposal.post_id)
    }
}

const fn word(status: ProposalStatus) -> &'static str {
    match status {
        ProposalStatus::Pending => "Waiting",
        ProposalStatus::Approved => "Approved",
        ProposalStatus::Rejected => "Sent back",
        ProposalStatus::Withdrawn => "Withdrawn",
    }
}
