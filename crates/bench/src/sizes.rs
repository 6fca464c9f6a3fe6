//! Sizes of what one deploys.

use std::path::Path;

use anyhow::Context;

use crate::args::Args;
use crate::figure::{Bound, Figure, Figures};

/// The server, and the agent of this architecture.
pub(crate) fn measure(args: &Args, figures: &mut Figures) -> anyhow::Result<()> {
    figures.push(size("size of the server", &args.server, 12.0)?);
    figures.push(size("size of the agent", args.agent()?, 5.0)?);
    Ok(())
}

fn size(name: &str, file: &Path, limit_mb: f64) -> anyhow::Result<Figure> {
    let bytes = file.metadata().with_context(|| format!("no program {}", file.display()))?.len();
    let figure = Figure::new(name, bytes as f64 / 1e6, "MB").bound(Bound::AtMost(limit_mb));
    Ok(figure.detail(format!("{} ({bytes} bytes)", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Verdict;

    #[test]
    fn a_size_is_in_millions_of_bytes() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(5_000_001).unwrap();
        assert_eq!(size("agent", file.path(), 5.0).unwrap().verdict, Verdict::Missed);
        assert_eq!(size("agent", file.path(), 5.1).unwrap().verdict, Verdict::Met);
        assert!(size("agent", Path::new("/nowhere"), 5.0).is_err());
    }
}
