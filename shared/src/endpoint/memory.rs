//! The size of an operation's Lambda function.

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
