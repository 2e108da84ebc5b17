//! The texts of all mails that Byline sends.

mod invitation;

use maud::html;

use super::links::LinkedPage;
use crate::config::Config;
use crate::model::{AddressSide, Email, Name};
use crate::store::outbox::Notice;

/// A mail that can be sent as text and as HTML.
#[derive(Clone)]
pub struct Mail {
    /// The subject.
    pub subject: String,
    paragraphs: Vec<Paragraph>,
}

#[derive(Clone)]
enum Paragraph {
    Text(String),
    Link(String),
}

impl Mail {
    /// Confirms the e-mail address of a sign-up. It has no text from the person who signed up: anybody
    /// can sign up with any address, and could send messages to strangers in our name.
    #[must_use]
    pub fn confirm_address(config: &Config, token: &str) -> Self {
        let site = &config.site_name;
        Self::new(
            format!("Confirm your e-mail address for {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "Confirm your e-mail address and choose a password to finish signing up for {site}:"
                )),
                Paragraph::Link(LinkedPage::ConfirmAddress.with_token(config, token)),
                text("The link works once and expires after 24 hours."),
                text("If you did not sign up, ignore this e-mail. No account will be created."),
            ],
        )
    }

    /// Tells somebody who signed up again that the account exists.
    #[must_use]
    pub fn account_exists(config: &Config) -> Self {
        let site = &config.site_name;
        Self::new(
            format!("You already have an account at {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "Somebody, probably you, tried to sign up for {site} with this e-mail address. \
                     You already have an account, and nothing about it has changed. Sign in here:"
                )),
                Paragraph::Link(LinkedPage::SignIn.url(config)),
                text("If it was not you, you do not need to do anything."),
            ],
        )
    }

    /// Sends the link for a new password.
    #[must_use]
    pub fn reset_password(config: &Config, name: &Name, token: &str) -> Self {
        let site = &config.site_name;
        Self::new(
            format!("Choose a new password for {site}"),
            vec![
                greeting(name),
                text(format!("Choose a new password for your account at {site}:")),
                Paragraph::Link(LinkedPage::ResetPassword.with_token(config, token)),
                text("The link works once and expires after 30 minutes."),
                text(
                    "If you did not ask for it, ignore this e-mail. Your password stays the same.",
                ),
            ],
        )
    }

    /// Sends a link to sign in with.
    #[must_use]
    pub fn sign_in_link(config: &Config, name: &Name, token: &str) -> Self {
        let site = &config.site_name;
        Self::new(
            format!("Sign in to {site}"),
            vec![
                greeting(name),
                text(format!("Sign in to {site} with this link:")),
                Paragraph::Link(LinkedPage::SignInLink.with_token(config, token)),
                text("The link works once and expires after 15 minutes. Do not pass it on."),
                text("If you did not ask for it, ignore this e-mail. Your account is safe."),
            ],
        )
    }

    /// Sends a code to sign in with.
    #[must_use]
    pub fn sign_in_code(config: &Config, name: &Name, code: &str) -> Self {
        let site = &config.site_name;
        Self::new(
            format!("Your code to sign in to {site}"),
            vec![
                greeting(name),
                text(format!("Enter this code on the page where you sign in to {site}:")),
                text(code),
                text("The code works once and expires after 15 minutes."),
                text(
                    "Enter it only on the page where you asked for it, and tell it to nobody. If you \
                     did not ask for it, ignore this e-mail. Your account is safe.",
                ),
            ],
        )
    }

    /// Asks one of the two e-mail addresses to confirm a change from one to the other. The new one may
    /// belong to a stranger, so its mail does not name the account's owner.
    #[must_use]
    pub fn confirm_email_change(
        config: &Config,
        name: &Name,
        new: &Email,
        side: AddressSide,
        token: &str,
    ) -> Self {
        let site = &config.site_name;
        let (request, warning) = if side == AddressSide::Old {
            (
                format!(
                    "You asked to change the e-mail address of your account at {site} to {new}. \
                     Confirm the change here:"
                ),
                "If it was not you, do not confirm it. Choose a new password now, which also cancels the \
                 change:",
            )
        } else {
            (
                format!(
                    "Somebody asked to use this e-mail address for an account at {site}. If it was \
                     you, confirm it here with the password of that account:"
                ),
                "If it was not you, ignore this e-mail. Nothing will change.",
            )
        };
        let mut mail = Self::new(
            format!("Confirm the new e-mail address of your account at {site}"),
            vec![
                if side == AddressSide::Old { greeting(name) } else { text("Hello,") },
                text(request),
                Paragraph::Link(LinkedPage::ChangeAddress.with_token(config, token)),
                text(
                    "Both the old and the new address must confirm the change within 24 hours. Each \
                     gets its own link.",
                ),
                text(warning),
            ],
        );
        if side == AddressSide::Old {
            mail.paragraphs.push(Paragraph::Link(LinkedPage::NotMe.url(config)));
        }
        mail
    }

    /// Tells the owner of an account what has changed.
    #[must_use]
    pub fn notice(config: &Config, name: &Name, notice: Notice) -> Self {
        let site = &config.site_name;
        let event = match notice {
            Notice::PasswordChanged => "The password of your account was changed.",
            Notice::PasswordReset => {
                "The password of your account was reset with a link from an e-mail."
            }
            Notice::EmailChanged => "The e-mail address of your account was changed.",
            Notice::TotpEnabled => "One-time codes were turned on for your account.",
            Notice::TotpDisabled => "One-time codes were turned off for your account.",
            Notice::RecoveryCodeUsed => "Somebody signed in to your account with a recovery code.",
            Notice::ManyWrongPasswords => {
                "Somebody is trying many passwords for your account. The attempts failed, and your \
                 account is not locked. Sign-in with the password may be slow from new devices while \
                 this goes on. It works as usual where you have signed in before, and with a link by \
                 e-mail it works everywhere."
            }
            Notice::ApiKeyCreated => "A new API key was created for your account.",
            Notice::AppAuthorized => {
                "An app was authorized to use your account, or was given more permissions. The list of \
                 apps in your account names it."
            }
            Notice::AccountDeleted => {
                "Your account was deleted. Your published posts stay online, without your name."
            }
        };
        let reset = LinkedPage::NotMe.url(config);
        let (remedy, link) = match notice {
            Notice::AccountDeleted | Notice::EmailChanged => (
                "If it was not you, contact the people who run the site now:",
                config.site_url.clone(),
            ),
            Notice::ApiKeyCreated => (
                "If it was not you, revoke the key now: a new password alone does not revoke API keys. \
                 Reset your password here, sign in, and revoke the key:",
                reset,
            ),
            Notice::ManyWrongPasswords => (
                "You do not need to do anything: another password would not stop the attempts. Sign in \
                 or ask for a link here:",
                LinkedPage::SignIn.url(config),
            ),
            _ => ("If it was not you, reset your password now:", reset),
        };
        let mut paragraphs = vec![greeting(name), text(event)];
        if notice != Notice::ManyWrongPasswords {
            paragraphs.push(text("If it was you, you do not need to do anything."));
        }
        paragraphs.extend([text(remedy), Paragraph::Link(link)]);
        let subject = match notice {
            Notice::ManyWrongPasswords => {
                format!("Many wrong passwords for your account at {site}")
            }
            _ => format!("A change to your account at {site}"),
        };
        Self::new(subject, paragraphs)
    }

    fn new(subject: String, paragraphs: Vec<Paragraph>) -> Self {
        Self { subject, paragraphs }
    }

    /// The body as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .paragraphs
            .iter()
            .map(|(Paragraph::Text(text) | Paragraph::Link(text))| text.as_str())
            .collect();
        texts.join("\n\n") + "\n"
    }

    /// The body as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let page = html! {
            @for paragraph in &self.paragraphs {
                @match paragraph {
                    Paragraph::Text(text) => p { (text) },
                    Paragraph::Link(url) => p { a href=(url) { (url) } },
                }
            }
        };
        page.into_string()
    }
}

fn greeting(name: &Name) -> Paragraph {
    text(format!("Hello {name},"))
}

fn text(text: impl Into<String>) -> Paragraph {
    Paragraph::Text(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_is_escaped() {
        let mail = Mail {
            subject: String::new(),
            paragraphs: vec![Paragraph::Text("Hello <b>you</b>".to_owned())],
        };
        assert_eq!(mail.html(), "<p>Hello &lt;b&gt;you&lt;/b&gt;</p>");
    }
}
