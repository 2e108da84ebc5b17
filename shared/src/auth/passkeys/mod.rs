//! Passkeys (WebAuthn Level 3): what signs in without a password, from a phone, a computer or a security
//! key. A passkey is bound to this site and proves that its owner unlocked it, so it counts as both factors.
//!
//! The checks are those of sections 7.1 and 7.2 of the specification, with AWS-LC for the signatures.
//! Authenticators are not asked to say of which make they are: every make is accepted.

mod challenge;
mod encoded;
pub mod own;
mod public_key;
mod refusal;
mod relying_party;
mod response;
pub mod sign_in;

pub use relying_party::RelyingParty;
