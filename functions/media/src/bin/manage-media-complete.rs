//! The Lambda function `manage-media-complete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_media::manage_media_complete::OPERATION)
}
