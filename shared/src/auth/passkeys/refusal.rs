//! Why the answer of an authenticator is not accepted.

/// The reason, for the security log. People are not told which it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("unreadable")]
    Unreadable,
    #[error("too late, or asked for by another browser")]
    Challenge,
    #[error("used a second time, or changed at the same time")]
    Spent,
    #[error("for another purpose")]
    Purpose,
    #[error("for another origin")]
    Origin,
    #[error("for another site")]
    Site,
    #[error("without proof of who holds it")]
    Unverified,
    #[error("with a key of an unknown kind")]
    Key,
    #[error("unknown")]
    Unknown,
    #[error("with a wrong signature")]
    Signature,
    #[error("with an older counter: it may have been copied")]
    Counter,
    #[error("of a disabled account")]
    Disabled,
}
