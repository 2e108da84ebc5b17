//! The bytes of an answer, as they come.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::time::timeout;

/// A body as it comes, or why it breaks.
pub(crate) type Body = BoxStream<'static, Result<Bytes, Box<dyn Error + Send + Sync>>>;

/// Why the body of an answer ends before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    /// Nothing came for as long as the configuration waits.
    #[error("nothing came for too long")]
    Silent,
    /// It broke, or is too long.
    #[error("the body cannot be read")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// The same, as long as the server is not silent for `silence`. Whatever comes counts, also a comment: some servers
/// send them while their model thinks.
pub(super) fn heard(body: Body, silence: Duration) -> BoxStream<'static, Result<Bytes, BodyError>> {
    let pieces = stream::unfold(body, move |mut body| async move {
        let piece = match timeout(silence, body.next()).await {
            Ok(piece) => piece?.map_err(BodyError::Broken),
            Err(_) => Err(BodyError::Silent),
        };
        Some((piece, body))
    });
    pieces.boxed()
}
