//! What the program finds around it: environment variables, and whether it runs as root.

use std::path::PathBuf;

use crate::deliver::place;
use crate::lang::Lang;

/// The process's surroundings, read in one place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings;

impl Surroundings {
    /// An environment variable, if it is set to text.
    pub fn variable(self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    /// The language of the locale.
    pub fn lang(self) -> Lang {
        Lang::from_environment(&|name| self.variable(name))
    }

    /// The program may do everything.
    pub fn is_root(self) -> bool {
        rustix::process::geteuid().is_root()
    }

    /// Where state is kept; `None` for a user without a home.
    pub fn state_folder(self) -> Option<PathBuf> {
        place::state_folder(&|name| self.variable(name), self.is_root())
    }
}
