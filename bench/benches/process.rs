//! A process under measurement, ended when it is dropped.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::Error;

/// A running process.
pub(crate) struct Process {
    child: Child,
    /// When it was started.
    pub(crate) started: Instant,
}

impl Process {
    /// Starts it, without a word on the terminal.
    pub(crate) fn start(command: &mut Command) -> Result<Self, Error> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let child = command.spawn();
        let child =
            child.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        Ok(Self { child, started })
    }

    /// The most memory it ever held, in MiB.
    pub(crate) fn peak_memory(&self) -> Result<f64, Error> {
        self.memory("VmHWM:")
    }

    /// The memory it holds now, in MiB.
    pub(crate) fn resident_memory(&self) -> Result<f64, Error> {
        self.memory("VmRSS:")
    }

    /// What it holds now beside the pages of its binary, in MiB: the heap, stacks, and what is relocated at
    /// start.
    pub(crate) fn anonymous_memory(&self) -> Result<f64, Error> {
        self.memory("RssAnon:")
    }

    fn memory(&self, field: &str) -> Result<f64, Error> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kibibytes =
            line.and_then(|line| line.trim().strip_suffix(" kB")).map(str::parse::<f64>);
        Ok(kibibytes.ok_or_else(|| format!("the process has ended: no {field}"))?? / 1024.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about that here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
