//! The subject of a rate limit.

use std::fmt;

/// What a limit counts the requests of: a network, an e-mail address, an account, a device, a
/// credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// A subject with this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The part of this subject that belongs to another, such as an address from one network.
    #[must_use]
    pub fn within(&self, part: impl fmt::Display) -> Self {
        Self(format!("{self}#{part}"))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
