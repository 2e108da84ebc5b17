//! `GET /.well-known/security.txt`: where to report a vulnerability (RFC 9116), where the deployment
//! says so.

use byline_shared::http::{Request, Response, document};
use byline_shared::prelude::*;

/// Serves `security.txt`.
pub struct SecurityTxt;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<SecurityTxt>(module_path!());

/// How long what it says can be relied on, in seconds: 30 days from each request.
const EXPIRES: i64 = 30 * 24 * 3600;

impl RawEndpoint for SecurityTxt {
    const NAME: &'static str = "security-txt";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/.well-known/security.txt";
    const SUMMARY: &'static str = "Get the security contact";
    const DESCRIPTION: &'static str =
        "Where to report a vulnerability (RFC 9116). 404 if the deployment names no contact.";
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const PRODUCES: &'static str = "text/plain; charset=utf-8";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let Some(contact) = &cx.config.security_contact else {
            let detail = "This deployment names no contact for security reports.";
            return Err(Problem::new(Code::NotFound, detail));
        };
        let expires = cx.clock.now().plus_seconds(EXPIRES);
        let url = &cx.config.public_url;
        let text = format!(
            "Contact: {contact}\nExpires: {expires}\nCanonical: {url}/.well-known/security.txt\n"
        );
        Ok(document(Self::PRODUCES, text))
    }
}
