//! What results hold in one era of the protocol and not in the other.

use rmcp::RoleServer;
use rmcp::model::{MetaObject, ProtocolVersion};
use rmcp::service::RequestContext;
use serde_json::json;

/// Whether a request is of the revision that has `_meta` and hints for caches in results.
pub(crate) fn is_modern(request: &RequestContext<RoleServer>) -> bool {
    request.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

/// `_meta` of every result; older clients do not know it.
pub(crate) fn stamp(request: &RequestContext<RoleServer>) -> Option<MetaObject> {
    is_modern(request).then(who_answers)
}

/// The server's name and version.
pub(crate) fn who_answers() -> MetaObject {
    let server = json!({ "name": "byline", "version": env!("CARGO_PKG_VERSION") });
    let mut meta = MetaObject::new();
    meta.insert("io.modelcontextprotocol/serverInfo".to_owned(), server);
    meta
}
