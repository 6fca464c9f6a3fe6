//! Smaller images of documents: drawn anew, so that nothing of the original's metadata is in them, places included.

use std::io::{self, Cursor};

use axum::http::StatusCode;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::folder::{Folder, blocking};
use super::key::Key;
use super::{Documents, Place, unkept};
use crate::error::AppError;

/// Longest sides that a smaller image can have, pixels.
pub(crate) const SIZES: [u32; 2] = [256, 1024];
/// Longest side of what the public gets in place of a photo, pixels.
pub(crate) const PUBLIC_SIZE: u32 = 2048;

/// A larger file is no photo, bytes.
const MAX_BYTES: u64 = 64 << 20;
/// A larger one would be a bomb: what a phone of 64 megapixels takes fits.
const MAX_PIXELS: u64 = 64_000_000;
/// No side is longer, pixels.
const MAX_SIDE: u32 = 30_000;
/// Memory that a decoder may take, bytes.
const MAX_ALLOC: u64 = 320 << 20;
/// Of a smaller image at most: far more than any has, bytes.
const MAX_DRAWN: u64 = 32 << 20;
/// Of 100.
const JPEG_QUALITY: u8 = 82;

/// A smaller image.
pub(crate) struct Drawn {
    /// Its file.
    pub(crate) bytes: Bytes,
    /// PNG where something shines through, else JPEG.
    pub(crate) media_type: &'static str,
}

impl Documents {
    /// The smaller image of a content: kept from last time, or drawn now.
    pub(crate) async fn smaller(
        &self,
        (sha256, tag): (&str, &str),
        size_bytes: u64,
        size: u32,
    ) -> Result<Drawn, AppError> {
        let key = Key::Thumbnail { sha256: sha256.to_owned(), size };
        if let Some(kept) = self.kept(&key).await {
            return Ok(kept);
        }
        if size_bytes > MAX_BYTES {
            return Err(undrawable("The file is larger than 64 MiB."));
        }
        let _drawer = self.inner.drawers.acquire().await.map_err(AppError::internal)?;
        // Whoever held the pencil before may have drawn this very image.
        if let Some(kept) = self.kept(&key).await {
            return Ok(kept);
        }
        let original = Key::Content { sha256: sha256.to_owned(), tag: tag.to_owned() };
        let original = self.read_all(&original, size_bytes).await.map_err(super::unread)?;
        let drawn = blocking(move || Ok(draw(&original, size))).await.map_err(AppError::internal)?;
        let bytes = Bytes::from(
            drawn.map_err(|error| undrawable("The image is damaged or too large.").because(error))?,
        );
        self.put_bytes(&key, bytes.clone()).await.map_err(unkept)?;
        Ok(Drawn { media_type: kind(&bytes), bytes })
    }

    async fn kept(&self, key: &Key) -> Option<Drawn> {
        let bytes = match &self.inner.place {
            Place::Folder(folder) => folder.read_file(key, MAX_DRAWN).await,
            Place::Bucket(bucket) => bucket.read_object(key).await,
        };
        match bytes {
            Ok(bytes) => Some(Drawn { media_type: kind(&bytes), bytes }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(%error, %key, "a smaller image cannot be read, and is drawn anew");
                None
            }
        }
    }

    async fn put_bytes(&self, key: &Key, bytes: Bytes) -> io::Result<()> {
        match &self.inner.place {
            Place::Folder(folder) => put_file(folder, self.temporary().to_owned(), key, bytes).await,
            Place::Bucket(bucket) => bucket.put_bytes(key, bytes).await,
        }
    }
}

async fn put_file(folder: &Folder, temporary: std::path::PathBuf, key: &Key, bytes: Bytes) -> io::Result<()> {
    let file = blocking(move || {
        let mut file = tempfile::Builder::new().prefix(super::incoming::NAME).tempfile_in(temporary)?;
        io::Write::write_all(&mut file, &bytes)?;
        Ok(file)
    });
    folder.put(key, file.await?).await
}

/// There is no smaller image of this.
pub(crate) fn undrawable(detail: &'static str) -> AppError {
    AppError::new(StatusCode::UNPROCESSABLE_ENTITY, "undrawable", detail)
}

fn kind(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" }
}

