//! The Lambda function `oauth-resource-mcp`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_oauth::oauth_resource_mcp::OPERATION)
}
