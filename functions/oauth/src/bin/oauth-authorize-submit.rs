//! The Lambda function `oauth-authorize-submit`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_oauth::oauth_authorize_submit::OPERATION)
}
