//! Result fields that exist in revision 2026-07-28 only.

use rmcp::RoleServer;
use rmcp::model::{MetaObject, ProtocolVersion};
use rmcp::service::RequestContext;
use serde_json::json;

/// Whether a request uses revision 2026-07-28 or later, whose results have `_meta` and cache hints.
pub(crate) fn is_modern(request: &RequestContext<RoleServer>) -> bool {
    request.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

/// `_meta` for a result; `None` for older revisions, which do not define it.
pub(crate) fn result_meta(request: &RequestContext<RoleServer>) -> Option<MetaObject> {
    is_modern(request).then(server_info_meta)
}

/// `_meta` with this server's name and version.
pub(crate) fn server_info_meta() -> MetaObject {
    let server = json!({ "name": "byline", "version": env!("CARGO_PKG_VERSION") });
    let mut meta = MetaObject::new();
    meta.insert("io.modelcontextprotocol/serverInfo".to_owned(), server);
    meta
}
