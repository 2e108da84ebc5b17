//! How a turn ended, in words, and what it took.

use byline_shared::agent::OpenedTurn;
use byline_shared::model::{TurnReason, TurnStatus};
use maud::{Markup, html};

/// Why a turn ended, if it is not complete, and what it took; nothing of one that runs.
pub(super) fn end(turn: &OpenedTurn) -> Option<Markup> {
    let why = match (turn.status, turn.fault) {
        (TurnStatus::InProgress, _) => return None,
        (TurnStatus::Completed, _) => None,
        (TurnStatus::Cancelled, _) => {
            Some("You stopped it. What it said and did until then stays.")
        }
        (TurnStatus::Failed, Some(fault)) => Some(fault.message()),
        (TurnStatus::Failed | TurnStatus::Incomplete, _) => turn.reason.map(reason),
    };
    let tokens = turn.usage.total();
    if why.is_none() && tokens == 0 {
        return None;
    }
    Some(html! {
        div.end {
            @if let Some(why) = why { p.note role="note" { (why) } }
            @if tokens > 0 { p.quiet.small.num { (number(tokens)) " tokens" } }
        }
    })
}

fn reason(reason: TurnReason) -> &'static str {
    match reason {
        TurnReason::MaxOutputTokens => {
            "It stopped: its answer became too long. Ask for less at a time, or for the rest."
        }
        TurnReason::ContentFilter => {
            "It stopped: the server of its model withheld the rest of the answer."
        }
        TurnReason::MaxMessages => {
            "It stopped: it took as many steps as one answer may have. To let it continue, write to it again."
        }
        TurnReason::TimeLimit => {
            "It stopped: its answer took too long. To let it continue, write to it again."
        }
        TurnReason::ConversationFull => {
            "It stopped: this conversation takes no more messages. Start another one."
        }
        TurnReason::BudgetSpent => {
            "It stopped: the budget of the month is spent. It is renewed on the first of the month (UTC)."
        }
        TurnReason::AccessEnded => {
            "It stopped: you were signed out, or your role no longer allowed it."
        }
        TurnReason::Interrupted => {
            "It was interrupted. What it said and did until then is here. Look whether something was changed \
             before you ask for it again."
        }
    }
}

/// A number with a comma before every three digits.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        for (value, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (123_456, "123,456"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
