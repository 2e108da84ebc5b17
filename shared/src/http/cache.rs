//! `Cache-Control` (RFC 9111).

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// Nobody.
    NoStore,
    /// Nobody; and no search engine lists it. What is behind a secret address.
    Private,
    /// Browsers revalidate each time; shared caches keep it for a minute and serve it stale for
    /// five more while they fetch it anew.
    Public,
    /// Everybody, for five minutes: public keys.
    Keys,
    /// Everybody, for a year: a file whose name changes with its content.
    Immutable,
}

impl Cache {
    /// The `Cache-Control` value.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::NoStore => "no-store",
            Self::Private => "private, no-store",
            Self::Public => "public, max-age=0, s-maxage=60, stale-while-revalidate=300",
            Self::Keys => "public, max-age=300",
            Self::Immutable => "public, max-age=31536000, immutable",
        }
    }
}
