//! What the kernel copies out of the SMBIOS table into single files.

use super::root::{Root, Unread};

/// The files of /sys/class/dmi/id.
pub(crate) struct Dmi<'a>(&'a Root);

impl<'a> Dmi<'a> {
    pub(crate) fn new(root: &'a Root) -> Self {
        Self(root)
    }

    /// A file, or why it was not read.
    pub(crate) fn read(&self, file: &str) -> Result<String, Unread> {
        self.0.read(&format!("/sys/class/dmi/id/{file}"))
    }

    /// A file that is readable and not empty.
    pub(crate) fn text(&self, file: &str) -> Option<String> {
        self.read(file).ok().filter(|text| !text.is_empty())
    }
}
