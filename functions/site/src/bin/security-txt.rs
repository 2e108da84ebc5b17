//! The Lambda function `security-txt`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_site::security_txt::OPERATION)
}
