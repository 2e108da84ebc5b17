//! The mails about what waits for a decision, and the lists.

use super::layout::{Entry, Mail, Part, greeting, line, text};
use super::sender::Sender;
use crate::model::{By, Name, ProposalStatus, ProposalSummary};

/// How many entries a list in a mail has at most.
pub(super) const MAX_ENTRIES: usize = 20;

impl Mail {
    /// Tells somebody who may decide that a proposal was made.
    #[must_use]
    pub fn waits(sender: &Sender<'_>, name: &Name, proposal: &ProposalSummary) -> Self {
        let site = &sender.site.title;
        let title = line(&proposal.name());
        let mut parts = vec![
            greeting(name),
            text(format!("Something waits for your review at {site}.")),
            Part::Facts(vec![
                ("Title", title.clone()),
                ("What", proposal.kind().words().to_owned()),
                ("By", who(&proposal.created_by)),
                ("When", sender.when(proposal.created_at)),
            ]),
        ];
        if proposal.status != ProposalStatus::Pending {
            parts.push(text("It has been decided since."));
        }
        parts.extend([
            text("Read it and decide here:"),
            Part::Button("Open the review", sender.config.review_url(&proposal.id)),
        ]);
        if let Some(note) = &proposal.note {
            parts.extend([text("The note with it:"), Part::Quote(note.to_string())]);
        }
        parts.extend(choice(sender));
        Self::new(sender, &format!("For review at {site}: {title}"), parts)
    }

    /// Lists what happened beyond the mails that somebody gets at once. `count` is how much that is.
    pub(super) fn more_news(
        sender: &Sender<'_>,
        name: &Name,
        entries: Vec<Entry>,
        count: usize,
    ) -> Self {
        let site = &sender.site.title;
        let mut parts = vec![
            greeting(name),
            text(format!(
                "More happened to proposals and schedules at {site} in an hour than you are told of at \
                 once. This is the rest:"
            )),
        ];
        parts.extend(list(sender, entries, count, false));
        parts.extend(choice(sender));
        Self::new(sender, &format!("More about proposals at {site}"), parts)
    }

    /// Lists what waits for a decision, newest first. There are `count` proposals, or more where
    /// `is_least`.
    #[must_use]
    pub fn digest(
        sender: &Sender<'_>,
        name: &Name,
        proposals: &[&ProposalSummary],
        count: usize,
        is_least: bool,
    ) -> Self {
        let site = &sender.site.title;
        let entries = proposals.iter().take(MAX_ENTRIES);
        let entries = entries.map(|it| waiting_entry(sender, it)).collect();
        let what = match count {
            1 => "1 proposal waits for review".to_owned(),
            _ if is_least => format!("More than {count} proposals wait for review"),
            _ => format!("{count} proposals wait for review"),
        };
        let mut parts = vec![greeting(name), text(format!("{what} at {site}."))];
        parts.extend(list(sender, entries, count, is_least));
        parts.extend(choice(sender));
        Self::new(sender, &format!("{what} at {site}"), parts)
    }
}

/// The entries, how many more there are, and where all of them are.
fn list(sender: &Sender<'_>, entries: Vec<Entry>, count: usize, is_least: bool) -> Vec<Part> {
    let rest = count.saturating_sub(entries.len());
    let mut parts = vec![Part::Entries(entries)];
    if rest > 0 {
        let least = if is_least { "more than " } else { "" };
        parts.push(text(format!("… and {least}{rest} more.")));
    }
    parts.extend([
        text("All that waits is here:"),
        Part::Button("Open the Desk", format!("{}/desk", sender.config.public_url)),
    ]);
    parts
}

/// A proposal that waits, or waited, in a list.
pub(super) fn waiting_entry(sender: &Sender<'_>, proposal: &ProposalSummary) -> Entry {
    let (by, at) = (who(&proposal.created_by), sender.when(proposal.created_at));
    let since = if proposal.status == ProposalStatus::Pending { "" } else { "; decided since" };
    Entry {
        title: line(&proposal.name()),
        line: format!("{}, proposed by {by} on {at}{since}", proposal.kind().words()),
        url: sender.config.review_url(&proposal.id),
    }
}

/// Where the reader chooses which mails they get.
pub(super) fn choice(sender: &Sender<'_>) -> [Part; 2] {
    [
        text("Choose in your account which of these mails you get:"),
        Part::Link(format!("{}/desk/account#notifications", sender.config.public_url)),
    ]
}

/// A person, or what acted for them. Nobody has verified the name of an app.
pub(super) fn who(by: &By) -> String {
    if let Some(agent) = by.agent_name() {
        let with = by.model.as_ref().map(|model| format!(", with {}", line(model)));
        return format!("{}{}", line(&agent), with.unwrap_or_default());
    }
    let person = person(by.user_name.as_ref());
    let app = by.client.as_ref().map(|client| format!("the app “{}”", line(client)));
    match (&by.api_key_name, app) {
        (Some(key), None) => format!("the API key “{}” of {person}", line(key.as_str())),
        (Some(key), Some(app)) => {
            format!("{app} with the API key “{}” of {person}", line(key.as_str()))
        }
        (None, Some(app)) => format!("{app} for {person}"),
        (None, None) => person,
    }
}

pub(super) fn person(name: Option<&Name>) -> String {
    name.map_or_else(|| "somebody whose account was deleted".to_owned(), |name| line(name.as_str()))
}
