//! The Lambda function `oauth-introspect`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_introspect::OPERATION)
}
