//! What a page says at its top about what happened just before.

use crate::fields::Fields;

/// Something to tell the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The last form did its work.
    Done(Done),
    /// The form came from another session, and nothing was changed.
    CheckAgain,
}

macro_rules! done {
    ($($name:ident = $word:literal, $text:literal;)*) => {
        /// What a form did. It travels in the query as one known word, so that no link can put words of its
        /// own on a page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Done {
            $(#[doc = $text] $name,)*
        }

        impl Done {
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The sentence for people.
            pub(crate) fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

done! {
    Approved = "approved", "Approved. It is not live yet.";
    Published = "published", "Published. Readers see it now.";
    Scheduled = "scheduled", "Scheduled. It goes live at the time you chose.";
    SentBack = "sent-back", "Sent back with your reason.";
    Withdrawn = "withdrawn", "Withdrawn. Your text stays as it is.";
    TagCreated = "tag-created", "The tag is there.";
    TagChanged = "tag-changed", "Changed. Every post with this tag follows within moments.";
    TagMerged = "tag-merged", "Merged. Every post with the other tag gets this one within moments.";
    TagDeleted = "tag-deleted", "Deleted. Every post loses the tag within moments.";
    PersonChanged = "person-changed", "Changed. It takes effect with their next click.";
    PublicProfileRemoved = "public-profile-removed", "The public profile was removed. Readers do not see it any more.";
    Invited = "invited", "Invited. The mail with the link is on its way.";
    InvitationWithdrawn = "invitation-withdrawn", "Withdrawn. Its link does not work any more.";
    Joined = "joined", "Your account is ready.";
    ConversationChanged = "conversation-changed", "Saved.";
    ConversationDeleted = "conversation-deleted", "The conversation was deleted, with all that was said in it.";
    SettingsChanged = "settings-changed", "Saved. Pages and feeds follow within moments.";
    Uploaded = "uploaded", "Uploaded. Say below what the picture shows.";
    UploadedSeveral = "uploaded-several", "Uploaded. Open each picture to say what it shows.";
    MediaChanged = "media-changed", "Saved.";
    MediaDeleted = "media-deleted", "Deleted.";
    Confirmed = "confirmed", "Your address is confirmed, and your account is ready.";
    PasswordReset = "password-reset", "Your new password is set. Sign in with it.";
    PasswordChanged = "password-changed", "Your password was changed. Other browsers and apps were signed out.";
    AddressChanged = "address-changed", "Your e-mail address was changed. Sign in with the new one.";
    AddressMailed = "address-mailed", "Both addresses have a mail with a link. The address changes when both are confirmed.";
    Renamed = "renamed", "Your name was changed. If you have written posts, they show it within moments.";
    ProfileSaved = "profile-saved", "Saved. Readers see it with your posts.";
    AccountDeleted = "account-deleted", "Your account was deleted. If you have written posts, your name comes off them within moments.";
    MailsChosen = "mails-chosen", "Saved. It counts for all that happens from now on.";
    SignedOut = "signed-out", "You are signed out.";
    SessionEnded = "session-ended", "The session was ended.";
    OthersEnded = "others-ended", "All other sessions were ended, and apps were signed out.";
    KeyRevoked = "key-revoked", "The API key was revoked.";
    AppRevoked = "app-revoked", "The app has no access any more.";
    CodesElsewhere = "codes-elsewhere", "The set-up was begun again or finished in another window. This is its state now.";
    CodesOff = "codes-off", "One-time codes are off.";
    PasskeyAdded = "passkey-added", "The passkey is there. You can sign in with it.";
    PasskeyRemoved = "passkey-removed", "The passkey was removed. It no longer signs in.";
    Saved = "saved", "Saved as a new revision. Readers do not see it yet.";
    PostBegun = "begun", "The draft is there. Only people who can edit it see it.";
    Unchanged = "unchanged", "Nothing had changed, so no new revision was made. Everything is saved.";
    HandedIn = "handed-in", "Saved and handed in for review. Under Waiting you see what becomes of it.";
    Trashed = "trashed", "Moved to the trash. It can be restored for 30 days.";
    Restored = "restored", "Restored from the trash. It is a draft now.";
    TextRestored = "text-restored", "The older text is the latest one again. Readers do not see it yet.";
    PreviewLinkRevoked = "preview-link-revoked", "The link was revoked. It shows nothing any more.";
    Unscheduled = "unscheduled", "The schedule is cancelled.";
    DateOrAuthorChanged = "date-or-author-changed", "Changed. Readers see it with the post.";
    TakenDown = "taken-down", "Taken down. Readers no longer find it.";
}

impl Notice {
    /// What the query says was done, if it is one of the `expected` things: those that lead to this page.
    /// Otherwise a link could say on any page that something was done there.
    pub(crate) fn of_query(query: &Fields, expected: &[Done]) -> Option<Self> {
        let word = query.get("done")?;
        expected.iter().find(|done| done.as_str() == word).map(|done| Self::Done(*done))
    }

    /// The sentence for people.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Done(done) => done.text(),
            Self::CheckAgain => {
                "Nothing was changed yet: you have signed in again since this form was opened. What you \
                 entered is below. Check it, and send it again."
            }
        }
    }
}
