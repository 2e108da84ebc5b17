//! The Lambda function `oauth-token`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_token::OPERATION)
}
