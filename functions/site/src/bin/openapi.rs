//! The Lambda function `openapi`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_site::openapi::OPERATION)
}
