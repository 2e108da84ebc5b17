//! The Lambda function `openapi`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(site::openapi::OPERATION)
}
