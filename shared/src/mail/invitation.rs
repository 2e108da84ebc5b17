//! The text of an invitation.

use super::layout::{Mail, Part, greeting, text};
use super::links::LinkedPage;
use super::sender::Sender;
use crate::model::{Name, Role};

impl Mail {
    /// Invites somebody to make an account. `from` is the admin who does.
    #[must_use]
    pub fn invitation(
        sender: &Sender<'_>,
        from: &Name,
        to: Option<&Name>,
        role: Role,
        token: &str,
    ) -> Self {
        let (site, role) = (&sender.site.title, role.as_str());
        Self::new(
            sender,
            &format!("An invitation to {site}"),
            vec![
                to.map_or_else(|| text("Hello,"), greeting),
                text(format!(
                    "{from} invites you to {site}. Your account will have the role {role}. Choose a password \
                     to accept:"
                )),
                Part::Button(
                    "Accept the invitation",
                    LinkedPage::AcceptInvitation.with_token(sender, token),
                ),
                text("The link works once and expires after 7 days. Do not pass it on."),
                text("If you did not expect it, ignore this e-mail. No account will be created."),
            ],
        )
    }
}
