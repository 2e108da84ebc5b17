//! The Lambda function `desk-media`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_media::OPERATION)
}
