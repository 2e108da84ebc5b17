//! The Lambda function `desk-assets`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_assets::OPERATION)
}
