//! The sentence of an entry.

use byline_shared::http::problem::Code;
use byline_shared::model::audit::{Event, Outcome};
use maud::{Markup, html};

use super::kinds;
use super::names::{Names, Thing};
use super::things::{APP, content, post, program};

const ADDRESS: Thing = Thing::Other("an address");

/// Who did what to which thing.
pub(super) fn of(names: &Names<'_>) -> Markup {
    let entry = names.entry;
    if entry.outcome == Outcome::Refused {
        return refused(names);
    }
    match entry.event {
        Event::Registered
        | Event::EmailVerified
        | Event::Invited
        | Event::InvitationWithdrawn
        | Event::InvitationAccepted
        | Event::RoleChanged
        | Event::AccountDisabled
        | Event::AccountEnabled
        | Event::AccountDeleted
        | Event::ProfileChanged
        | Event::EmailChangeRequested
        | Event::EmailChanged => account(names),
        Event::ApiKeyCreated
        | Event::ApiKeyRevoked
        | Event::ClientRegistered
        | Event::ConsentGiven
        | Event::GrantIssued
        | Event::GrantRevoked => program(names),
        Event::PostCreated
        | Event::PostUpdated
        | Event::PostPublished
        | Event::PostUnpublished
        | Event::PostDateOrAuthorChanged
        | Event::PostScheduled
        | Event::PostUnscheduled
        | Event::PostTrashed
        | Event::PostRestored
        | Event::PostPurged
        | Event::PreviewLinkMade
        | Event::PreviewLinkRevoked => post(names),
        Event::ProposalMade
        | Event::ProposalApproved
        | Event::ProposalRejected
        | Event::ProposalWithdrawn
        | Event::TagCreated
        | Event::TagChanged
        | Event::TagDeleted
        | Event::SettingsChanged
        | Event::MediaCreated
        | Event::MediaCompleted
        | Event::MediaUpdated
        | Event::MediaDeleted
        | Event::ConversationStarted
        | Event::ConversationChanged
        | Event::ConversationDeleted => content(names),
        Event::KeysRotated => html! { "Byline changed the keys that it signs with." },
        _ => sign_in(names),
    }
}

/// What did not work, or was not allowed.
fn refused(names: &Names<'_>) -> Markup {
    let (who, whose) = (|| names.who(), || names.whose());
    match names.entry.event {
        Event::SignedIn if names.says("passkey ") => passkey(names),
        Event::SignedIn if names.entry.actor.is_none() && names.is_about_account() => {
            html! { "Somebody could not sign in to the account of " (names.thing(Thing::Account)) "." }
        }
        Event::SignedIn if names.entry.actor.is_none() => {
            html! { "Somebody could not sign in with " (names.thing(ADDRESS)) "." }
        }
        Event::SignedIn => {
            html! { "Somebody with the password of " (whose()) " entered a wrong one-time code." }
        }
        Event::RefreshReused => {
            html! { "A session of " (whose()) " was ended, because a used-up token of it was sent again." }
        }
        Event::EmailChanged => {
            html! { "Somebody entered a wrong password to confirm the new address of " (names.thing(Thing::Account)) "." }
        }
        Event::PasswordChanged => {
            html! { (who()) " entered a wrong password as the current one." }
        }
        Event::CodeReplayed => {
            html! { "The access of " (names.thing(APP)) " to the account of " (whose()) " was ended, because its sign-in code was used twice." }
        }
        Event::AccessDenied => {
            html! { (who()) " asked for something that they may not do." }
        }
        Event::PostUnscheduled => {
            html! { (names.thing(Thing::Post)) " could not go live as scheduled by " (whose()) ": " (why(names)) "." }
        }
        Event::MediaCompleted => {
            html! { "The upload of " (names.thing(Thing::File)) " by " (who()) " was refused." }
        }
        event => html! { (kinds::label(event)) ", by " (who()) ": it was refused." },
    }
}

/// A passkey that was not accepted, from `passkey <reason>`.
fn passkey(names: &Names<'_>) -> Markup {
    let detail = names.entry.detail.as_deref().unwrap_or_default();
    html! {
        "A sign-in with a passkey "
        @if names.entry.subject.is_some() { "of " (names.thing(Thing::Account)) " " }
        "was refused: "
        @if detail.contains("older counter") {
            "it came with an older counter than before, so it may have been copied."
        } @else {
            (detail.trim_start_matches("passkey ")) "."
        }
    }
}

/// Why a schedule came to nothing, from `it could not be published: <code>`.
fn why(names: &Names<'_>) -> String {
    let detail = names.entry.detail.as_deref().unwrap_or_default();
    let code = detail.rsplit(": ").next().unwrap_or_default();
    let known = Code::ALL.iter().find(|known| known.as_str() == code);
    known.map_or_else(|| code.replace('_', " "), |known| known.title().to_lowercase())
}

fn sign_in(names: &Names<'_>) -> Markup {
    let who = names.who();
    match names.entry.event {
        Event::SignedIn => html! { (who) " signed in." },
        Event::SignedOut => html! { (who) " signed out." },
        Event::SignedOutEverywhere if names.says("all sessions but one") => {
            html! { (who) " ended all their other sessions." }
        }
        Event::SignedOutEverywhere => html! { (who) " signed out everywhere." },
        Event::SessionRevoked => html! { (who) " ended one of their sessions." },
        Event::SignInLinkRequested => {
            html! { "Somebody asked for a mail to sign in with " (names.thing(ADDRESS)) "." }
        }
        Event::ResetRequested => {
            html! { "Somebody asked for a new password for " (names.thing(ADDRESS)) "." }
        }
        Event::PasswordReset => html! { (who) " set a new password by a link from a mail." },
        Event::PasswordChanged => html! { (who) " changed their password." },
        Event::TotpEnabled => html! { (who) " turned one-time codes on." },
        Event::TotpDisabled => html! { (who) " turned one-time codes off." },
        Event::RecoveryCodeUsed => html! { (who) " signed in with a recovery code." },
        Event::PasskeyAdded => html! { (who) " added a passkey." },
        Event::PasskeyRemoved => html! { (who) " removed a passkey." },
        event => html! { (kinds::label(event)) ", by " (who) "." },
    }
}

