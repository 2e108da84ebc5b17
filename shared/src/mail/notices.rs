//! The mails about changes of accounts.

use super::layout::{Mail, Part, greeting, line, text};
use super::links::LinkedPage;
use super::sender::Sender;
use crate::model::{Name, Time};
use crate::store::outbox::{About, Notice};

impl Mail {
    /// Tells the owner of an account what has changed, when, and from where.
    #[must_use]
    pub fn notice(
        sender: &Sender<'_>,
        name: &Name,
        notice: Notice,
        at: Time,
        about: &About,
    ) -> Self {
        let site = &sender.site.title;
        let mut parts =
            vec![greeting(name), text(event(notice)), Part::Facts(facts(sender.when(at), about))];
        if notice != Notice::ManyWrongPasswords {
            parts.push(text("If it was you, you do not need to do anything."));
        }
        let (remedy, label, link) = remedy(sender, notice);
        parts.extend([text(remedy), Part::Button(label, link)]);
        let subject = match notice {
            Notice::ManyWrongPasswords => {
                format!("Many wrong passwords for your account at {site}")
            }
            Notice::PublisherInvited => format!("An invitation in your name at {site}"),
            _ => format!("A change to your account at {site}"),
        };
        Self::new(sender, &subject, parts)
    }
}

fn event(notice: Notice) -> &'static str {
    match notice {
        Notice::PasswordChanged => "The password of your account was changed.",
        Notice::PasswordReset => {
            "The password of your account was reset with a link from an e-mail."
        }
        Notice::EmailChanged => "The e-mail address of your account was changed.",
        Notice::TotpEnabled => "One-time codes were turned on for your account.",
        Notice::TotpDisabled => "One-time codes were turned off for your account.",
        Notice::PasskeyAdded => {
            "A passkey was added to your account. Who has it can sign in without your password."
        }
        Notice::PasskeyRemoved => "A passkey was removed from your account.",
        Notice::RecoveryCodeUsed => "Somebody signed in to your account with a recovery code.",
        Notice::ManyWrongPasswords => {
            "Somebody is trying many passwords for your account. The attempts failed, and your \
             account is not locked. Sign-in with the password may be slow from new devices while \
             this goes on. It works as usual where you have signed in before, and with a link by \
             e-mail it works everywhere."
        }
        Notice::ApiKeyCreated => "A new API key was created for your account.",
        Notice::AppAuthorized => {
            "An app was authorized to use your account, or was given more permissions. The app chose \
             its name itself."
        }
        Notice::PublisherInvited => {
            "Somebody was invited in your name, with a role that may publish."
        }
        Notice::AccountDeleted => {
            "Your account was deleted. Your published posts stay online, without your name."
        }
    }
}

fn facts(at: String, about: &About) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(about.name.as_ref().map(|name| ("Name", line(name))));
    if !about.scopes.is_empty() {
        let may: Vec<&str> = about.scopes.iter().map(|scope| scope.in_words()).collect();
        facts.push(("It may", may.join("; ")));
    }
    facts.extend(about.invited.as_ref().map(|email| ("Invited", email.to_string())));
    facts.extend(about.role.map(|role| ("As", role.as_str().to_owned())));
    facts.push(("When", at));
    facts.extend(about.ip.map(|ip| ("From the address", ip.to_string())));
    facts
}

/// What to do if it was somebody else, and where: the words of the button, and its URL.
fn remedy(sender: &Sender<'_>, notice: Notice) -> (&'static str, &'static str, String) {
    let reset = LinkedPage::NotMe.url(sender);
    let label = "Reset the password";
    match notice {
        Notice::AccountDeleted | Notice::EmailChanged => (
            "If it was not you, contact the people who run the site now:",
            "Go to the site",
            sender.site.url.to_string(),
        ),
        Notice::ApiKeyCreated => (
            "If it was not you, revoke the key now: a new password alone does not revoke API keys. \
             Reset your password here, sign in, and revoke the key:",
            label,
            reset,
        ),
        Notice::PublisherInvited => (
            "If it was not you, reset your password now. The invitation then stops working; if somebody has \
             accepted it before, disable their account:",
            label,
            reset,
        ),
        Notice::PasskeyAdded => (
            "If it was not you, remove the passkey now: a new password alone does not remove it. Reset \
             your password here, sign in, and remove the passkey under your account:",
            label,
            reset,
        ),
        Notice::ManyWrongPasswords => (
            "You do not need to do anything: another password would not stop the attempts. Sign in \
             or ask for a link here:",
            "Sign in",
            LinkedPage::SignIn.url(sender),
        ),
        _ => ("If it was not you, reset your password now:", label, reset),
    }
}
