//! Fields of forms, each with its label, its hint and its fault.

use maud::{Markup, html};

/// What is entered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    /// A line of text.
    Text,
    /// The address of an account that signs in, which browsers fill in.
    Account,
    /// Another e-mail address.
    Email,
    /// A web address.
    Url,
    /// The password of an account.
    Password,
    /// A password that is being chosen.
    NewPassword,
    /// A code of an authenticator app, or out of a mail.
    Code,
    /// A date, as `2026-11-29`.
    Date,
    /// A date with a time, as `2026-11-29T09:00`.
    DateTime,
    /// Several lines, as many at first.
    Area(u8),
    /// One of these: the value, and the words for it. A closed list: on a phone it shows some 30 characters.
    Choice(&'a [(&'a str, &'a str)]),
    /// A line of text, with what browsers suggest for it.
    Suggested(&'a [String]),
    /// The same, all of them below each other: for words that people have to read.
    Listed(&'a [(&'a str, &'a str)]),
}

impl Kind<'_> {
    fn input_type(self) -> &'static str {
        match self {
            Self::Account | Self::Email => "email",
            Self::Url => "url",
            Self::Password | Self::NewPassword => "password",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Text
            | Self::Code
            | Self::Area(_)
            | Self::Choice(_)
            | Self::Suggested(_)
            | Self::Listed(_) => "text",
        }
    }

    fn autocomplete(self) -> Option<&'static str> {
        match self {
            Self::Account => Some("username"),
            Self::Email => Some("email"),
            Self::Password => Some("current-password"),
            Self::NewPassword => Some("new-password"),
            Self::Code => Some("one-time-code"),
            _ => None,
        }
    }
}

/// A field of a form. Its id is its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    /// The name that it is sent under.
    pub(crate) name: &'a str,
    /// Its label.
    pub(crate) label: &'a str,
    /// What is in it. Passwords and codes are never put in.
    pub(crate) value: &'a str,
    /// What helps to fill it in, below the label.
    pub(crate) hint: Option<&'a str>,
    /// What is entered.
    pub(crate) kind: Kind<'a>,
    /// Whether it may not be left empty. Where most fields are required, the others say "optional" in the label.
    pub(crate) required: bool,
    /// The most characters (UTF-16 units, as browsers count).
    pub(crate) max: Option<usize>,
    /// What was wrong with what was sent.
    pub(crate) fault: Option<&'a str>,
}

impl Default for Field<'_> {
    fn default() -> Self {
        Self {
            name: "",
            label: "",
            value: "",
            hint: None,
            kind: Kind::Text,
            required: false,
            max: None,
            fault: None,
        }
    }
}

/// The field with its label, its hint and its fault, which screen readers say with it.
pub(crate) fn field(field: Field<'_>) -> Markup {
    if let Kind::Listed(choices) = field.kind {
        return listed(field, choices);
    }
    html! {
        div.field {
            label for=(field.name) { (field.label) }
            @if let Some(hint) = field.hint {
                p.hint #{ (field.name) "-hint" } { (hint) }
            }
            @match field.kind {
                Kind::Area(rows) => (area(field, rows)),
                Kind::Choice(choices) => (select(field, choices)),
                _ => (input(field)),
            }
            @if let Some(fault) = field.fault {
                p.fault #{ (field.name) "-fault" } { (fault) }
            }
        }
    }
}

/// The field for a password that is being chosen.
pub(crate) fn new_password(name: &str, fault: Option<&str>) -> Markup {
    field(Field {
        name,
        label: "New password",
        hint: Some(
            "At least 12 characters. Several unrelated words are easy to remember and hard to guess.",
        ),
        kind: Kind::NewPassword,
        required: true,
        max: Some(256),
        fault,
        ..Field::default()
    })
}

fn described_by(field: Field<'_>) -> Option<String> {
    let hint = field.hint.map(|_| format!("{}-hint", field.name));
    let fault = field.fault.map(|_| format!("{}-fault", field.name));
    let ids: Vec<String> = fault.into_iter().chain(hint).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn input(field: Field<'_>) -> Markup {
    let is_secret = matches!(field.kind, Kind::Password | Kind::NewPassword | Kind::Code);
    let value = (!is_secret).then_some(field.value).filter(|value| !value.is_empty());
    let suggested = match field.kind {
        Kind::Suggested(texts) => texts,
        _ => &[],
    };
    let list = (!suggested.is_empty()).then(|| format!("{}-list", field.name));
    let is_code = matches!(field.kind, Kind::Code).then_some("none");
    html! {
        input.input #(field.name) type=(field.kind.input_type()) name=(field.name) value=[value]
            required[field.required] maxlength=[field.max] autocomplete=[field.kind.autocomplete()]
            autocapitalize=[is_code] aria-invalid=[field.fault.map(|_| "true")]
            aria-describedby=[described_by(field)] list=[list.as_deref()];
        @if let Some(list) = &list {
            datalist #(list) { @for text in suggested { option value=(text); } }
        }
    }
}

fn area(field: Field<'_>, rows: u8) -> Markup {
    html! {
        // A line end right after the tag is dropped by browsers: the first keeps one of the text's own.
        textarea.input #(field.name) name=(field.name) rows=(rows) required[field.required]
            maxlength=[field.max] aria-invalid=[field.fault.map(|_| "true")]
            aria-describedby=[described_by(field)] { "\n" (field.value) }
    }
}

fn select(field: Field<'_>, choices: &[(&str, &str)]) -> Markup {
    html! {
        select.input #(field.name) name=(field.name) required[field.required]
            aria-invalid=[field.fault.map(|_| "true")] aria-describedby=[described_by(field)] {
            @for (value, words) in choices {
                option value=(value) selected[*value == field.value] { (words) }
            }
        }
    }
}

/// The first one has the name of the field as its id, where a link to the field leads.
fn listed(field: Field<'_>, choices: &[(&str, &str)]) -> Markup {
    html! {
        fieldset.field aria-describedby=[described_by(field)] {
            legend { (field.label) }
            @if let Some(hint) = field.hint {
                p.hint #{ (field.name) "-hint" } { (hint) }
            }
            @for (at, (value, words)) in choices.iter().enumerate() {
                label.tick {
                    input id=[(at == 0).then_some(field.name)] type="radio" name=(field.name) value=(value)
                        required[field.required] checked[*value == field.value];
                    span { (words) }
                }
            }
            @if let Some(fault) = field.fault {
                p.fault #{ (field.name) "-fault" } { (fault) }
            }
        }
    }
}

/// A box that has to be ticked before something that cannot be undone. Its id is its name.
pub(crate) fn agree(name: &str, label: &str, fault: Option<&str>) -> Markup {
    let described_by = fault.map(|_| format!("{name}-fault"));
    html! {
        div.field {
            label.tick for=(name) {
                input #(name) type="checkbox" name=(name) value="yes" required
                    aria-invalid=[fault.map(|_| "true")] aria-describedby=[described_by];
                span { (label) }
            }
            @if let Some(fault) = fault { p.fault #{ (name) "-fault" } { (fault) } }
        }
    }
}

/// A box to tick, with its label beside it. Its id is its name and its value.
pub(crate) fn tick(name: &str, value: &str, label: &str, hint: Option<&str>, on: bool) -> Markup {
    html! {
        label.tick for={ (name) "-" (value) } {
            input #{ (name) "-" (value) } type="checkbox" name=(name) value=(value) checked[on];
            span {
                (label)
                @if let Some(hint) = hint {
                    span.hint { (hint) }
                }
            }
        }
    }
}
