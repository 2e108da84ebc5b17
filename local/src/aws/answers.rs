//! A cache of the database's answers to reads, emptied by each write.
//!
//! A repeated read, such as that of a public page, is not parsed, looked up and serialised again. Every
//! write passes through [`super::Aws`] in this process and empties the cache, whether it succeeds or
//! not. While a write runs, the cache is not used: a reader that saw the new state of one item must not
//! see the old state of another.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;

/// The most that is cached, in bytes of requests and answers: enough for about 2,000 posts.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// The cache.
#[derive(Default)]
pub(super) struct Answers {
    /// How many writes are running.
    writing: AtomicUsize,
    /// How many writes have ended.
    writes: AtomicU64,
    kept: Mutex<Kept>,
}

/// A running write. It ends when this is dropped, even by a panic.
struct Writing<'a>(&'a Answers);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // In this order: a read that sees no running write must not find an answer from before it.
        self.0.writes.fetch_add(1, Ordering::SeqCst);
        self.0.writing.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Default)]
struct Kept {
    /// The number of writes that had ended before these answers were read.
    writes: u64,
    size: usize,
    /// By action and request.
    answers: HashMap<(String, Vec<u8>), Bytes>,
}

impl Answers {
    /// The answer to a read, from the cache or from `read`. Errors are not cached.
    pub(super) fn get(
        &self,
        action: &str,
        request: &[u8],
        read: impl FnOnce() -> (u16, Bytes),
    ) -> (u16, Bytes) {
        if self.writing.load(Ordering::SeqCst) > 0 {
            return read();
        }
        // Taken before the read, so that an answer from before a write does not pass for a newer one.
        let writes = self.writes.load(Ordering::SeqCst);
        let key = (action.to_owned(), request.to_vec());
        if let Some(answer) = self.kept(writes).answers.get(&key) {
            return (200, answer.clone());
        }
        let (status, answer) = read();
        if status == 200 {
            let mut kept = self.kept(writes);
            let size = key.1.len() + answer.len();
            if kept.writes == writes && kept.size + size <= MAX_SIZE {
                kept.size += size;
                kept.answers.insert(key, answer.clone());
            }
        }
        (status, answer)
    }

    /// Runs a write. The cache is empty before this returns.
    pub(super) fn write<T>(&self, write: impl FnOnce() -> T) -> T {
        self.writing.fetch_add(1, Ordering::SeqCst);
        let _until_done = Writing(self);
        write()
    }

    /// The cached answers, emptied if they are older than `writes`.
    fn kept(&self, writes: u64) -> std::sync::MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.writes < writes {
            *kept = Kept { writes, ..Kept::default() };
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &'static str) -> (u16, Bytes) {
        (200, Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn an_answer_is_kept_until_a_write() {
        let answers = Answers::default();
        assert_eq!(answers.get("GetItem", b"a", || answer("old")), answer("old"));
        assert_eq!(answers.get("GetItem", b"a", || panic!("it is kept")), answer("old"));
        assert_eq!(answers.get("Query", b"a", || answer("other")), answer("other"));
        answers.write(|| {});
        assert_eq!(answers.get("GetItem", b"a", || answer("new")), answer("new"));
    }

    #[test]
    fn nothing_kept_is_answered_while_a_write_is_under_way() {
        let answers = Answers::default();
        answers.get("GetItem", b"b", || answer("old"));
        answers.write(|| {
            // The write is done, but its caller does not know yet.
            assert_eq!(answers.get("GetItem", b"a", || answer("leads to b")), answer("leads to b"));
            assert_eq!(answers.get("GetItem", b"b", || answer("new")), answer("new"));
        });
        assert_eq!(answers.get("GetItem", b"b", || answer("newer")), answer("newer"));
    }

    #[test]
    fn what_a_write_overtakes_is_not_kept() {
        let answers = Answers::default();
        let read = || {
            answers.write(|| {});
            answer("old")
        };
        assert_eq!(answers.get("GetItem", b"a", read), answer("old"));
        assert_eq!(answers.get("GetItem", b"a", || answer("new")), answer("new"));
    }

    #[test]
    fn errors_are_not_kept_and_room_is_bounded() {
        let answers = Answers::default();
        answers.get("GetItem", b"a", || (400, Bytes::from_static(b"error")));
        assert_eq!(answers.get("GetItem", b"a", || answer("fine")), answer("fine"));
        let large = Bytes::from(vec![0; MAX_SIZE]);
        answers.get("GetItem", b"b", || (200, large.clone()));
        assert_eq!(answers.get("GetItem", b"b", || answer("read again")), answer("read again"));
    }
}
