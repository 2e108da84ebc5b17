//! The form of the settings.

use byline_shared::http::problem::Problem;
use byline_shared::model::Zone;
use maud::{Markup, html};

use super::entries::{AGENTS, REGISTRATION};
use super::together::BASE;
use crate::parts::{self, Field, Kind, fault};
use crate::visit::Visit;

/// What the form begins with.
pub(crate) struct Start<'a> {
    /// The version of the settings that it is based on.
    pub(crate) version: &'a str,
    /// The digests of their values.
    pub(crate) base: &'a str,
    /// The values in its fields, by name.
    pub(crate) values: &'a [(&'static str, String)],
}

impl Start<'_> {
    fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// The form.
pub(crate) fn form(visit: &Visit, start: &Start<'_>, problem: Option<&Problem>) -> Markup {
    let agents = AGENTS.map(|(word, words, _)| (word, words));
    let registration = REGISTRATION.map(|(word, words, _)| (word, words));
    let zones: Vec<String> = Zone::names().collect();
    let field = |name: &'static str, label: &'static str| Field {
        name,
        label,
        value: start.value(name),
        fault: fault(problem, name),
        ..Field::default()
    };
    html! {
        section.sheet {
            form.form.padded method="post" action="/desk/settings" {
                (parts::token(visit))
                input type="hidden" name="version" value=(start.version);
                input type="hidden" name=(BASE) value=(start.base);
                (parts::field(Field { hint: Some("Shown in mails and feeds, at the Desk, and where people authorize apps."), required: true, max: Some(200), ..field("title", "Name of the publication") }))
                (parts::field(Field { hint: Some("In plain text. Feeds show it."), kind: Kind::Area(2), max: Some(1000), ..field("description", "Description (optional)") }))
                (parts::field(Field { hint: Some("Where readers read, such as https://example.com. Feeds, sitemaps and mails link to it."), kind: Kind::Url, required: true, ..field("url", "Address of the website") }))
                (parts::field(Field { hint: Some("For times at the Desk and in mails, such as Europe/Berlin, America/New_York or UTC."), kind: Kind::Suggested(&zones), required: true, ..field("time_zone", "Time zone") }))
                (parts::field(Field { hint: Some("For posts that name no other, such as en, de or pt-BR."), required: true, ..field("language", "Language") }))
                div.pair {
                    (parts::field(Field { hint: Some("Where posts are on the website, such as /posts/{slug}."), required: true, ..field("post_path", "Path of a post") }))
                    (parts::field(Field { hint: Some("Where pages such as About are on the website, such as /{slug}."), required: true, ..field("page_path", "Path of a page") }))
                }
                (parts::field(Field { hint: Some("Agents are API keys and connected apps. They never approve, reject or change settings."), kind: Kind::Listed(&agents), required: true, ..field("agent_publishing", "What agents may publish") }))
                (parts::tick("author_publishing", "yes", "Authors publish their own posts", Some("They publish, schedule and take down what they wrote, as signed-in people. Their API keys and apps do not. Turned off, what they have scheduled ends, and they and the editors are told."), start.value("author_publishing") == "yes"))
                (parts::field(Field { hint: Some("Admins can always invite people, under People. If everybody can sign up, the sign-in page links to the page for it."), kind: Kind::Listed(&registration), required: true, ..field("registration", "How people get an account") }))
                (parts::field(Field { hint: Some("How to write here, in Markdown. Agents read it before they write."), kind: Kind::Area(10), max: Some(20_000), ..field("style_guide", "Style guide (optional)") }))
                button.button.go type="submit" { "Save settings" }
            }
        }
    }
}
