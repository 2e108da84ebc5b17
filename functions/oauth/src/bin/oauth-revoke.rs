//! The Lambda function `oauth-revoke`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_oauth::oauth_revoke::OPERATION)
}
