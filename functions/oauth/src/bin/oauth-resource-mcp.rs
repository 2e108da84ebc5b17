//! The Lambda function `oauth-resource-mcp`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_resource_mcp::OPERATION)
}
