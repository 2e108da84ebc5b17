//! The Lambda function `jwks`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::jwks::OPERATION)
}
