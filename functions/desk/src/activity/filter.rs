//! Which entries of the log are shown: by person, by kind, and by days.

use byline_shared::model::audit::Event;
use byline_shared::model::{User, UserId, Zone};
use byline_shared::store::audit::AuditFilter;
use jiff::civil::Date;
use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use super::kinds;
use crate::fields::Fields;
use crate::parts::{self, Field, Kind};

/// What was chosen. What is no choice counts as none.
pub(crate) struct Chosen {
    person: Option<UserId>,
    event: Option<Event>,
    from: Option<Date>,
    to: Option<Date>,
    /// Whose days they are.
    zone: Zone,
}

impl Chosen {
    pub(crate) fn of(query: &Fields, zone: Zone) -> Self {
        let kind = query.text("kind");
        Self {
            person: query.text("person").parse().ok(),
            event: Event::ALL.iter().copied().find(|event| event.as_str() == kind),
            from: day(query.text("from")),
            to: day(query.text("to")),
            zone,
        }
    }

    /// The entries that it is about. The last day is one of them.
    pub(crate) fn filter(&self) -> AuditFilter {
        AuditFilter {
            actor: None,
            person: self.person.clone(),
            event: self.event,
            from: self.from.and_then(|day| self.zone.beginning_of(day)),
            until: self.to.and_then(|day| self.zone.beginning_of(day.tomorrow().ok()?)),
        }
    }

    /// Whether anything is left out.
    pub(crate) fn is_any(&self) -> bool {
        self.path() != "/desk/activity"
    }

    /// The path of the page with these filters.
    pub(crate) fn path(&self) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [
            ("person", self.person.as_ref().map(ToString::to_string)),
            ("kind", self.event.map(|event| event.as_str().to_owned())),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
        ] {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            "/desk/activity".to_owned()
        } else {
            format!("/desk/activity?{query}")
        }
    }

    /// Whose days and times are shown.
    pub(crate) fn zone_name(&self) -> &str {
        self.zone.name()
    }

    /// The form. `people` are those to choose from; somebody else stays chosen.
    pub(crate) fn form(&self, people: &[User]) -> Markup {
        let person = self.person.as_ref().map_or("", UserId::as_str);
        let mut persons = vec![("", "Everybody")];
        persons.extend(people.iter().map(|user| (user.id.as_str(), user.name.as_str())));
        if !persons.iter().any(|(id, _)| *id == person) {
            persons.push((person, "Another account"));
        }
        let labels: Vec<String> = Event::ALL.iter().map(|event| kinds::label(*event)).collect();
        let mut kinds = vec![("", "Everything")];
        kinds.extend(
            Event::ALL.iter().zip(&labels).map(|(event, label)| (event.as_str(), label.as_str())),
        );
        let event = self.event.map_or("", Event::as_str);
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        html! {
            form.row method="get" action="/desk/activity" {
                (parts::field(Field { name: "person", label: "Who", value: person, kind: Kind::Choice(&persons), ..Field::default() }))
                (parts::field(Field { name: "kind", label: "What", value: event, kind: Kind::Choice(&kinds), ..Field::default() }))
                (parts::field(Field { name: "from", label: "From", value: &text(self.from), kind: Kind::Date, ..Field::default() }))
                (parts::field(Field { name: "to", label: "To", value: &text(self.to), kind: Kind::Date, ..Field::default() }))
                button.button type="submit" { "Show" }
                @if self.is_any() { a href="/desk/activity" { "Show everything" } }
            }
        }
    }
}

/// A day as the field sends it.
fn day(text: &str) -> Option<Date> {
    let is_date = text.len() == "2026-11-29".len();
    text.parse().ok().filter(|_| is_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_one_of_those_shown() {
        let to = day("2026-11-29");
        let zone = Zone::utc();
        let chosen = Chosen { person: None, event: Some(Event::SignedIn), from: to, to, zone };
        let filter = chosen.filter();
        assert_eq!(filter.from, Some("2026-11-29T00:00:00Z".parse().unwrap()));
        assert_eq!(filter.until, Some("2026-11-30T00:00:00Z".parse().unwrap()));
        let path = "/desk/activity?kind=signed_in&from=2026-11-29&to=2026-11-29";
        assert_eq!(chosen.path(), path);
        // The day on which the clocks go back has 25 hours.
        let to = day("2026-10-25");
        let zone = Zone::named("Europe/Berlin").unwrap();
        let filter = Chosen { from: to, to, zone, ..chosen }.filter();
        assert_eq!(filter.from, Some("2026-10-24T22:00:00Z".parse().unwrap()));
        assert_eq!(filter.until, Some("2026-10-25T23:00:00Z".parse().unwrap()));
        assert!(day("yesterday").is_none() && day("2026-02-30").is_none() && day("").is_none());
    }
}
