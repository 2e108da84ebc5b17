//! The Lambda function `oauth-introspect`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_oauth::oauth_introspect::OPERATION)
}
