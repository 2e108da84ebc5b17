//! What an operation says of its answers and its function: who may keep them, how large it is.

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// Nobody.
    NoStore,
    /// Browsers revalidate each time; shared caches keep it for a minute and serve it stale for
    /// five more while they fetch it anew.
    Public,
    /// Everybody, for five minutes: public keys.
    Keys,
}

impl Cache {
    /// The `Cache-Control` value.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::NoStore => "no-store",
            Self::Public => "public, max-age=0, s-maxage=60, stale-while-revalidate=300",
            Self::Keys => "public, max-age=300",
        }
    }
}

/// The size of a Lambda function. CPU grows with memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// 256 MB: one or a few calls to DynamoDB.
    Standard,
    /// 1,024 MB: hashes passwords.
    Hashing,
}

impl Memory {
    /// In megabytes, as SAM's `MemorySize`.
    #[must_use]
    pub const fn megabytes(self) -> u32 {
        match self {
            Self::Standard => 256,
            Self::Hashing => 1024,
        }
    }
}
