//! Kinds of machines, as the tabs name them.

use super::words::Words;

/// What kind of machine a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    BareMetal,
    Vm,
    Container,
    SingleBoard,
}

impl Kind {
    /// All, in the order of the tabs.
    pub(crate) const ALL: [Self; 4] = [Self::BareMetal, Self::Vm, Self::Container, Self::SingleBoard];

    /// The name in addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BareMetal => "bare_metal",
            Self::Vm => "vm",
            Self::Container => "container",
            Self::SingleBoard => "single_board",
        }
    }

    /// The kind of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The chip beside a name.
    pub(crate) fn chip(self, words: &Words) -> String {
        words.t(&format!("chip-{}", self.name()))
    }
}
