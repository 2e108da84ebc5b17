//! The settings one by one: as fields of the form, and in words.

use byline_shared::model::{AgentPublishing, Registration, Settings};

/// A choice: its word in the form, its words on the page, and its value.
type Choice<T> = (&'static str, &'static str, T);

/// What agents may do, in the words of the page.
pub(crate) const AGENTS: [Choice<AgentPublishing>; 3] = [
    ("never", "Nothing: they draft and propose, people do the rest", AgentPublishing::Never),
    ("approved", "Publish and schedule what a person approved", AgentPublishing::Approved),
    ("allowed", "Everything that their role and scopes allow", AgentPublishing::Allowed),
];

/// How people get an account, in the words of the page.
pub(crate) const REGISTRATION: [Choice<Registration>; 2] = [
    ("invited", "By invitation of an admin", Registration::Invited),
    ("open", "Everybody can sign up, and begins as a reader", Registration::Open),
];

/// How many settings there are.
pub(crate) const COUNT: usize = 11;

/// A setting.
pub(crate) struct Entry {
    /// The name of its field.
    pub(crate) name: &'static str,
    /// Its label on the page.
    pub(crate) label: &'static str,
    /// The value that its field sends.
    pub(crate) value: String,
}

impl Entry {
    /// The id of its field.
    pub(crate) fn id(&self) -> &'static str {
        match self.name {
            "author_publishing" => "author_publishing-yes",
            name => name,
        }
    }

    /// What it is set to, for people.
    pub(crate) fn in_words(&self) -> &str {
        let words = match self.name {
            "agent_publishing" => words_of(&AGENTS, &self.value),
            "registration" => words_of(&REGISTRATION, &self.value),
            "author_publishing" => Some(if self.value.is_empty() { "no" } else { "yes" }),
            _ => None,
        };
        words.unwrap_or(&self.value)
    }
}

/// All settings, in the order of the form.
pub(crate) fn entries(settings: &Settings) -> [Entry; COUNT] {
    let authors = if settings.author_publishing { "yes" } else { "" };
    [
        ("title", "Name of the publication", settings.title.as_str()),
        ("description", "Description", settings.description.as_str()),
        ("url", "Address of the website", settings.url.as_str()),
        ("language", "Language", settings.language.as_str()),
        ("time_zone", "Time zone", settings.time_zone.as_str()),
        ("post_path", "Path of a post", settings.post_path.as_str()),
        ("page_path", "Path of a page", settings.page_path.as_str()),
        (
            "agent_publishing",
            "What agents may publish",
            word_of(&AGENTS, settings.agent_publishing),
        ),
        ("author_publishing", "Authors publish their own posts", authors),
        (
            "registration",
            "How people get an account",
            word_of(&REGISTRATION, settings.registration),
        ),
        ("style_guide", "Style guide", settings.style_guide.as_str()),
    ]
    .map(|(name, label, value)| Entry { name, label, value: value.to_owned() })
}

/// The value of a word in the form.
pub(crate) fn value_of<T: Copy>(choices: &[Choice<T>], word: &str) -> Option<T> {
    choices.iter().find(|(known, ..)| *known == word).map(|(.., value)| *value)
}

fn words_of<T>(choices: &[Choice<T>], word: &str) -> Option<&'static str> {
    choices.iter().find(|(known, ..)| *known == word).map(|(_, words, _)| *words)
}

fn word_of<T: PartialEq>(choices: &[Choice<T>], value: T) -> &'static str {
    let found = choices.iter().find(|(.., known)| *known == value);
    found.expect("every value is a choice").0
}
