//! The sentences of entries about posts, proposals, tags, files, API keys and apps.

use byline_shared::model::Time;
use byline_shared::model::audit::Event;
use maud::{Markup, html};

use super::names::{Names, Thing};

const KEY: Thing = Thing::Other("an API key");
pub(super) const APP: Thing = Thing::Other("an app");

pub(super) fn post(names: &Names<'_>) -> Markup {
    let (who, post) = (names.who(), names.thing(Thing::Post));
    match names.entry.event {
        Event::PostCreated if names.says("published") => {
            html! { (who) " imported " (post) " and published it." }
        }
        Event::PostCreated if names.says("scheduled") => {
            html! { (who) " imported " (post) " and scheduled it." }
        }
        Event::PostCreated if names.says("imported") => html! { (who) " imported " (post) "." },
        Event::PostCreated => html! { (who) " began " (post) "." },
        Event::PostUpdated if names.says(", published") => {
            html! { (who) " changed " (post) " and published the change." }
        }
        Event::PostUpdated => html! { (who) " saved a new revision of " (post) "." },
        Event::PostPublished if names.says("as scheduled") => {
            html! { (post) " went live, as scheduled by " (names.whose()) "." }
        }
        Event::PostPublished => html! { (who) " published " (post) "." },
        Event::PostUnpublished => html! { (who) " took " (post) " down." },
        Event::PostDateOrAuthorChanged => {
            html! { (who) " changed the date or the author of " (post) "." }
        }
        Event::PostScheduled => {
            html! { (who) " scheduled " (post) @if let Some(at) = time(names) { " for " (names.zone.in_words(at)) } "." }
        }
        Event::PostUnscheduled => html! { (who) " cancelled the schedule of " (post) "." },
        Event::PostTrashed => html! { (who) " moved " (post) " to the trash." },
        Event::PostRestored => html! { (who) " restored " (post) " from the trash." },
        Event::PostPurged => {
            html! { (post) " was deleted for good, after its time in the trash." }
        }
        Event::PreviewLinkMade => {
            html! { (who) " made a preview link of " (post) @if let Some(at) = time(names) { ", valid until " (names.zone.in_words(at)) } "." }
        }
        _ => html! { (who) " revoked a preview link of " (post) "." },
    }
}

/// The time at the end of the details: `rev_… at 2026-12-24T09:00:00.000Z`.
fn time(names: &Names<'_>) -> Option<Time> {
    names.entry.detail.as_deref()?.rsplit(' ').next()?.parse().ok()
}

pub(super) fn content(names: &Names<'_>) -> Markup {
    let (who, proposal) = (names.who(), || names.thing(Thing::Proposal));
    let (tag, file) = (|| names.thing(Thing::Tag), || names.thing(Thing::File));
    match names.entry.event {
        Event::ProposalMade => html! { (who) " proposed " (proposal()) "." },
        Event::ProposalApproved => html! { (who) " approved " (proposal()) "." },
        Event::ProposalRejected => html! { (who) " sent " (proposal()) " back." },
        Event::ProposalWithdrawn => html! { (who) " withdrew " (proposal()) "." },
        Event::TagCreated => html! { (who) " created the tag " (tag()) "." },
        Event::TagChanged => {
            match names.entry.detail.as_deref().map(|it| it.strip_prefix("now ")) {
                Some(Some(into)) => {
                    html! { (who) " made the tag " (tag()) " into " (into) "." }
                }
                _ => html! { (who) " changed the tag " (tag()) "." },
            }
        }
        Event::TagDeleted => html! { (who) " deleted the tag " (tag()) "." },
        Event::ConversationStarted => {
            html! { (who) " started a conversation with the built-in agent." }
        }
        Event::ConversationChanged => {
            html! { (who) " changed a conversation with the built-in agent." }
        }
        Event::ConversationDeleted if names.entry.actor.is_none() => {
            html! { "A conversation with the built-in agent was deleted, because nobody had used it for long." }
        }
        Event::ConversationDeleted => {
            html! { (who) " deleted a conversation with the built-in agent." }
        }
        Event::MediaCreated => html! { (who) " began to upload " (file()) "." },
        Event::MediaCompleted => html! { (who) " uploaded " (file()) "." },
        Event::MediaUpdated => html! { (who) " described " (file()) "." },
        Event::MediaDeleted => html! { (who) " deleted " (file()) "." },
        _ => html! { (who) " changed the " a href="/desk/settings" { "settings" } "." },
    }
}

/// API keys and apps.
pub(super) fn program(names: &Names<'_>) -> Markup {
    let (who, whose) = (names.who(), names.whose());
    let key = || names.named("the API key", KEY, "an API key");
    let app = || names.named("The app", APP, "An app");
    match names.entry.event {
        Event::ApiKeyCreated => html! { (who) " created " (key()) "." },
        Event::ApiKeyRevoked => html! { (who) " revoked " (key()) "." },
        Event::ClientRegistered => {
            html! { (names.named("An app registered as", APP, "An app registered")) ". It has no access yet." }
        }
        Event::ConsentGiven => html! { (who) " let " (names.thing(APP)) " connect." },
        Event::GrantIssued => {
            html! { (app()) " was connected to the account of " (whose) "." }
        }
        _ if names.says("by the client itself") => {
            html! { (app()) " gave up its access to the account of " (whose) "." }
        }
        _ => html! { (who) " ended the access of " (names.thing(APP)) "." },
    }
}
