//! The Lambda function `oauth-authorize`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_authorize::OPERATION)
}
