//! The Lambda function `desk-sign-up`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_sign_up::OPERATION)
}
