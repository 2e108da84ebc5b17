//! The texts of the mails that lead into accounts.

use super::layout::{Mail, Part, greeting, text};
use super::links::LinkedPage;
use super::sender::Sender;
use crate::model::{AddressSide, Email, Name};

impl Mail {
    /// Confirms the e-mail address of a sign-up. It has no text from the person who signed up: anybody
    /// can sign up with any address, and could send messages to strangers in our name.
    #[must_use]
    pub fn confirm_address(sender: &Sender<'_>, token: &str) -> Self {
        let site = &sender.site.title;
        Self::new(
            sender,
            &format!("Confirm your e-mail address for {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "Confirm your e-mail address and choose a password to finish signing up for {site}:"
                )),
                Part::Button(
                    "Confirm the address",
                    LinkedPage::ConfirmAddress.with_token(sender, token),
                ),
                text("The link works once and expires after 24 hours."),
                text("If you did not sign up, ignore this e-mail. No account will be created."),
            ],
        )
    }

    /// Confirms the e-mail address of the person who becomes the first admin.
    #[must_use]
    pub fn first_admin(sender: &Sender<'_>, token: &str) -> Self {
        let site = &sender.site.title;
        Self::new(
            sender,
            &format!("Confirm your e-mail address and become the admin of {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "{site} is ready and has no admin yet. Confirm your e-mail address and choose a password to \
                     become its admin:"
                )),
                Part::Button(
                    "Choose a password",
                    LinkedPage::ConfirmAddress.with_token(sender, token),
                ),
                text("The link works once and expires after 24 hours."),
                text("If you did not expect it, ignore this e-mail. No account will be created."),
            ],
        )
    }

    /// Tells somebody who signed up again that the account exists.
    #[must_use]
    pub fn account_exists(sender: &Sender<'_>) -> Self {
        let site = &sender.site.title;
        Self::new(
            sender,
            &format!("You already have an account at {site}"),
            vec![
                text("Hello,"),
                text(format!(
                    "Somebody, probably you, tried to sign up for {site} with this e-mail address. \
                     You already have an account, and nothing about it has changed. Sign in here:"
                )),
                Part::Button("Sign in", LinkedPage::SignIn.url(sender)),
                text("If it was not you, you do not need to do anything."),
            ],
        )
    }

    /// Sends the link for a new password.
    #[must_use]
    pub fn reset_password(sender: &Sender<'_>, name: &Name, token: &str) -> Self {
        let site = &sender.site.title;
        Self::new(
            sender,
            &format!("Choose a new password for {site}"),
            vec![
                greeting(name),
                text(format!("Choose a new password for your account at {site}:")),
                Part::Button(
                    "Choose a new password",
                    LinkedPage::ResetPassword.with_token(sender, token),
                ),
                text("The link works once and expires after 30 minutes."),
                text(
                    "If you did not ask for it, ignore this e-mail. Your password stays the same.",
                ),
            ],
        )
    }

    /// Sends a link to sign in with.
    #[must_use]
    pub fn sign_in_link(sender: &Sender<'_>, name: &Name, token: &str) -> Self {
        let site = &sender.site.title;
        Self::new(
            sender,
            &format!("Sign in to {site}"),
            vec![
                greeting(name),
                text(format!("Sign in to {site} with this link:")),
                Part::Button("Sign in", LinkedPage::SignInLink.with_token(sender, token)),
                text("The link works once and expires after 15 minutes. Do not pass it on."),
                text("If you did not ask for it, ignore this e-mail. Your account is safe."),
            ],
        )
    }

    /// Sends a code to sign in with.
    #[must_use]
    pub fn sign_in_code(sender: &Sender<'_>, name: &Name, code: &str) -> Self {
        let site = &sender.site.title;
        Self::new(
            sender,
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
        sender: &Sender<'_>,
        name: &Name,
        new: &Email,
        side: AddressSide,
        token: &str,
    ) -> Self {
        let site = &sender.site.title;
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
            sender,
            &format!("Confirm the new e-mail address of your account at {site}"),
            vec![
                if side == AddressSide::Old { greeting(name) } else { text("Hello,") },
                text(request),
                Part::Button(
                    "Confirm the change",
                    LinkedPage::ChangeAddress.with_token(sender, token),
                ),
                text(
                    "Both the old and the new address must confirm the change within 24 hours. Each \
                     gets its own link.",
                ),
                text(warning),
            ],
        );
        if side == AddressSide::Old {
            mail.parts.push(Part::Link(LinkedPage::NotMe.url(sender)));
        }
        mail
    }
}
