//! Random values and digests, from AWS-LC.

pub mod digest;
pub mod random;
