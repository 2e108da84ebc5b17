//! The body of a response: whole, or in pieces that are sent as they come.

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

/// A body. Nearly all are whole: only those have a length, a digest and a validator.
pub enum Body {
    /// All of it.
    Whole(Bytes),
    /// Pieces. What can fail does so before the first one: the status is sent by then.
    Pieces(BoxStream<'static, Bytes>),
}

impl Body {
    /// A body of pieces.
    #[must_use]
    pub fn pieces(pieces: impl stream::Stream<Item = Bytes> + Send + 'static) -> Self {
        Self::Pieces(pieces.boxed())
    }

    /// The body, if it is whole.
    #[must_use]
    pub fn whole(&self) -> Option<&Bytes> {
        match self {
            Self::Whole(bytes) => Some(bytes),
            Self::Pieces(_) => None,
        }
    }

    /// The whole body, once its last piece is there.
    pub async fn collect(self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Pieces(mut pieces) => {
                let mut all = Vec::new();
                while let Some(piece) = pieces.next().await {
                    all.extend_from_slice(&piece);
                }
                all.into()
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self::Whole(bytes.into())
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Pieces(_) => f.write_str("pieces"),
        }
    }
}
