//! Files built into the program, compressed once, when it is made.

use std::io::Read as _;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;

use crate::edge::takes_gzip;
use crate::error::AppError;

/// What lies below an address that changes with its content: a browser may keep it for ever.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A file as it is served.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Embedded {
    /// The last part of its address.
    pub(crate) name: &'static str,
    /// Its Content-Type.
    pub(crate) kind: &'static str,
    /// The file in gzip.
    pub(crate) packed: &'static [u8],
}

/// The file of this name that the build script packed.
macro_rules! embedded {
    ($name:literal, $kind:literal) => {
        $crate::web::Embedded {
            name: $name,
            kind: $kind,
            packed: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")),
        }
    };
}
pub(crate) use embedded;

/// Answers with the file that an address names below its version, if that is the version of today.
///
/// # Errors
///
/// 404 for another version, or a file that there is not; 500 if it cannot be unpacked.
pub(super) fn below_version(
    files: &[Embedded],
    version: &str,
    (asked_version, name): &(String, String),
    asked: &HeaderMap,
) -> Result<Response, AppError> {
    let found = files.iter().find(|file| version == asked_version && name == file.name);
    found.ok_or_else(|| AppError::not_found("There is nothing at this address."))?.answer(asked, FOREVER)
}

impl Embedded {
    /// Answers with the file, packed for who takes gzip, which may be kept as `cache_control` has it.
    ///
    /// # Errors
    ///
    /// 500 if the file cannot be unpacked.
    pub(crate) fn answer(
        &self,
        asked: &HeaderMap,
        cache_control: &'static str,
    ) -> Result<Response, AppError> {
        let mut answer = if asked.get_all(header::ACCEPT_ENCODING).iter().any(takes_gzip) {
            ([(header::CONTENT_ENCODING, "gzip")], self.packed).into_response()
        } else {
            let mut plain = Vec::new();
            GzDecoder::new(self.packed).read_to_end(&mut plain).map_err(AppError::internal)?;
            plain.into_response()
        };
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        Ok(answer)
    }
}
