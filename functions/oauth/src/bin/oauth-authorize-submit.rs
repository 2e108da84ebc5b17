//! The Lambda function `oauth-authorize-submit`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_authorize_submit::OPERATION)
}
