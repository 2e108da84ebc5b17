use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::stream;

use super::*;
use crate::agent::model::Deltas;
use crate::agent::turn::events::{Cursor, TurnEvent};
use crate::endpoint::BoxFuture;
use crate::model::{ConversationItem, MessageStatus};

fn text(text: &str) -> Delta {
    Delta::Text(text.to_owned())
}

#[test]
fn a_text_ends_at_its_limit_between_two_letters() {
    let mut answer = Answer::default();
    assert!(answer.take(text(&"a".repeat(MAX_MESSAGE_BYTES - 3))));
    assert!(answer.take(text("é")));
    assert!(!answer.take(text("é")));
    assert_eq!(answer.text.len(), MAX_MESSAGE_BYTES - 1);
}

#[test]
fn arguments_beyond_their_limit_are_left_out() {
    let mut answer = Answer::default();
    let start = |index| Delta::CallStart { index, name: "x".to_owned() };
    let part = |size| Delta::CallArguments { index: 0, fragment: "a".repeat(size) };
    assert!(answer.take(start(0)) && answer.take(part(MAX_ARGUMENTS)));
    assert!(!answer.calls[0].is_too_long);
    assert!(answer.take(part(1)) && answer.take(part(1)));
    assert!(answer.calls[0].is_too_long && answer.calls[0].arguments.is_empty());
    assert!(!answer.take(start(MAX_CALLS)), "that is no answer any more");
}

#[test]
fn an_answer_without_anything_is_none() {
    let mut answer = Answer::default();
    answer.take(text(" \n"));
    answer.take(Delta::Stop(StopReason::Done));
    assert!(matches!(answer.complete().end, AnswerEnd::Failed(ModelError::Malformed)));
}

/// A model that answers with these pieces. All of them are there at once.
struct Ready(Mutex<Option<Deltas>>);

impl Ready {
    fn with(deltas: impl Iterator<Item = Delta> + Send + 'static) -> Self {
        Self(Mutex::new(Some(stream::iter(deltas.map(Ok)).boxed())))
    }
}

impl Model for Ready {
    fn stream<'a>(
        &'a self,
        _request: &'a ModelRequest,
    ) -> BoxFuture<'a, Result<Deltas, ModelError>> {
        Box::pin(async move { Ok(self.0.lock().unwrap().take().expect("it is asked once")) })
    }
}

fn id() -> ConversationItemId {
    "item_0000000000MT3B6A3CYM000003".parse().expect("it is an id")
}

/// The answer of a model that says these pieces, told to those who follow.
async fn said_by(model: &Ready, told: &Teller) -> Answer {
    let (_tell, mut signal) = watch::channel(Signal::Run);
    ask(model, &ModelRequest::empty(), &mut signal, (told, &id())).await
}

#[tokio::test]
async fn an_answer_in_single_letters_comes_to_its_end() {
    let letters = std::iter::repeat_n("a", 30_000).map(text);
    let call = Delta::CallStart { index: 0, name: "x".to_owned() };
    let part = |_| Delta::CallArguments { index: 0, fragment: "1".to_owned() };
    let calls = std::iter::once(call).chain((0..200_000).map(part));
    let model = Ready::with(letters.chain(calls).chain([Delta::Stop(StopReason::Done)]));
    // If each piece cost as much as all before it, this would take minutes.
    let answer = said_by(&model, &Teller::default()).await;
    assert!(matches!(answer.end, AnswerEnd::Done));
    assert_eq!((answer.text.len(), answer.calls.len()), (30_000, 1));
}

#[tokio::test]
async fn others_get_their_turn_while_an_answer_is_read() {
    let words = std::iter::repeat_n(text("a "), 10_000);
    let model = Ready::with(words.chain([Delta::Stop(StopReason::Done)]));
    let answered = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&answered);
    // There is one thread.
    let others = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let answer = tokio::spawn(async move { said_by(&model, &Teller::default()).await });
    assert_eq!(answer.await.unwrap().text.len(), 20_000);
    others.abort();
    let answered = answered.load(Ordering::Relaxed);
    assert!(answered > 20, "others got their turn {answered} times");
}

#[tokio::test]
async fn what_is_told_while_it_is_said_is_what_is_told_later() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..3000 {
        let pieces = pieces(&mut random);
        let told = Teller::default();
        // Who follows, and what they were told.
        let live = Arc::new(Mutex::new((Cursor::default(), Vec::<TurnEvent>::new())));
        let (progress, following, mut random) = (told.listen(), Arc::clone(&live), random.fork());
        let asked_for = move |piece: String| {
            // All pieces before this one were taken.
            if random.bool() {
                let (cursor, events) = &mut *following.lock().unwrap();
                events.extend(cursor.catch_up(&[], progress.borrow().saying.as_ref()));
            }
            Delta::Text(piece)
        };
        let model = Ready::with(pieces.clone().into_iter().map(asked_for));
        let answer = said_by(&model, &told).await;
        let item = ConversationItem::of_agent(id(), answer.text, MessageStatus::Completed);
        let (mut cursor, mut live) = std::mem::take(&mut *live.lock().unwrap());
        live.extend(cursor.catch_up(std::slice::from_ref(&item), None));
        let later = Cursor::default().catch_up(std::slice::from_ref(&item), None);
        assert_eq!(format!("{live:#?}"), format!("{later:#?}"), "{pieces:?}");
    }
}

/// A text in pieces, with runs of what nobody sees.
fn pieces(random: &mut fastrand::Rng) -> Vec<String> {
    /// A flag of a region, which is spelled with what nobody sees elsewhere.
    const FLAG: (&str, &str) =
        ("\u{1f3f4}\u{e0067}\u{e0062}", "\u{e0065}\u{e006e}\u{e0067}\u{e007f}");
    const LETTERS: [&str; 8] =
        ["a", "b", " ", "\n", "\u{e9}", "\u{8349}", "aaaaaaaaaaaaaaaaaaaaaaaa", FLAG.0];
    const UNSEEN: [&str; 9] = [
        "\u{200b}",
        "\u{200d}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{202e}",
        "\u{3164}",
        FLAG.1,
        FLAG.1,
        "\u{e007f}",
    ];
    let mut pieces = vec!["a".to_owned()];
    for _ in 0..random.usize(1..10) {
        let letters = if random.bool() { &LETTERS[..] } else { &UNSEEN[..] };
        for _ in 0..random.usize(1..6) {
            if random.u8(0..3) == 0 {
                pieces.push(String::new());
            }
            let letter = letters[random.usize(0..letters.len())];
            pieces.last_mut().expect("there is one").push_str(letter);
        }
    }
    pieces
}
