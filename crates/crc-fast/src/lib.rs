//! Stands in for the crate `crc-fast`, through which object storage computes checksums of what it sends.
//!
//! That crate holds tables and code for over a hundred CRCs and picks one as the program runs, so that none can be left
//! out: 0.7 MB of the server, which never asks for one (S3's own signature covers what it sends). This holds the three
//! of the protocol, by the plain method, under the same names.

use std::fmt;

use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc};

static ISO_HDLC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
static ISCSI: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
static NVME: Crc<u64> = Crc::<u64>::new(&CRC_64_NVME);

/// Which checksum, by its name in the catalogue of parametrised CRC algorithms
/// (<https://reveng.sourceforge.io/crc-catalogue/all.htm>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// CRC-32/ISO-HDLC: `x-amz-checksum-crc32`.
    Crc32IsoHdlc,
    /// CRC-32/ISCSI: `x-amz-checksum-crc32c`.
    Crc32Iscsi,
    /// CRC-64/NVME: `x-amz-checksum-crc64nvme`.
    Crc64Nvme,
}

/// A checksum on the way.
#[derive(Clone)]
pub struct Digest(State);

#[derive(Clone)]
enum State {
    Narrow(crc::Digest<'static, u32>),
    Wide(crc::Digest<'static, u64>),
}

impl Digest {
    /// Begins with no bytes.
    #[must_use]
    pub fn new(algorithm: CrcAlgorithm) -> Self {
        Self(match algorithm {
            CrcAlgorithm::Crc32IsoHdlc => State::Narrow(ISO_HDLC.digest()),
            CrcAlgorithm::Crc32Iscsi => State::Narrow(ISCSI.digest()),
            CrcAlgorithm::Crc64Nvme => State::Wide(NVME.digest()),
        })
    }

    /// Takes the next bytes in.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Narrow(digest) => digest.update(data),
            State::Wide(digest) => digest.update(data),
        }
    }

    /// The checksum of all bytes so far; one of 32 bits lies in the lower half.
    #[must_use]
    pub fn finalize(&self) -> u64 {
        match &self.0 {
            State::Narrow(digest) => digest.clone().finalize().into(),
            State::Wide(digest) => digest.clone().finalize(),
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Digest").field(&self.finalize()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{CrcAlgorithm, Digest};

    /// The catalogue gives the checksum of these nine digits for each algorithm.
    #[test]
    fn each_is_what_the_catalogue_says() {
        for (algorithm, check) in [
            (CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926),
            (CrcAlgorithm::Crc32Iscsi, 0xe306_9283),
            (CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888),
        ] {
            let mut digest = Digest::new(algorithm);
            digest.update(b"1234");
            digest.update(b"56789");
            assert_eq!((digest.finalize(), digest.finalize()), (check, check), "{algorithm:?}");
        }
    }
}
