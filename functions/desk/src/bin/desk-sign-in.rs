//! The Lambda function `desk-sign-in`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_sign_in::OPERATION)
}
