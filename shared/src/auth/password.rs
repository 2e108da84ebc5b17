//! Passwords: argon2id at the parameters that OWASP recommends, with a pepper where the deployment
//! wants one, and refused when they are easily guessed.

use std::sync::atomic::Ordering;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use zxcvbn::Score;

use crate::config::PasswordCost;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Email, Name, Password, Secret};
use crate::store::users::UserItem;

fn params(cost: PasswordCost) -> Params {
    Params::new(cost.memory, cost.passes, 1, None).expect("the parameters are within bounds")
}

fn hasher(cost: PasswordCost, pepper: Option<&[u8]>) -> Argon2<'_> {
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    match pepper {
        Some(pepper) => Argon2::new_with_secret(pepper, algorithm, version, params(cost))
            .expect("32 bytes are within bounds"),
        None => Argon2::new(algorithm, version, params(cost)),
    }
}

/// A hash that no password opens, of the same cost as any other: compared where there is no
/// account, so that both cases take as long, and kept for accounts that never had a password.
pub const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Stands before a PHC string that the pepper went into.
const PEPPERED: &str = "peppered";

/// The hash of a password, as it is stored: a PHC string, marked where it is peppered.
///
/// # Errors
/// 503 while a pepper is wanted and cannot be read.
pub async fn hash(cx: &Context, password: Password) -> Result<String, Problem> {
    let pepper = match cx.config.password_pepper {
        true => Some(cx.secrets.account.get().await?.pepper),
        false => None,
    };
    cx.password_hashes.fetch_add(1, Ordering::SeqCst);
    let cost = cx.config.password_cost;
    cx.compute(move || {
        let hasher = hasher(cost, pepper.as_ref().map(<[u8; 32]>::as_slice));
        let hash = hasher.hash_password(password.expose().as_bytes());
        let hash = hash.map_err(|error| Problem::internal(error.to_string()))?;
        Ok(if pepper.is_some() { format!("{PEPPERED}{hash}") } else { hash.to_string() })
    })
    .await?
}

/// Whether `password` is the one behind `stored`. Without one it takes as long and says no.
///
/// # Errors
/// 500 for a stored hash that cannot be read; 503 while its pepper cannot be read.
pub async fn verify(
    cx: &Context,
    password: String,
    stored: Option<String>,
) -> Result<bool, Problem> {
    let known = stored.is_some();
    let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
    let (phc, pepper) = match stored.strip_prefix(PEPPERED) {
        Some(phc) => (phc.to_owned(), Some(cx.secrets.account.get().await?.pepper)),
        None => (stored, None),
    };
    cx.password_hashes.fetch_add(1, Ordering::SeqCst);
    let cost = cx.config.password_cost;
    cx.compute(move || {
        let hash = PasswordHash::new(&phc)
            .map_err(|error| Problem::internal(format!("a stored password hash: {error}")))?;
        let hasher = hasher(cost, pepper.as_ref().map(<[u8; 32]>::as_slice));
        let matches = hasher.verify_password(password.as_bytes(), &hash).is_ok();
        Ok(matches && known)
    })
    .await?
}

/// Brings the stored hash of a password that has just matched up to what [`hash`] would make today.
/// That it fails is no harm: the next sign-in does it.
pub async fn renew(cx: &Context, account: &UserItem, password: &Secret) {
    let (cost, has_pepper) = (cx.config.password_cost, cx.config.password_pepper);
    if !is_outdated(&account.password_hash, cost, has_pepper) {
        return;
    }
    let outcome = async {
        let hash = hash(cx, Password::new(password.expose())).await?;
        cx.store.passwords().rehash(account, &hash).await.map_err(Problem::from)
    };
    if let Err(problem) = outcome.await {
        tracing::warn!(cause = ?problem.cause, "a password was not hashed anew");
    }
}

/// Whether a stored hash is of other parameters than today's, or peppered where that is not wanted, or not
/// peppered where it is.
fn is_outdated(stored: &str, wanted: PasswordCost, has_pepper: bool) -> bool {
    let peppered = stored.starts_with(PEPPERED);
    let phc = stored.strip_prefix(PEPPERED).unwrap_or(stored);
    let params = PasswordHash::new(phc).ok().and_then(|hash| Params::try_from(&hash).ok());
    let current = params.is_some_and(|stored| {
        (stored.m_cost(), stored.t_cost(), stored.p_cost()) == (wanted.memory, wanted.passes, 1)
    });
    !current || peppered != has_pepper
}

