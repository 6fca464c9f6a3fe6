//! Undoes `Content-Encoding` while the body arrives, never holding more than the limit.

use std::io::{self, Write};

use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use zstd::stream::raw::{InBuffer, Operation, OutBuffer};

use super::collect::too_large;
use crate::error::AppError;

/// zstd frames may ask for a window up to 2^this bytes: ours need no more than the largest body.
const ZSTD_WINDOW_LOG: u32 = 23;

/// How the body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Zstd,
}

impl Encoding {
    /// Reads the header; 415 for what we cannot undo.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, AppError> {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let (value, second) = (values.next(), values.next());
        let Some(value) = value else { return Ok(Self::Identity) };
        let name = value.to_str().unwrap_or("?").trim().to_ascii_lowercase();
        match (name.as_str(), second) {
            ("gzip" | "x-gzip", None) => Ok(Self::Gzip),
            ("zstd", None) => Ok(Self::Zstd),
            ("identity" | "", None) => Ok(Self::Identity),
            _ => Err(AppError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_encoding",
                "Content-Encoding may be gzip or zstd, or absent.",
            )
            .with_header(header::ACCEPT_ENCODING, header::HeaderValue::from_static("gzip, zstd"))),
        }
    }
}

/// Takes compressed pieces, keeps plain bytes.
pub(super) enum Decoder {
    Identity(Limited),
    Gzip(Box<flate2::write::MultiGzDecoder<Limited>>),
    Zstd(Box<Frames>),
}

impl Decoder {
    pub(super) fn new(encoding: Encoding, limit: usize) -> Result<Self, AppError> {
        let plain = Limited { bytes: Vec::new(), limit };
        Ok(match encoding {
            Encoding::Identity => Self::Identity(plain),
            Encoding::Gzip => Self::Gzip(Box::new(flate2::write::MultiGzDecoder::new(plain))),
            Encoding::Zstd => Self::Zstd(Box::new(Frames::new(plain).map_err(AppError::internal)?)),
        })
    }

    /// Undoes one piece.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), AppError> {
        let done = match self {
            Self::Identity(plain) => plain.write_all(piece),
            Self::Gzip(decoder) => decoder.write_all(piece),
            Self::Zstd(frames) => frames.take(piece),
        };
        done.map_err(refused)
    }

    /// The plain bytes, if the compressed stream came to its end.
    pub(super) fn finish(self) -> Result<Bytes, AppError> {
        let plain = match self {
            Self::Identity(plain) => plain,
            Self::Gzip(decoder) => decoder.finish().map_err(refused)?,
            Self::Zstd(frames) => frames.finish().map_err(refused)?,
        };
        Ok(plain.bytes.into())
    }
}

/// A zstd stream that knows whether its last frame is whole; the library's own writer takes a cut one for done.
pub(super) struct Frames {
    decoder: zstd::stream::raw::Decoder<'static>,
    plain: Limited,
    whole: bool,
}

impl Frames {
    fn new(plain: Limited) -> io::Result<Self> {
        let mut decoder = zstd::stream::raw::Decoder::new()?;
        decoder.set_parameter(zstd::stream::raw::DParameter::WindowLogMax(ZSTD_WINDOW_LOG))?;
        Ok(Self { decoder, plain, whole: false })
    }

    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        let mut input = InBuffer::around(piece);
        loop {
            let mut output = OutBuffer::around(&mut buffer[..]);
            self.whole = self.decoder.run(&mut input, &mut output)? == 0;
            let full = output.pos() == output.capacity();
            self.plain.write_all(output.as_slice())?;
            if input.pos() == piece.len() && (self.whole || !full) {
                return Ok(());
            }
        }
    }

    fn finish(self) -> io::Result<Limited> {
        if self.whole { Ok(self.plain) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// Bytes up to a limit, and an error beyond it.
pub(super) struct Limited {
    bytes: Vec<u8>,
    limit: usize,
}

/// Marks the one error of writing that is about size and not about form.
#[derive(Debug, thiserror::Error)]
#[error("more than {0} bytes")]
struct OverLimit(usize);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            return Err(io::Error::other(OverLimit(self.limit)));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn refused(error: io::Error) -> AppError {
    if let Some(OverLimit(limit)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return too_large(*limit);
    }
    let detail = "The body is not what its Content-Encoding says.";
    AppError::new(StatusCode::BAD_REQUEST, "bad_encoding", detail).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(encoding: Encoding, bytes: &[u8], piece: usize) -> Result<Bytes, (u16, &'static str)> {
        let told = |error: AppError| (error.status().as_u16(), error.code());
        let mut decoder = Decoder::new(encoding, 1000).map_err(told)?;
        for piece in bytes.chunks(piece) {
            decoder.take(piece).map_err(told)?;
        }
        decoder.finish().map_err(told)
    }

    #[test]
    fn every_encoding_comes_back_whatever_the_pieces() {
        let plain = b"{\"a\":1}".repeat(100);
        let zstd = zstd::encode_all(&plain[..], 3).unwrap();
        for piece in [1, 7, 100_000] {
            assert_eq!(decode(Encoding::Identity, &plain, piece).unwrap(), plain);
            assert_eq!(decode(Encoding::Gzip, &gzip(&plain), piece).unwrap(), plain);
            assert_eq!(decode(Encoding::Zstd, &zstd, piece).unwrap(), plain);
        }
    }

    #[test]
    fn one_byte_over_the_limit_is_413() {
        let (fits, over) = (vec![b' '; 1000], vec![b' '; 1001]);
        for (encoding, encode) in [
            (Encoding::Identity, (|bytes: &[u8]| bytes.to_vec()) as fn(&[u8]) -> Vec<u8>),
            (Encoding::Gzip, gzip),
            (Encoding::Zstd, |bytes| zstd::encode_all(bytes, 3).unwrap()),
        ] {
            assert_eq!(decode(encoding, &encode(&fits), 64).unwrap(), fits);
            assert_eq!(decode(encoding, &encode(&over), 64), Err((413, "too_large")));
        }
    }

    #[test]
    fn what_is_damaged_or_cut_is_400() {
        let plain = b"{\"a\":1}".repeat(100);
        let zstd = zstd::encode_all(&plain[..], 3).unwrap();
        let gzip = gzip(&plain);
        for (encoding, bytes) in [
            (Encoding::Gzip, &plain[..]),
            (Encoding::Gzip, &gzip[..gzip.len() - 1]),
            (Encoding::Gzip, &gzip[..gzip.len() / 2]),
            (Encoding::Zstd, &plain[..]),
            (Encoding::Zstd, &zstd[..zstd.len() - 1]),
            (Encoding::Zstd, &zstd[..zstd.len() / 2]),
        ] {
            assert_eq!(decode(encoding, bytes, 64), Err((400, "bad_encoding")), "{encoding:?}");
        }
    }
}
