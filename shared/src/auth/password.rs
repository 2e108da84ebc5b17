//! Passwords: argon2id at the parameters that OWASP recommends.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::Password;

/// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A hash that no password opens, of the same cost as any other: compared where there is no
/// account, so that both cases take as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The PHC string of a password.
///
/// # Errors
/// 500 where hashing fails; it does not on any input.
pub async fn hash(cx: &Context, password: Password) -> Result<String, Problem> {
    cx.compute(move || {
        let hash = hasher().hash_password(password.expose().as_bytes());
        Ok(hash.map_err(|error| Problem::internal(error.to_string()))?.to_string())
    })
    .await?
}

/// Whether `password` is the one behind `stored`. Without one it takes as long and says no.
///
/// # Errors
/// 500 for a stored hash that cannot be read.
pub async fn verify(
    cx: &Context,
    password: String,
    stored: Option<String>,
) -> Result<bool, Problem> {
    cx.compute(move || {
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&phc)
            .map_err(|error| Problem::internal(format!("a stored password hash: {error}")))?;
        let matches = hasher().verify_password(password.as_bytes(), &hash).is_ok();
        Ok(matches && known)
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_of_the_current_cost() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let current = hasher().hash_password(b"x").unwrap();
        assert_eq!(nobody.params.as_str(), current.params.as_str());
        assert!(hasher().verify_password(b"", &nobody).is_err());
    }
}
