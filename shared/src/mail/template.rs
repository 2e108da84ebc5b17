//! Every mail that Byline sends.

use maud::html;

use crate::config::Config;
use crate::model::Name;

/// A mail, ready to be sent as text and as HTML.
#[derive(Clone)]
pub struct Mail {
    /// The subject.
    pub subject: String,
    paragraphs: Vec<Paragraph>,
}

#[derive(Clone)]
enum Paragraph {
    Text(String),
    Link(String),
}

impl Mail {
    /// Asks somebody who signed up to confirm their address. `token` is base64url, which stands in
    /// a URL as it is.
    #[must_use]
    pub fn confirm_address(config: &Config, name: &Name, token: &str) -> Self {
        let (site, url) = (&config.site_name, &config.site_url);
        Self {
            subject: format!("Confirm your address for {site}"),
            paragraphs: vec![
                Paragraph::Text(format!("Hello {name},")),
                Paragraph::Text(format!("confirm your address to finish signing up at {site}:")),
                Paragraph::Link(format!("{url}/verify-email?token={token}")),
                Paragraph::Text(
                    "The link works once, for 24 hours. If you did not sign up, ignore this \
                     mail: nothing happens then."
                        .to_owned(),
                ),
            ],
        }
    }

    /// Tells somebody who signed up again that they have an account.
    #[must_use]
    pub fn account_exists(config: &Config, name: &Name) -> Self {
        let (site, url) = (&config.site_name, &config.site_url);
        Self {
            subject: format!("You already have an account at {site}"),
            paragraphs: vec![
                Paragraph::Text(format!("Hello {name},")),
                Paragraph::Text(format!(
                    "somebody, perhaps you, signed up at {site} with this address. It has an \
                     account already, which stays as it is. Sign in here:"
                )),
                Paragraph::Link(format!("{url}/login")),
                Paragraph::Text("If it was not you, there is nothing to do.".to_owned()),
            ],
        }
    }

    /// The body as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .paragraphs
            .iter()
            .map(|(Paragraph::Text(text) | Paragraph::Link(text))| text.as_str())
            .collect();
        texts.join("\n\n") + "\n"
    }

    /// The body as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let page = html! {
            @for paragraph in &self.paragraphs {
                @match paragraph {
                    Paragraph::Text(text) => p { (text) },
                    Paragraph::Link(url) => p { a href=(url) { (url) } },
                }
            }
        };
        page.into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_bring_markup_along() {
        let mail = Mail {
            subject: String::new(),
            paragraphs: vec![Paragraph::Text("Hello <b>you</b>".to_owned())],
        };
        assert_eq!(mail.html(), "<p>Hello &lt;b&gt;you&lt;/b&gt;</p>");
    }
}
