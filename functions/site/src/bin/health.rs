//! The Lambda function `health`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(site::health::OPERATION)
}
