//! One-time codes (RFC 6238) and recovery codes.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use totp_rs::{Algorithm, TOTP};

use super::form_seed::{FormSeed, is_shown_again};
use crate::context::Context;
use crate::crypto::{digest, random};
use crate::http::problem::Problem;
use crate::model::{Email, Time, TotpItem, UsedCode, UserId};

/// How long a code is good, in seconds.
const STEP: i64 = 30;

/// How many recovery codes there are.
const RECOVERY_CODES: u8 = 10;

/// A fresh secret for somebody's app.
pub struct Enrolment {
    /// In base32, to be typed.
    pub secret: String,
    /// As a link for apps.
    pub uri: String,
    /// What to keep.
    pub item: TotpItem,
}

/// Makes a secret for an account: a random one, or that of a form.
///
/// # Errors
/// 503 while the account secret or the publication's name cannot be read.
pub async fn enrol(
    cx: &Context,
    (user, email): (&UserId, &Email),
    seed: Option<&FormSeed>,
) -> Result<Enrolment, Problem> {
    let bytes = seed.map_or_else(random::bytes, |seed| seed.bytes("one-time codes", 0));
    let secret: [u8; 20] = *bytes.first_chunk().expect("32 bytes have 20");
    let site = cx.settings.read().await?;
    let totp = generator(&secret, Some((site.title.as_str(), email)))?;
    let sealed = cx.secrets.account.get().await?.seal(user.as_str(), &secret)?;
    Ok(Enrolment {
        secret: totp.get_secret_base32(),
        uri: totp.get_url(),
        item: TotpItem { sealed, confirmed: false, last_step: 0, recovery: Vec::new() },
    })
}

/// Recovery codes, random ones or those of a form, and the digests to keep of them.
#[must_use]
pub fn recovery_codes(seed: Option<&FormSeed>) -> (Vec<String>, Vec<String>) {
    // Four groups of seven letters of an alphabet of 16: 112 bits.
    let code = |number| {
        let bytes =
            seed.map_or_else(random::bytes::<32>, |seed| seed.bytes("recovery code", number));
        bytes[..28].chunks(7).map(random::letters_of).collect::<Vec<_>>().join("-")
    };
    let codes: Vec<String> = (0..RECOVERY_CODES).map(code).collect();
    let digests = codes.iter().map(|code| digest::sha256(bare(code))).collect();
    (codes, digests)
}

/// What `code` uses up, if it fits: a code of this time step or the one before or after, that is
/// later than the last one; or a recovery code.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn check(
    cx: &Context,
    user: &UserId,
    item: &TotpItem,
    code: &str,
) -> Result<Option<UsedCode>, Problem> {
    let code = bare(code);
    let digest = digest::sha256(&code);
    if item.recovery.contains(&digest) {
        return Ok(Some(UsedCode::Recovery(digest)));
    }
    let secret = cx.secrets.account.get().await?.open(user.as_str(), &item.sealed)?;
    let totp = generator(&secret, None)?;
    let now = cx.clock.now().as_seconds() / STEP;
    let mut used = None;
    for step in [now - 1, now, now + 1] {
        let time = u64::try_from(step * STEP).unwrap_or_default();
        let fits = verify_slices_are_equal(totp.generate(time).as_bytes(), code.as_bytes());
        if fits.is_ok() && step > item.last_step {
            used = Some(UsedCode::Step(step));
        }
    }
    Ok(used)
}

/// Whether a code is the one that was used last, a few minutes ago at most.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn is_last(
    cx: &Context,
    user: &UserId,
    item: &TotpItem,
    code: &str,
) -> Result<bool, Problem> {
    let secret = cx.secrets.account.get().await?.open(user.as_str(), &item.sealed)?;
    let time = u64::try_from(item.last_step * STEP).unwrap_or_default();
    let last = generator(&secret, None)?.generate(time);
    let fits = verify_slices_are_equal(last.as_bytes(), bare(code).as_bytes()).is_ok();
    Ok(fits && is_shown_again(cx, Time::from_millis(item.last_step * STEP * 1000)))
}

/// A code as it counts: without the spaces and dashes that it is shown with.
fn bare(code: &str) -> String {
    let counts = |char: &char| !char.is_whitespace() && *char != '-';
    code.chars().filter(counts).collect::<String>().to_ascii_lowercase()
}

/// SHA-1, six digits, 30 seconds: what every app understands.
fn generator(secret: &[u8], owner: Option<(&str, &Email)>) -> Result<TOTP, Problem> {
    // A colon parts issuer and account in the link.
    let owner = owner.map(|(site, email)| (site.replace(':', " "), email.as_str().to_owned()));
    let (issuer, account) = owner.map_or((None, String::new()), |(s, e)| (Some(s), e));
    TOTP::new(Algorithm::SHA1, 6, 1, 30, secret.to_vec(), issuer, account)
        .map_err(|error| Problem::internal(error.to_string()))
}
