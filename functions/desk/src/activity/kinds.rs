//! What the kinds of events are called in the filter, and other short texts of the log in words.

use byline_shared::model::Scope;
use byline_shared::model::audit::Event;

/// The name of a kind of event, as people say it.
pub(super) fn label(event: Event) -> String {
    match event {
        Event::EmailVerified => "Address confirmed".to_owned(),
        Event::RefreshReused => "Used-up token sent again".to_owned(),
        Event::ResetRequested => "Password reset requested".to_owned(),
        Event::TotpEnabled => "One-time codes turned on".to_owned(),
        Event::TotpDisabled => "One-time codes turned off".to_owned(),
        Event::EmailChangeRequested => "Change of address requested".to_owned(),
        Event::EmailChanged => "Address changed".to_owned(),
        Event::ApiKeyCreated => "API key created".to_owned(),
        Event::ApiKeyRevoked => "API key revoked".to_owned(),
        Event::ClientRegistered => "App registered".to_owned(),
        Event::ConsentGiven => "App authorized".to_owned(),
        Event::GrantIssued => "App connected".to_owned(),
        Event::GrantRevoked => "App's access ended".to_owned(),
        Event::CodeReplayed => "App's sign-in code used twice".to_owned(),
        Event::KeysRotated => "Signing keys changed".to_owned(),
        Event::PostPurged => "Post deleted for good".to_owned(),
        Event::ProposalMade => "Change proposed".to_owned(),
        Event::ProposalRejected => "Proposal sent back".to_owned(),
        Event::MediaCreated => "Upload begun".to_owned(),
        Event::MediaCompleted => "Upload finished".to_owned(),
        Event::MediaUpdated => "File described".to_owned(),
        Event::MediaDeleted => "File deleted".to_owned(),
        event => {
            let mut words = event.as_str().replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    }
}

/// What the scopes allow that begin a text, in words.
pub(super) fn scopes(text: &str) -> String {
    let known = |name| Scope::ALL.iter().find(|scope| scope.as_str() == name);
    let words = text.split(' ').filter_map(known).map(|scope| {
        let words = scope.in_words();
        format!("{}{}", words[..1].to_lowercase(), &words[1..])
    });
    words.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_up_to_the_place() {
        let text = "profile posts:write at https://cms.example.com/mcp";
        let expected = "see your name, e-mail address and role; create and edit drafts";
        assert_eq!(scopes(text), expected);
        assert_eq!(scopes(""), "");
    }

    #[test]
    fn every_kind_has_another_name() {
        let mut labels: Vec<String> = Event::ALL.iter().map(|event| label(*event)).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), Event::ALL.len());
    }
}
