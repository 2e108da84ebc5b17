//! The Lambda function `desk-forgot-password`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_forgot_password::OPERATION)
}