/// Refuses a password that is common, follows a pattern, or is made of the owner's address or name
/// or the site's name (ASVS 6.2.4, 6.2.11). There are no rules of composition.
///
/// # Errors
/// 422 on `field`, with the reason; 503 while the publication's name cannot be read.
pub async fn refuse_weak(
    cx: &Context,
    password: &Password,
    field: &str,
    email: &Email,
    name: &Name,
) -> Result<(), Problem> {
    let site = cx.settings.read().await?;
    let own: Vec<String> = [email.as_str(), name.as_str(), site.title.as_str(), "byline"]
        .into_iter()
        .flat_map(|text| {
            let words = text.split(|char: char| !char.is_alphanumeric());
            std::iter::once(text).chain(words.filter(|word| word.chars().count() > 2))
        })
        .map(str::to_lowercase)
        .collect();
    let password = password.clone();
    let reason = cx
        .compute(move || {
            if is_made_of(password.expose(), &own) {
                return Some("It is made of your address or name, or the site's.".to_owned());
            }
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let estimate = zxcvbn::zxcvbn(&readable(password.expose()), &own);
            if estimate.score() >= Score::Three {
                return None;
            }
            let warning = estimate.feedback().and_then(|feedback| feedback.warning());
            Some(warning.map_or("It follows a pattern.".to_owned(), |warning| warning.to_string()))
        })
        .await?;
    match reason {
        None => Ok(()),
        Some(reason) => {
            let message = format!("Is easily guessed. {reason} Choose several unrelated words.");
            Err(Problem::invalid_field(field, "too_guessable", message))
        }
    }
}

/// Signs that are read as letters ("4" for "a").
const SIGNS: &str = "4@8({[<369|1!05$+7%2";

/// With more different ones of them than this, a password is judged by its beginning.
const MAX_SIGNS: usize = 5;

/// A password as it is judged: its beginning, and less of it the more readings it has, because the
/// work of judging grows with every combination of signs. 60 characters hold whole repeats of
/// most lengths.
fn readable(password: &str) -> String {
    let signs = SIGNS.chars().filter(|sign| password.contains(*sign)).count();
    let judged = if signs > MAX_SIGNS { 24 } else { 60 };
    password.chars().take(judged).collect()
}

/// What must be left of a password without the words of its owner, in characters.
const MIN_OF_ITS_OWN: usize = 8;

fn is_made_of(password: &str, own: &[String]) -> bool {
    let mut rest = password.to_lowercase();
    let mut words: Vec<&String> = own.iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(word.as_str(), "");
    }
    let shortened = rest.len() < password.to_lowercase().len();
    shortened && rest.chars().filter(|char| char.is_alphanumeric()).count() < MIN_OF_ITS_OWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_judged_is_bounded() {
        assert_eq!(readable(&SIGNS.repeat(12)).chars().count(), 24);
        assert_eq!(readable(&"(4|3$".repeat(50)).chars().count(), 60);
        assert_eq!(readable("correct horse battery"), "correct horse battery");
    }

    #[test]
    fn the_hash_of_nobody_is_of_the_current_cost() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let current = hasher(PasswordCost::RECOMMENDED, None).hash_password(b"x").unwrap();
        assert_eq!(nobody.params.as_str(), current.params.as_str());
        assert!(hasher(PasswordCost::RECOMMENDED, None).verify_password(b"", &nobody).is_err());
    }

    #[test]
    fn a_hash_is_outdated_by_another_cost_and_by_the_pepper() {
        let now = PasswordCost { memory: 16, passes: 2 };
        let hash = |cost| hasher(cost, None).hash_password(b"x").unwrap().to_string();
        for (cost, is_other) in [
            (now, false),
            (PasswordCost { memory: 8, ..now }, true),
            (PasswordCost { passes: 1, ..now }, true),
        ] {
            let plain = hash(cost);
            let peppered = format!("{PEPPERED}{plain}");
            for has_pepper in [true, false] {
                let is = |stored: &str| is_outdated(stored, now, has_pepper);
                assert_eq!(is(&plain), is_other || has_pepper, "{cost:?} {has_pepper}");
                assert_eq!(is(&peppered), is_other || !has_pepper, "{cost:?} {has_pepper}");
            }
        }
        assert!(is_outdated("no hash", now, false));
    }

    #[test]
    fn the_owner_and_the_site_are_no_password() {
        let own = ["ada.lovelace@example.com", "lovelace", "the tides"].map(str::to_owned);
        for (password, is_it) in [
            ("Ada.Lovelace@example.com", true),
            ("lovelace1815", true),
            // Seven letters and digits of its own, and eight.
            ("lovelace-1234567", true),
            ("lovelace-12345678", false),
            ("The Tides Lovelace", true),
            // The longest word counts first, whatever the order.
            ("ada.lovelace@example.com1234567", true),
            // Nothing of it is theirs.
            ("1234567", false),
            ("quiet harbour stones", false),
        ] {
            assert_eq!(is_made_of(password, &own), is_it, "{password}");
        }
    }

    #[test]
    fn signs_that_read_as_letters_shorten_what_is_judged() {
        let with = |signs: usize| format!("{}{}", &SIGNS[..signs], "x".repeat(100));
        assert_eq!(readable(&with(MAX_SIGNS)).len(), 60);
        assert_eq!(readable(&with(MAX_SIGNS + 1)).len(), 24);
    }
}
