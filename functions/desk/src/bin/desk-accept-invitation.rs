//! The Lambda function `desk-accept-invitation`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_accept_invitation::OPERATION)
}
