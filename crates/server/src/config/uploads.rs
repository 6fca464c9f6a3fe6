//! `UPLOAD_DIR`: a folder, or a place in a bucket.

use std::fmt;
use std::path::PathBuf;

use super::ConfigError;

/// Where documents are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadPlace {
    /// A folder of this machine, made if it is not there.
    Folder(PathBuf),
    /// A bucket of S3, or of a server that speaks like it.
    Bucket {
        /// Its name.
        bucket: String,
        /// What every name in it begins with: empty, or without slashes around it.
        prefix: String,
    },
}

const FORM: &str = "a folder, or s3://bucket/prefix with the usual AWS_* variables";

impl UploadPlace {
    /// The place that is named.
    ///
    /// # Errors
    /// For any other scheme than `s3`, and for buckets and prefixes that cannot be.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = |problem: &str| {
            ConfigError::new("UPLOAD_DIR", format!("{text:?} {problem}"), FORM, "s3://my-bucket/benchtools")
        };
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        if scheme != "s3" {
            return Err(wrong("is no kind of place"));
        }
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if bucket.is_empty() || !bucket.chars().all(fits) {
            return Err(wrong("names no bucket"));
        }
        let prefix = prefix.trim_matches('/');
        let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && part.chars().all(fits);
        if !prefix.is_empty() && !prefix.split('/').all(plain) {
            return Err(wrong("has a prefix with other characters than letters, digits, - . _ /"));
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for UploadPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_or_a_bucket() {
        assert_eq!(UploadPlace::parse("./up").unwrap(), UploadPlace::Folder("./up".into()));
        for (text, prefix) in [("s3://b", ""), ("s3://b/", ""), ("s3://b/x", "x"), ("s3://b/x/y.z/", "x/y.z")]
        {
            let expected = UploadPlace::Bucket { bucket: "b".to_owned(), prefix: prefix.to_owned() };
            assert_eq!(UploadPlace::parse(text).unwrap(), expected, "{text}");
        }
        for text in ["s3://", "s3:///x", "gs://b", "https://b/x", "s3://b/x/../y", "s3://b/a b", "s3://u@b"] {
            let error = UploadPlace::parse(text).unwrap_err().to_string();
            assert!(error.contains("UPLOAD_DIR=s3://"), "{error}");
        }
    }
}
