//! The Lambda function `security-txt`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(site::security_txt::OPERATION)
}