fn account(names: &Names<'_>) -> Markup {
    let (who, account) = (names.who(), || names.thing(Thing::Account));
    let detail = names.entry.detail.as_deref().unwrap_or_default();
    match names.entry.event {
        Event::Registered => {
            html! { "Somebody signed up with " (names.thing(ADDRESS)) ", which is not confirmed yet." }
        }
        Event::EmailVerified if names.says("seeded") => {
            html! { "The account of " (account()) " was made when Byline first started, as that of its admin." }
        }
        Event::EmailVerified if names.says("imported") => {
            html! { (who) " imported the account of " (account()) ", which is disabled." }
        }
        Event::EmailVerified => {
            html! { (who) " confirmed their address, and the account was made." }
        }
        Event::Invited => html! { (who) " invited " (names.thing(ADDRESS)) " " (detail) "." },
        Event::InvitationWithdrawn => {
            html! { (who) " withdrew the invitation of " (names.thing(ADDRESS)) "." }
        }
        Event::InvitationAccepted => {
            let role = detail.split(',').next().unwrap_or_default();
            html! {
                (who) " accepted the invitation "
                @if let Some(inviter) = names.account_in_detail() { "of " (inviter) " " }
                "and joined " (role) "."
            }
        }
        Event::RoleChanged if names.says("named at start") => {
            html! { (account()) " became an admin, because a start of Byline named this account." }
        }
        Event::RoleChanged => html! { (who) " changed the role of " (account()) " " (detail) "." },
        Event::AccountDisabled => html! { (who) " disabled the account of " (account()) "." },
        Event::AccountEnabled => html! { (who) " enabled the account of " (account()) " again." },
        Event::AccountDeleted => {
            html! { span title=[names.entry.subject.as_ref()] { "Somebody" } " deleted their account." }
        }
        Event::ProfileChanged if detail == "notifications" => {
            html! { (who) " chose which mails they get." }
        }
        Event::ProfileChanged if detail == "public profile removed" => {
            html! { (who) " removed the public profile of " (account()) "." }
        }
        Event::EmailChangeRequested => html! { (who) " asked to change their e-mail address." },
        Event::EmailChanged => html! { (who) " changed their e-mail address." },
        _ => html! { (who) " changed their profile." },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use byline_shared::model::audit::AuditEntry;
    use byline_shared::model::{AuditId, Name, Time, Zone};

    use super::*;

    fn entry(event: Event) -> AuditEntry {
        let at: Time = "2026-11-29T12:00:00Z".parse().unwrap();
        AuditEntry {
            id: AuditId::new(at),
            at,
            event,
            outcome: Outcome::Success,
            actor: Some(byline_shared::examples::USER_ID.parse().unwrap()),
            actor_name: Some(Name::trusted("Ada")),
            api_key: None,
            api_key_name: None,
            grant: None,
            client_name: None,
            agent: None,
            subject: None,
            subject_name: None,
            detail: None,
            count: None,
            ip: None,
            user_agent: None,
            request_id: String::new(),
        }
    }

    /// The words of a sentence, without the tags of its links.
    fn sentence(entry: &AuditEntry) -> String {
        let called = HashMap::new();
        let html = of(&Names { entry, called: &called, zone: &Zone::utc() }).into_string();
        let texts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        texts.collect()
    }

    #[test]
    fn every_event_has_a_sentence_of_its_own() {
        let mut seen = HashMap::new();
        for event in Event::ALL {
            let said = sentence(&entry(*event));
            assert!(said.ends_with('.') && !said.contains('_'), "{event:?}: {said}");
            if let Some(other) = seen.insert(said.clone(), event) {
                panic!("{event:?} and {other:?} both say: {said}");
            }
        }
    }

    #[test]
    fn details_are_told_in_words() {
        let made = |event, detail: &'static str| sentence(&entry(event).with(detail));
        let rev = "rev_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8";
        assert!(made(Event::PostCreated, "imported and published").contains("imported"));
        assert!(
            made(Event::SignedOutEverywhere, "all sessions but one").contains("other sessions")
        );
        let seeded = entry(Event::EmailVerified).with("seeded");
        let seeded = sentence(&AuditEntry { actor: None, ..seeded });
        assert!(seeded.contains("when Byline first started") && !seeded.contains("confirmed"));
        assert!(sentence(&entry(Event::ApiKeyCreated)).ends_with(" created an API key."));
        assert!(made(Event::GrantRevoked, "by the client itself").contains("gave up its access"));
        let copied = entry(Event::SignedIn).refused();
        let copied = AuditEntry { actor: None, ..copied };
        let copied =
            sentence(&copied.with("passkey with an older counter: it may have been copied"));
        assert!(copied.contains("passkey was refused") && copied.contains("copied."), "{copied}");
        let at = format!("{rev} at 2026-11-29T17:00:00.000Z");
        let scheduled = sentence(&entry(Event::PostScheduled).with(at));
        assert!(scheduled.contains("29 November 2026 at 17:00 UTC"), "{scheduled}");
        let failed = entry(Event::PostUnscheduled).refused();
        let failed = sentence(&failed.with("it could not be published: slug_taken"));
        assert!(!failed.contains('_'), "{failed}");
    }
}
