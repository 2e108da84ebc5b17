//! Answers whose type carries the status.

use http::StatusCode;
use http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION, VARY};
use schemars::{Schema, SchemaGenerator};
use serde::Serialize;

use crate::http::{Body, Response, document};
use crate::model::Representation;

/// Tells a proxy whether to hold back pieces of a body.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Something an endpoint answers with.
pub trait Reply: Send + 'static {
    /// The status of a success.
    const STATUS: u16;
    /// Whether the answer may be a redirect instead: 301.
    const MAY_MOVE: bool = false;
    /// Whether the answer may be a stream of events instead (`text/event-stream`).
    const MAY_STREAM: bool = false;

    /// The schema of the body, or `None` where there is none.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// The response.
    ///
    /// # Errors
    /// Where the body cannot be written as JSON.
    fn into_response(self) -> Result<Response, serde_json::Error>;
}

/// 200 with a body.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// 201 with a body, `Location` and `ETag`.
#[derive(Debug)]
pub struct Created<T>(pub T);

/// 202 with a body.
#[derive(Debug)]
pub struct Accepted<T>(pub T);

/// 204.
#[derive(Debug)]
pub struct NoContent;

impl<T: Representation + Send + 'static> Reply for Json<T> {
    const STATUS: u16 = 200;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        let etag = self.0.etag();
        json(Self::STATUS, &self.0, etag, None)
    }
}

impl<T: Representation + Send + 'static> Reply for Created<T> {
    const STATUS: u16 = 201;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        let (etag, location) = (self.0.etag(), self.0.location());
        json(Self::STATUS, &self.0, etag, location)
    }
}

impl<T: Representation + Send + 'static> Reply for Accepted<T> {
    const STATUS: u16 = 202;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        json(Self::STATUS, &self.0, None, None)
    }
}

impl Reply for NoContent {
    const STATUS: u16 = 204;

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        Ok(response)
    }
}

/// 200 with a body, or 301 to where the thing is found now.
#[derive(Debug)]
pub enum MaybeMoved<T> {
    /// 200 with this body.
    Found(T),
    /// 301 to this path.
    MovedPermanently(String),
}

impl<T: Representation + Send + 'static> Reply for MaybeMoved<T> {
    const STATUS: u16 = 200;
    const MAY_MOVE: bool = true;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        match self {
            Self::Found(body) => Json(body).into_response(),
            Self::MovedPermanently(to) => {
                let mut response = json_response(301, Vec::new(), None, Some(to));
                response.headers_mut().remove(CONTENT_TYPE);
                Ok(response)
            }
        }
    }
}

/// 200 with a body as JSON, or as Markdown for clients that prefer it; or 301 to where the thing is found now. Caches
/// keep both forms, and hand out the one that was asked for.
#[derive(Debug)]
pub enum JsonOrMarkdown<T> {
    /// 200 with this body.
    Json(T),
    /// 200 with this text.
    Markdown(String),
    /// 301 to this path.
    MovedPermanently(String),
}

/// The media type of Markdown (RFC 7763).
pub const MARKDOWN: &str = "text/markdown";

impl<T: Representation + Send + 'static> Reply for JsonOrMarkdown<T> {
    const STATUS: u16 = 200;
    const MAY_MOVE: bool = true;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        let mut response = match self {
            Self::Json(body) => MaybeMoved::Found(body).into_response()?,
            Self::Markdown(text) => document("text/markdown; charset=utf-8", text),
            Self::MovedPermanently(to) => MaybeMoved::<T>::MovedPermanently(to).into_response()?,
        };
        response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
        Ok(response)
    }
}

/// 200 with a body, or with a stream of events.
#[derive(Debug)]
pub enum JsonOrEvents<T> {
    /// 200 with this body.
    Json(T),
    /// 200 with events.
    Events(Body),
}

impl<T: Representation + Send + 'static> Reply for JsonOrEvents<T> {
    const STATUS: u16 = 200;
    const MAY_STREAM: bool = true;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn into_response(self) -> Result<Response, serde_json::Error> {
        match self {
            Self::Json(body) => Json(body).into_response(),
            Self::Events(body) => Ok(events(body)),
        }
    }
}

/// 200 with a stream of events.
pub(crate) fn events(body: Body) -> Response {
    let mut response = document("text/event-stream; charset=utf-8", body);
    // Proxies in front, such as nginx, hold back small pieces otherwise.
    response.headers_mut().insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

fn json<T: Serialize>(
    status: u16,
    body: &T,
    etag: Option<String>,
    location: Option<String>,
) -> Result<Response, serde_json::Error> {
    Ok(json_response(status, serde_json::to_vec(body)?, etag, location))
}

fn json_response(
    status: u16,
    body: Vec<u8>,
    etag: Option<String>,
    location: Option<String>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() =
        StatusCode::from_u16(status).expect("a reply type states a valid status");
    let mut set = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    };
    set(CONTENT_TYPE, Some("application/json".to_owned()));
    set(ETAG, etag);
    set(LOCATION, location);
    response
}
