//! Turning one-time codes on and off. [`super::totp`] makes and checks the codes.

use qrcode::QrCode;
use qrcode::render::svg;

use super::form_seed::{self, FormSeed};
use super::totp;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Secret, TotpItem, UsedCode, User, UserId};
use crate::store::outbox::{Notice, OutboxItem};
use crate::store::users::UserItem;

/// A secret for an authenticator app, in three forms.
pub struct Enrolment {
    /// In base32, for typing.
    pub secret: String,
    /// As an `otpauth:` URI, which opens an authenticator app.
    pub otpauth_uri: String,
    /// The URI as a QR code, in SVG.
    pub qr_svg: String,
}

/// Makes a secret for an account. One-time codes stay off until [`confirm`] gets a code made with it. A new
/// secret replaces an unconfirmed one. With the `seed` of a form, a form that is sent twice gets the same
/// secret twice.
///
/// # Errors
/// 409 if one-time codes are on; 422 for a form that was opened before they were last turned off.
pub async fn enrol(
    cx: &Context,
    id: &UserId,
    seed: Option<&FormSeed>,
) -> Result<Enrolment, Problem> {
    let account = cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
    refuse_older(&account, seed)?;
    let enrolment = totp::enrol(cx, (id, &account.user.email), seed).await?;
    if !cx.store.totp().enrol(&account, &enrolment.item).await? {
        let detail = "One-time codes are already on. Turn them off first.";
        return Err(Problem::new(Code::EditConflict, detail));
    }
    let code = QrCode::new(&enrolment.uri).map_err(Problem::internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    // Without the XML declaration, the picture can be put into an HTML page.
    let qr_svg = picture.find("<svg").map_or("", |start| &picture[start..]).to_owned();
    Ok(Enrolment { secret: enrolment.secret, otpauth_uri: enrolment.uri, qr_svg })
}

/// Turns one-time codes on with a code from the app. Returns the recovery codes, which are not shown again.
/// With the `seed` of a form, a form that is sent twice within minutes gets them twice.
///
/// # Errors
/// 422 for a wrong code, and for a form that was opened before codes were last turned off; 409 if there is
/// no secret to confirm.
pub async fn confirm(
    cx: &Context,
    id: &UserId,
    code: &Secret,
    seed: Option<&FormSeed>,
) -> Result<Vec<String>, Problem> {
    let account = cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
    refuse_older(&account, seed)?;
    if let Some(codes) = shown_before(cx, &account, code, seed).await? {
        return Ok(codes);
    }
    let Some(item) = account.totp.as_ref().filter(|item| !item.confirmed) else {
        let detail = "There is no secret to confirm. Begin the set-up again.";
        return Err(Problem::new(Code::EditConflict, detail));
    };
    let Some(UsedCode::Step(step)) = totp::check(cx, id, item, code.expose()).await? else {
        let message = "The code is wrong or expired. Check that the clock of your device is right.";
        return Err(Problem::invalid_field("code", "wrong_code", message));
    };
    let (recovery_codes, recovery) = totp::recovery_codes(seed);
    let sealed = item.sealed.clone();
    let after = TotpItem { sealed, confirmed: true, last_step: step, recovery };
    let notice = OutboxItem::notice(
        cx.clock.now(),
        cx.request.source_ip,
        &account.user,
        Notice::TotpEnabled,
    );
    let entry = AuditEntry::new(cx, Event::TotpEnabled).by(id).about(id);
    if cx.store.totp().confirm(&account, item, &after, &notice, &entry).await? {
        return Ok(recovery_codes);
    }
    // Of two calls at once the other one has turned them on.
    let account = cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
    if let Some(codes) = shown_before(cx, &account, code, seed).await? {
        return Ok(codes);
    }
    let detail = "A newer secret was requested meanwhile. Use that one.";
    Err(Problem::new(Code::EditConflict, detail))
}

/// Refuses a form that was opened before codes were turned off: it would bring back secrets that somebody
/// else may know.
fn refuse_older(account: &UserItem, seed: Option<&FormSeed>) -> Result<(), Problem> {
    match (account.totp_off_at, seed) {
        (Some(off), Some(seed)) if seed.opened() <= off => Err(form_seed::too_old()),
        _ => Ok(()),
    }
}

/// The recovery codes that the same form has got before with the same code, while none was used.
async fn shown_before(
    cx: &Context,
    account: &UserItem,
    code: &Secret,
    seed: Option<&FormSeed>,
) -> Result<Option<Vec<String>>, Problem> {
    let on = account.totp.as_ref().filter(|item| item.confirmed);
    let Some((item, seed)) = on.zip(seed) else { return Ok(None) };
    let (codes, digests) = totp::recovery_codes(Some(seed));
    let is_same = item.recovery == digests
        && totp::is_last(cx, &account.user.id, item, code.expose()).await?;
    Ok(is_same.then_some(codes))
}

/// Turns one-time codes off.
///
/// # Errors
/// Where the database fails.
pub async fn turn_off(cx: &Context, user: &User) -> Result<(), Problem> {
    let now = cx.clock.now();
    let notice = OutboxItem::notice(now, cx.request.source_ip, user, Notice::TotpDisabled);
    let entry = AuditEntry::new(cx, Event::TotpDisabled).by(&user.id).about(&user.id);
    cx.store.totp().delete(&user.id, now, &notice, &entry).await?;
    Ok(())
}
