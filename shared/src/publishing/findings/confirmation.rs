//! Which findings a person has to confirm that they read, before they approve on a page.
//!
//! The tag of a review covers its findings, so nobody approves others than were shown. But a list that is
//! always there is soon not read any more. So those that can deceive are confirmed, and those that most
//! texts have are not.

use crate::model::{ActorKind, Finding, FindingCode};

/// Whether a finding in what `author` proposes has to be confirmed. What readers see already was.
#[must_use]
pub fn must_be_confirmed(finding: &Finding, author: ActorKind) -> bool {
    use FindingCode as Code;
    finding.new
        && match finding.code {
            Code::HiddenText
            | Code::SpelledText
            | Code::NotExamined
            | Code::MisleadingLink
            | Code::ForeignHost
            | Code::MixedScript
            | Code::More => true,
            // People leave notes for themselves in a text. An agent's are for other agents.
            Code::HtmlComment
            | Code::HtmlDropped
            | Code::UnusedDefinition
            | Code::UnusedFootnote
            | Code::DroppedCells
            | Code::EmptyLink
            | Code::LongLabel
            | Code::CodeInfo
            | Code::Metadata => !author.is_person(),
            // Readers can see these, and the page writes them out. With a file missing nothing is approved.
            Code::MissingFile
            | Code::MovedText
            | Code::CollapsedText
            | Code::InvisibleCharacters
            | Code::AltText
            | Code::TitleText => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_confirmed_and_what_is_usual_is_not() {
        let finding = |code, new| Finding {
            pointer: "/body".to_owned(),
            code,
            line: None,
            column: None,
            message: String::new(),
            new,
        };
        let is = |code, new, author| must_be_confirmed(&finding(code, new), author);
        let (person, agent) = (ActorKind::Person, ActorKind::McpClient);
        assert!(is(FindingCode::SpelledText, true, person));
        assert!(!is(FindingCode::SpelledText, false, agent));
        assert!(is(FindingCode::HtmlComment, true, agent));
        assert!(!is(FindingCode::HtmlComment, true, person));
        assert!(!is(FindingCode::AltText, true, agent));
    }
}
