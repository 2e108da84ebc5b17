//! Why signing in on a page failed, in words for the person in front of it.

use crate::http::problem::{Code, Problem};

/// The heading where the user is not signed in.
const NOT_SIGNED_IN: &str = "Sign-in failed";

/// Why a sign-in failed. The pages give their fields the ids `email`, `password`, `code` and `mail-code`.
pub struct Fault {
    /// What did not happen.
    pub title: &'static str,
    /// The ids of the fields to correct.
    pub fields: &'static [&'static str],
    /// What is wrong, and what to do about it.
    pub text: String,
}

impl Fault {
    /// The message for a request for a mailed code, which needs the address alone.
    #[must_use]
    pub fn with_mail_request(problem: &Problem) -> Self {
        let fields: &[&str] = match problem.code {
            Code::TooManyRequests => &[],
            _ => &["email"],
        };
        Self { title: "No code was sent", fields, text: said(problem) }
    }

    /// The message for a problem with the password's form, and the fields that it is about. `code` is the
    /// one-time code that was entered.
    #[must_use]
    pub fn with_password(problem: &Problem, code: &str) -> Self {
        match problem.code {
            Code::SecondFactorRequired => Self::with_code(if is_empty(code) {
                "This account uses one-time codes. Enter your password again, with the one-time \
                 code from your authenticator app or a recovery code."
            } else {
                "The code is wrong or has already been used. Enter your password again, with \
                 the next code from your authenticator app or another recovery code."
            }),
            Code::TooManyRequests => Self::new(&[], problem.detail.clone()),
            // Both fields are marked: the page does not tell which of the two was wrong.
            _ => Self::new(&["email", "password"], said(problem)),
        }
    }

    /// The same for the form of the mailed code.
    #[must_use]
    pub fn with_mailed_code(problem: &Problem, code: &str) -> Self {
        match problem.code {
            Code::SecondFactorRequired => Self::with_code(if is_empty(code) {
                "This account uses one-time codes. Enter the code from the e-mail again, with the \
                 one-time code from your authenticator app or a recovery code."
            } else {
                "The one-time code is wrong or has already been used. Enter the code from the \
                 e-mail again, with the next code from your authenticator app or another \
                 recovery code."
            }),
            Code::TooManyRequests => Self::new(&[], problem.detail.clone()),
            _ => {
                let text = "The code has expired, has already been used, or is not complete. Check \
                            the newest e-mail, or start again for another code.";
                Self::new(&["mail-code"], text.to_owned())
            }
        }
    }

    /// The same for a mailed link, whose form has one field: that of a one-time code.
    #[must_use]
    pub fn with_mailed_link(problem: &Problem, code: &str) -> Self {
        match problem.code {
            Code::SecondFactorRequired => Self::with_code(if is_empty(code) {
                "This account uses one-time codes. Enter the one-time code from your authenticator \
                 app or a recovery code. The link still works."
            } else {
                "The one-time code is wrong or has already been used. Enter the next code from your \
                 authenticator app or another recovery code. The link still works."
            }),
            Code::TooManyRequests => Self::new(&[], problem.detail.clone()),
            _ => {
                let text = "The link has expired, has already been used, or is not complete. Sign in \
                            with your password, or ask for a code by e-mail.";
                Self::new(&[], text.to_owned())
            }
        }
    }

    /// The same for a passkey, which has no field.
    #[must_use]
    pub fn with_passkey(problem: &Problem) -> Self {
        Self::new(&[], problem.detail.clone())
    }

    /// Whether it says that the user is not signed in, rather than that no mail was sent.
    #[must_use]
    pub fn is_about_sign_in(&self) -> bool {
        self.title == NOT_SIGNED_IN
    }

    fn new(fields: &'static [&'static str], text: String) -> Self {
        Self { title: NOT_SIGNED_IN, fields, text }
    }

    fn with_code(text: &str) -> Self {
        Self::new(&["code"], text.to_owned())
    }
}

/// What is wrong with the first field, where a field is wrong.
fn said(problem: &Problem) -> String {
    problem.errors.first().map_or_else(|| problem.detail.clone(), |error| error.message.clone())
}

fn is_empty(code: &str) -> bool {
    code.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which fields a page marks, and how its message begins.
    fn told(fault: &Fault) -> (&'static [&'static str], &str) {
        (fault.fields, &fault.text)
    }

    #[test]
    fn a_page_marks_the_fields_that_are_wrong_and_says_why() {
        let problem = |code| Problem::new(code, "What happened.");
        let (second, many) = (problem(Code::SecondFactorRequired), problem(Code::TooManyRequests));
        let wrong = problem(Code::InvalidCredentials);
        let made = [Fault::with_password, Fault::with_mailed_code, Fault::with_mailed_link];
        let missing = [
            "This account uses one-time codes. Enter your password again,",
            "This account uses one-time codes. Enter the code from the e-mail again,",
            "This account uses one-time codes. Enter the one-time code from",
        ];
        let failed = [
            "The code is wrong or has already been used. Enter your password again,",
            "The one-time code is wrong or has already been used. Enter the code from the e-mail again,",
            "The one-time code is wrong or has already been used. Enter the next code",
        ];
        let others: [(&[&str], &str); 3] = [
            (&["email", "password"], "What happened."),
            (&["mail-code"], "The code has expired,"),
            (&[], "The link has expired,"),
        ];
        for (place, make) in made.into_iter().enumerate() {
            for (code, words) in
                [("", missing[place]), (" \n", missing[place]), ("123456", failed[place])]
            {
                let fault = make(&second, code);
                assert_eq!(fault.fields, ["code"], "{place} {code:?}");
                assert!(fault.text.starts_with(words), "{}", fault.text);
                assert!(fault.is_about_sign_in());
            }
            assert_eq!(told(&make(&many, "")), (&[][..], "What happened."), "{place}");
            let fault = make(&wrong, "123456");
            assert_eq!(fault.fields, others[place].0, "{place}");
            assert!(fault.text.starts_with(others[place].1), "{}", fault.text);
        }
    }

    #[test]
    fn what_is_wrong_with_a_field_is_said_before_the_rest() {
        let invalid = Problem::invalid_field("email", "invalid", "Is no address.");
        let fault = Fault::with_mail_request(&invalid);
        assert_eq!(
            (told(&fault), fault.title),
            ((&["email"][..], "Is no address."), "No code was sent")
        );
        assert!(!fault.is_about_sign_in());
        let many = Problem::new(Code::TooManyRequests, "Later.");
        assert_eq!(told(&Fault::with_mail_request(&many)), (&[][..], "Later."));
        assert_eq!(
            told(&Fault::with_password(&invalid, "")),
            (&["email", "password"][..], "Is no address.")
        );
        let fault = Fault::with_passkey(&many);
        assert_eq!(told(&fault), (&[][..], "Later."));
        assert!(fault.is_about_sign_in());
    }
}
