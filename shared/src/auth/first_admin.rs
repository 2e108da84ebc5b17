//! The first admin (docs/decisions/0026-first-admin.md): while there is none, the page to sign in on offers to mail
//! a link to choose a password to the address that the deployment names.
//!
//! Nobody says where the mail goes, and the page shows the address only in part. So a stranger who presses
//! the button sends the owner of the mailbox their own link, and no more often than anybody may.
//!
//! On one machine there is an admin from the start, who may have missed the link that the start prints. There
//! the page offers a link to sign in; the mail never leaves the machine.

use super::{sign_in_mail, sign_up};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::{Email, Name};

/// The name of the account, if its owner chooses none.
const NAME: &str = "Admin";

/// What can be done at the page to sign in on before anybody is there. Addresses are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstSteps {
    /// There is no admin. A link to choose a password can be sent to this address.
    ChoosePassword(String),
    /// There is no admin, and the address that the deployment names has an account that is none.
    AddressTaken(String),
    /// There is no admin, and the deployment names no address.
    NoAddress,
    /// There is an admin, and no mail leaves this machine: a link to sign in can be sent.
    SignIn(String),
}

/// What the page is to offer; `None` if people just sign in.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn first_steps(cx: &Context) -> Result<Option<FirstSteps>, Problem> {
    let address = cx.config.admin_email.as_ref();
    if cx.store.users().has_admin().await? {
        let is_local = cx.config.mailbox.is_some();
        return Ok(address.filter(|_| is_local).map(|email| FirstSteps::SignIn(masked(email))));
    }
    let Some(email) = address else { return Ok(Some(FirstSteps::NoAddress)) };
    let has_account = cx.store.users().find_id_by_email(email).await?.is_some();
    let steps = if has_account { FirstSteps::AddressTaken } else { FirstSteps::ChoosePassword };
    Ok(Some(steps(masked(email))))
}

/// Sends the link that [`first_steps`] offers.
///
/// # Errors
/// 403 if it offers none; 429 after too many mails.
pub async fn send_link(cx: &Context) -> Result<(), Problem> {
    let steps = first_steps(cx).await?;
    match (steps, cx.config.admin_email.clone()) {
        (Some(FirstSteps::ChoosePassword(_)), Some(email)) => {
            sign_up::register(cx, email, Name::trusted(NAME)).await
        }
        (Some(FirstSteps::SignIn(_)), Some(email)) => sign_in_mail::request_link(cx, email).await,
        _ => Err(Problem::new(Code::Forbidden, "No link is sent from here. Sign in.")),
    }
}

/// An address as strangers may see it. Its owner recognises it.
fn masked(email: &Email) -> String {
    let (name, domain) = email.as_str().split_once('@').unwrap_or_default();
    let (host, end) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let end = if end.is_empty() { String::new() } else { format!(".{end}") };
    format!("{}•••@{}•••{end}", first(name), first(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_masked_whatever_its_length() {
        for (email, shown) in [
            ("ada@example.com", "a•••@e•••.com"),
            ("a@mail.example.co.uk", "a•••@m•••.uk"),
            ("admin@localhost", "a•••@l•••"),
            ("ä@ö.example", "ä•••@ö•••.example"),
        ] {
            assert_eq!(masked(&Email::trusted(email)), shown);
        }
    }
}
