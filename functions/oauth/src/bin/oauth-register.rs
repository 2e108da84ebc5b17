//! The Lambda function `oauth-register`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_register::OPERATION)
}
