//! The Lambda function `oauth-server`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_server::OPERATION)
}
