//! Embeds what pages need, so that the server is one file: the style sheet, the script, the icon, the description of the
//! API, and Swagger UI. Each is compressed here, once.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

/// What pages load.
const ASSETS: [&str; 3] = ["style.css", "script.js", "icon.svg"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").context("cargo names the folder")?);
    assets(&folder)?;
    let document = Path::new("openapi.json");
    println!("cargo::rerun-if-changed={}", document.display());
    pack(&mut File::open(document)?, &folder, "openapi.json")?;
    swagger_ui(&folder)
}

/// Their address holds a digest of them all: what a browser kept is never too old.
fn assets(folder: &Path) -> Result<()> {
    let mut digest = Sha256::new();
    for name in ASSETS {
        let path = Path::new("assets").join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        digest.update(&content);
        pack(&mut &content[..], folder, name)?;
    }
    println!("cargo::rustc-env=ASSETS_VERSION={}", hex::encode(&digest.finalize()[..6]));
    Ok(())
}

/// Takes what `/docs` needs out of the archive that the package manager brought.
fn swagger_ui(folder: &Path) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED))?;
    let first = archive.file_names().next().context("the archive is not empty")??.into_owned();
    let root = first.split('/').next().unwrap_or(&first);
    let version = root.rsplit('-').next().unwrap_or(root);
    println!("cargo::rustc-env=SWAGGER_UI_VERSION={version}");
    for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        pack(&mut archive.by_name(&format!("{root}/dist/{name}"))?, folder, name)?;
    }
    Ok(())
}

/// Writes the file NAME.gz.
fn pack(content: &mut impl Read, folder: &Path, name: &str) -> Result<()> {
    let target = File::create(folder.join(format!("{name}.gz")))?;
    let mut target = GzEncoder::new(target, Compression::best());
    io::copy(content, &mut target)?;
    target.finish()?;
    Ok(())
}
