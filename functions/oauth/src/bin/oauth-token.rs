//! The Lambda function `oauth-token`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_oauth::oauth_token::OPERATION)
}
