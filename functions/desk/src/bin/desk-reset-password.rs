//! The Lambda function `desk-reset-password`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_reset_password::OPERATION)
}
