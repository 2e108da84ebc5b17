//! The mails about proposals: what waits, and what was decided.

use super::layout::{Entry, Mail, Part, greeting, line, text};
use crate::config::Config;
use crate::model::{
    By, Decision, GoesLive, Name, News, NewsEvent, ProposalStatus, ProposalSummary,
};

/// How many entries a list in a mail has at most.
pub(super) const MAX_ENTRIES: usize = 20;

impl Mail {
    /// Tells somebody who may decide that a proposal was made.
    #[must_use]
    pub fn waits(config: &Config, name: &Name, proposal: &ProposalSummary) -> Self {
        let site = &config.site_name;
        let title = line(proposal.title.as_str());
        let mut parts = vec![
            greeting(name),
            text(format!("Something waits for your review at {site}.")),
            Part::Facts(vec![
                ("Title", title.clone()),
                ("What", kind(proposal).to_owned()),
                ("By", who(&proposal.created_by)),
                ("When", proposal.created_at.in_words()),
            ]),
        ];
        if proposal.status != ProposalStatus::Pending {
            parts.push(text("It has been decided since."));
        }
        parts.extend([text("Read it and decide here:"), review(config, proposal)]);
        if let Some(note) = &proposal.note {
            parts.extend([text("The note with it:"), Part::Quote(note.to_string())]);
        }
        parts.extend(choice(config));
        Self::new(config, &format!("For review at {site}: {title}"), parts)
    }

    /// Tells the person behind a proposal what was decided.
    #[must_use]
    pub fn decided(
        config: &Config,
        name: &Name,
        proposal: &ProposalSummary,
        decision: &Decision,
        goes_live: GoesLive,
    ) -> Self {
        let (site, status) = (&config.site_name, proposal.status);
        let title = line(proposal.title.as_str());
        let mut parts = vec![
            greeting(name),
            text(format!("A proposal of yours was decided at {site}.")),
            Part::Facts(vec![
                ("Title", title.clone()),
                ("What", kind(proposal).to_owned()),
                ("Proposed by", who(&proposal.created_by)),
                ("Decision", outcome(status, goes_live)),
                ("Decided by", decided_by(decision)),
                ("When", decision.at.in_words()),
            ]),
            text("Read more here:"),
            review(config, proposal),
        ];
        if let Some(reason) = &decision.reason {
            parts.extend([text("The reason:"), Part::Quote(reason.to_string())]);
        }
        parts.extend(choice(config));
        Self::new(config, &format!("{} at {site}: {title}", word(status)), parts)
    }

    /// Lists what happened beyond the mails that somebody gets at once. `count` is how much that is.
    #[must_use]
    pub fn more_news(
        config: &Config,
        name: &Name,
        news: &[(News, ProposalSummary)],
        count: usize,
    ) -> Self {
        let site = &config.site_name;
        let entry = |(news, proposal): &(News, ProposalSummary)| {
            let line = match (news.event, &proposal.decision) {
                (NewsEvent::Decided(goes_live), Some(decision)) => format!(
                    "{} by {} on {}",
                    outcome(proposal.status, goes_live),
                    decided_by(decision),
                    decision.at.in_words()
                ),
                _ => waiting(proposal),
            };
            entry(config, proposal, line)
        };
        let entries: Vec<Entry> = news.iter().take(MAX_ENTRIES).map(entry).collect();
        let mut parts = vec![
            greeting(name),
            text(format!(
                "More happened to proposals at {site} in an hour than you are told of at once. This is \
                 the rest:"
            )),
        ];
        parts.extend(list(config, entries, count, false));
        parts.extend(choice(config));
        Self::new(config, &format!("More about proposals at {site}"), parts)
    }

    /// Lists what waits for a decision, newest first. There are `count` proposals, or more where
    /// `is_least`.
    #[must_use]
    pub fn digest(
        config: &Config,
        name: &Name,
        proposals: &[&ProposalSummary],
        count: usize,
        is_least: bool,
    ) -> Self {
        let site = &config.site_name;
        let entries = proposals.iter().take(MAX_ENTRIES);
        let entries = entries.map(|it| entry(config, it, waiting(it))).collect();
        let what = match count {
            1 => "1 proposal waits for review".to_owned(),
            _ if is_least => format!("More than {count} proposals wait for review"),
            _ => format!("{count} proposals wait for review"),
        };
        let mut parts = vec![greeting(name), text(format!("{what} at {site}."))];
        parts.extend(list(config, entries, count, is_least));
        parts.extend(choice(config));
        Self::new(config, &format!("{what} at {site}"), parts)
    }
}

/// The entries, how many more there are, and where all of them are.
fn list(config: &Config, entries: Vec<Entry>, count: usize, is_least: bool) -> Vec<Part> {
    let rest = count.saturating_sub(entries.len());
    let mut parts = vec![Part::Entries(entries)];
    if rest > 0 {
        let least = if is_least { "more than " } else { "" };
        parts.push(text(format!("… and {least}{rest} more.")));
    }
    parts.extend([
        text("All that waits is here:"),
        Part::Link(format!("{}/desk", config.public_url)),
    ]);
    parts
}

fn entry(config: &Config, proposal: &ProposalSummary, line: String) -> Entry {
    let title = super::layout::line(proposal.title.as_str());
    Entry { title, line, url: config.review_url(&proposal.id) }
}

fn waiting(proposal: &ProposalSummary) -> String {
    let (by, at) = (who(&proposal.created_by), proposal.created_at.in_words());
    let since = if proposal.status == ProposalStatus::Pending { "" } else { "; decided since" };
    format!("{}, proposed by {by} on {at}{since}", kind(proposal))
}

fn review(config: &Config, proposal: &ProposalSummary) -> Part {
    Part::Link(config.review_url(&proposal.id))
}

/// Where the reader chooses which mails they get.
fn choice(config: &Config) -> [Part; 2] {
    [
        text("Choose in your account which of these mails you get:"),
        Part::Link(format!("{}/desk/account#notifications", config.public_url)),
    ]
}

fn kind(proposal: &ProposalSummary) -> &'static str {
    match proposal.base_revision_id {
        Some(_) => "A change of a post",
        None => "A new post",
    }
}

/// A person, or what acted for them. Nobody has verified the name of an app.
fn who(by: &By) -> String {
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

fn decided_by(decision: &Decision) -> String {
    person(decision.by_name.as_ref())
}

fn person(name: Option<&Name>) -> String {
    name.map_or_else(|| "somebody whose account was deleted".to_owned(), |name| line(name.as_str()))
}

const fn word(status: ProposalStatus) -> &'static str {
    match status {
        ProposalStatus::Pending => "Waiting",
        ProposalStatus::Approved => "Approved",
        ProposalStatus::Rejected => "Sent back",
        ProposalStatus::Withdrawn => "Withdrawn",
    }
}

fn outcome(status: ProposalStatus, goes_live: GoesLive) -> String {
    match goes_live {
        GoesLive::No => word(status).to_owned(),
        GoesLive::Now => format!("{}, to be published at once", word(status)),
        GoesLive::At(at) => format!("{}, to go live on {}", word(status), at.in_words()),
    }
}
