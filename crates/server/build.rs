//! Embeds what pages need, so that the server is one file: the style sheet, the script, the icon, and Swagger UI.

use std::fs::File;
use std::io::{self, Cursor};
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipArchive;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    // Embedded in debug builds too: what the tests see is what is served.
    memory_serve::load_names_directories([("assets", "assets")], true);
    swagger_ui()
}

/// Takes what `/docs` needs out of the archive that the package manager brought, each file compressed.
fn swagger_ui() -> Result<()> {
    let folder = std::env::var_os("OUT_DIR").context("cargo names the folder")?;
    let mut archive = ZipArchive::new(Cursor::new(utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED))?;
    let first = archive.file_names().next().context("the archive is not empty")??.into_owned();
    let root = first.split('/').next().unwrap_or(&first);
    let version = root.rsplit('-').next().unwrap_or(root);
    println!("cargo::rustc-env=SWAGGER_UI_VERSION={version}");
    for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        let mut file = archive.by_name(&format!("{root}/dist/{name}"))?;
        let target = File::create(Path::new(&folder).join(format!("{name}.gz")))?;
        let mut target = GzEncoder::new(target, Compression::best());
        io::copy(&mut file, &mut target)?;
        target.finish()?;
    }
    Ok(())
}
