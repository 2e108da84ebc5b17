//! The Lambda function `manage-media-complete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(media::manage_media_complete::OPERATION)
}
