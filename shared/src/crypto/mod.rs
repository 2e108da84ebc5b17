//! Random values and digests, from AWS-LC.

pub mod digest;
pub(crate) mod message;
pub mod random;