/// Draws the image as it is meant to be seen, with no side longer than `size`. Blocks, and takes memory.
fn draw(original: &[u8], size: u32) -> Result<Vec<u8>, image::ImageError> {
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        let kind = image::error::LimitErrorKind::DimensionError;
        return Err(image::ImageError::Limits(image::error::LimitError::from_kind(kind)));
    }
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    if width > size || height > size {
        image = image.thumbnail(size, size);
    }
    image.apply_orientation(orientation);
    let mut bytes = Cursor::new(Vec::new());
    if image.color().has_alpha() && !is_opaque(&image) {
        DynamicImage::from(image.into_rgba8()).write_to(&mut bytes, ImageFormat::Png)?;
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        DynamicImage::from(image.into_rgb8()).write_with_encoder(encoder)?;
    }
    Ok(bytes.into_inner())
}

fn is_opaque(image: &DynamicImage) -> bool {
    image.to_rgba8().pixels().all(|pixel| pixel.0[3] == u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn drawn(original: &[u8], size: u32) -> (DynamicImage, &'static str) {
        let bytes = draw(original, size).unwrap();
        (image::load_from_memory(&bytes).unwrap(), kind(&bytes))
    }

    #[test]
    fn the_aspect_stays_and_small_ones_do_not_grow() {
        let wide = DynamicImage::from(RgbImage::from_pixel(600, 200, Rgb([200, 30, 30])));
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
            let (small, kind) = drawn(&encoded(&wide, format), 300);
            assert_eq!((small.width(), small.height(), kind), (300, 100, "image/jpeg"), "{format:?}");
            let Rgb([red, green, _]) = small.to_rgb8()[(150, 50)];
            assert!(red > 180 && green < 60, "{format:?}: {red} {green}");
        }
        let (same, _) = drawn(&encoded(&wide, ImageFormat::Png), 1024);
        assert_eq!((same.width(), same.height()), (600, 200));
        let thin = DynamicImage::from(RgbImage::new(3000, 1));
        assert_eq!(drawn(&encoded(&thin, ImageFormat::Png), 256).0.height(), 1);
    }

    #[test]
    fn what_shines_through_stays_so() {
        let glass = DynamicImage::from(RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 100])));
        let (small, kind) = drawn(&encoded(&glass, ImageFormat::Png), 256);
        assert_eq!((small.to_rgba8()[(0, 0)].0[3], kind), (100, "image/png"));
    }

    /// A JPEG whose EXIF says: turned by a quarter, and taken at a place.
    fn photo() -> Vec<u8> {
        let mut upper = RgbImage::from_pixel(64, 32, Rgb([255, 255, 255]));
        (0..64).for_each(|x| (0..16).for_each(|y| upper[(x, y)] = Rgb([0, 0, 0])));
        let plain = encoded(&DynamicImage::from(upper), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
        exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        exif.extend(b"\0\0\0\0GPS 48.8584 N 2.2945 E");
        let mut photo = b"\xff\xd8\xff\xe1".to_vec();
        photo.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        photo.extend(exif);
        photo.extend(&plain[2..]);
        photo
    }

    #[test]
    fn a_photo_is_turned_and_says_nothing_of_its_place() {
        let bytes = draw(&photo(), 256).unwrap();
        assert!(!bytes.windows(3).any(|window| window == b"GPS") && !bytes.windows(4).any(|w| w == b"Exif"));
        let turned = image::load_from_memory(&bytes).unwrap().to_luma8();
        assert_eq!((turned.width(), turned.height()), (32, 64));
        assert!(turned[(28, 32)].0[0] < 40 && turned[(3, 32)].0[0] > 215, "what was above is on the right");
    }

    /// Header of a PNG that claims to be that large.
    fn claim(width: u32, height: u32) -> Vec<u8> {
        let small = encoded(&DynamicImage::from(RgbImage::new(1, 1)), ImageFormat::Png);
        let mut bytes = small.clone();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        bytes
    }

    #[test]
    fn bombs_and_rubbish_are_refused() {
        for bytes in [claim(30_001, 1), claim(20_000, 20_000), claim(u32::MAX >> 1, u32::MAX >> 1)] {
            assert!(matches!(draw(&bytes, 256), Err(image::ImageError::Limits(_))));
        }
        for bytes in
            [&b""[..], b"\xff\xd8\xff\xe0", b"GIF89a\xff\xff\xff\xff\0\0\0", &photo()[..100], b"<svg/>"]
        {
            assert!(draw(bytes, 256).is_err());
        }
    }
}
