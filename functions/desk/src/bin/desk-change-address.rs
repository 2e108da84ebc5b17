//! The Lambda function `desk-change-address`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_change_address::OPERATION)
}
