//! The Lambda function `oauth-revoke`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_revoke::OPERATION)
}
