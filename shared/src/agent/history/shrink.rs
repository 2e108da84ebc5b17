//! A history that is too long for a model is made shorter: first what tools returned long ago, which the
//! model can ask for again; then the oldest turns. A call and its output are never parted.

use serde_json::json;

use super::turns::{Call, Step, Turn};

/// Before the first message that is left.
pub(super) const BEGINNING_LEFT_OUT: &str = "(The beginning of the conversation is left out.)";

/// How many of the last turns keep what their tools returned, if there is room.
const KEPT_TURNS: usize = 3;

/// What a message costs besides its texts, in bytes.
const OVERHEAD: usize = 40;

/// Arguments up to this length are kept, in bytes.
const SHORT: usize = 300;

/// Shortens a history to about `budget` bytes, as little as possible.
pub(super) fn to(turns: &mut Vec<Turn>, budget: usize) {
    if size(turns) <= budget {
        return;
    }
    for kept in [KEPT_TURNS, 1] {
        let older = turns.len().saturating_sub(kept);
        turns[..older].iter_mut().flat_map(|turn| &mut turn.steps).for_each(Step::shorten);
        if size(turns) <= budget {
            return;
        }
    }
    while turns.len() > 1 {
        turns.remove(0);
        mark_beginning(turns);
        if size(turns) <= budget {
            return;
        }
    }
    if let Some(turn) = turns.first_mut() {
        shorten_last(turn, budget);
    }
}

/// Shortens the turn that the model is in. Its last step, which it has not seen yet, comes last.
fn shorten_last(turn: &mut Turn, budget: usize) {
    for place in 0..turn.steps.len().saturating_sub(1) {
        turn.steps[place].shorten();
        if size_of(turn) <= budget {
            return;
        }
    }
    while turn.steps.len() > 1 {
        turn.steps.remove(0);
        if size_of(turn) <= budget {
            return;
        }
    }
    let calls = turn.steps.first().map_or(0, |step| step.calls.len());
    for _ in 0..calls {
        // The longest first, so that as many as possible stay.
        let calls = turn.steps.iter_mut().flat_map(|step| &mut step.calls);
        let longest = calls.max_by_key(|call| call.output.len() + call.call.arguments.len());
        longest.into_iter().for_each(Call::shorten);
        if size_of(turn) <= budget {
            return;
        }
    }
    turn.steps.iter_mut().for_each(Step::shorten);
    if size_of(turn) > budget {
        turn.steps.iter_mut().for_each(|step| keep_end(&mut step.text, budget / 4));
        let others = size_of(turn) - turn.user.len();
        keep_end(&mut turn.user, budget.saturating_sub(others));
    }
}

fn mark_beginning(turns: &mut [Turn]) {
    if let Some(turn) = turns.first_mut()
        && !turn.user.starts_with(BEGINNING_LEFT_OUT)
    {
        turn.user = format!("{BEGINNING_LEFT_OUT}\n\n{}", turn.user);
    }
}

/// Keeps the end of a text, in at most `room` bytes.
fn keep_end(text: &mut String, room: usize) {
    if text.len() <= room {
        return;
    }
    let start = text.len() - room.saturating_sub(BEGINNING_LEFT_OUT.len() + 2);
    let start = (start..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    *text = format!("{BEGINNING_LEFT_OUT}\n\n{}", &text[start..]);
}

impl Step {
    fn shorten(&mut self) {
        self.calls.iter_mut().for_each(Call::shorten);
    }
}

impl Call {
    fn shorten(&mut self) {
        let line = format!(
            "(Left out: {} characters. Call the tool again if you need them.)",
            self.output.chars().count()
        );
        if self.output.len() > line.len() {
            self.output = line;
        }
        if self.call.arguments.len() > SHORT {
            let length = self.call.arguments.chars().count();
            self.call.arguments = json!({ "left_out": format!("{length} characters") }).to_string();
        }
    }
}

fn size(turns: &[Turn]) -> usize {
    turns.iter().map(size_of).sum()
}

fn size_of(turn: &Turn) -> usize {
    let of_call = |call: &Call| {
        let texts = call.call.name.len() + call.call.arguments.len() + call.output.len();
        2 * (OVERHEAD + call.call.id.len()) + texts
    };
    let of_step =
        |step: &Step| OVERHEAD + step.text.len() + step.calls.iter().map(of_call).sum::<usize>();
    OVERHEAD + turn.user.len() + turn.steps.iter().map(of_step).sum::<usize>()
}
