//! The Lambda function `fallback`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(site::fallback::OPERATION)
}
