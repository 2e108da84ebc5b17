//! The texts of the mails that lead into accounts.

use super::layout::{Mail, Part, greeting, text};
use super::links::LinkedPage;
use crate::config::Config;
use crate::model::{AddressSide, Email, Name};

impl Mail {
    /// Confirms the e-mail address of a sign-up. It has no text from the person who signed up: anybody
    /// can sign up with any address, and could send messages to strangers in our name.
    #[must_use]
    pub fn confirm_address(config: &Config, token: &str) -> Self {
        let site = &config.site_name;
        Self::new(
            config,
            &format!("Confirm your e-mail address for {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "Confirm your e-mail address and choose a password to finish signing up for {site}:"
                )),
                Part::Link(LinkedPage::ConfirmAddress.with_token(config, token)),
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
            config,
            &format!("You already have an account at {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "Somebody, probably you, tried to sign up for {site} with this e-mail address. \
                     You already have an account, and nothing about it has changed. Sign in here:"
                )),
                Part::Link(LinkedPage::SignIn.url(config)),
                text("If it was not you, you do not need to do anything."),
            ],
        )
    }

    /// Sends the link for a new password.
    #[must_use]
    pub fn reset_password(config: &Config, name: &Name, token: &str) -> Self {
        let site = &config.site_name;
        Self::new(
            config,
            &format!("Choose a new password for {site}"),
            vec![
                greeting(name),
                text(format!("Choose a new password for your account at {site}:")),
                Part::Link(LinkedPage::ResetPassword.with_token(config, token)),
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
            config,
            &format!("Sign in to {site}"),
            vec![
                greeting(name),
                text(format!("Sign in to {site} with this link:")),
                Part::Link(LinkedPage::SignInLink.with_token(config, token)),
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
            config,
            &format!("Your code to sign in to {site}"),
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
            config,
            &format!("Confirm the new e-mail address of your account at {site}"),
            vec![
                if side == AddressSide::Old { greeting(name) } else { text("Hello,") },
                text(request),
                Part::Link(LinkedPage::ChangeAddress.with_token(config, token)),
                text(
                    "Both the old and the new address must confirm the change within 24 hours. Each \
                     gets its own link.",
                ),
                text(warning),
            ],
        );
        if side == AddressSide::Old {
            mail.parts.push(Part::Link(LinkedPage::NotMe.url(config)));
        }
        mail
    }
}
