//! The Lambda function `jwks`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::jwks::OPERATION)
}
