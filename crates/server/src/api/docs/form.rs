//! A multipart form with one file, taken as it comes: nothing of it is kept in memory.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use multer::{Field, Multipart};
use tokio::time::{Instant, timeout_at};

use super::extended_name::extended_name;
use super::paced::Paced;
use crate::body::unsupported;
use crate::documents::{Documents, Incoming, Received, unkept};
use crate::domain::document::{DocumentKind, DocumentScope, FileName};
use crate::domain::link::Line;
use crate::error::AppError;

/// For the next piece.
const PIECE: Duration = Duration::from_secs(30);
/// For all of it: the largest file that is taken by default comes over a line of 1 Mbit/s.
const WHOLE: Duration = Duration::from_secs(30 * 60);
/// Text fields at most, bytes.
const TEXT_BYTES: usize = 4 * 1024;
/// What a form adds to its file at most, bytes.
const FRAME_BYTES: u64 = 64 * 1024;

/// What the form says.
pub(super) struct Form {
    /// The file, whole.
    pub(super) file: Received,
    /// What it was called.
    pub(super) file_name: FileName,
    pub(super) fields: Fields,
}

/// Its text fields.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) kind: Option<DocumentKind>,
    pub(super) scope: Option<DocumentScope>,
    pub(super) title: Option<Line>,
}

/// The boundary of a form.
///
/// # Errors
/// 415 for other types, 400 without a boundary.
pub(super) fn boundary(headers: &HeaderMap) -> Result<String, AppError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    multer::parse_boundary(kind).map_err(|error| match error {
        multer::Error::NoBoundary => malformed(error),
        _ => unsupported(
            "The body must be a form with a file: `Content-Type: multipart/form-data; boundary=…`.",
        ),
    })
}

/// Takes the form in.
///
/// # Errors
/// 400 if it is cut off or none, 408 if it takes too long, 413 if the file is too large, 422 for fields that do not fit.
pub(super) async fn read(
    body: Body,
    boundary: String,
    documents: &Documents,
    limit: u64,
) -> Result<Form, AppError> {
    if body.size_hint().lower() > limit + FRAME_BYTES {
        return Err(too_large(limit));
    }
    let pieces = Paced::new(body.into_data_stream());
    let mut reader = Reader { form: Multipart::new(pieces, boundary), end: Instant::now() + WHOLE };
    let (mut file, mut fields) = (None, Fields::default());
    while let Some(field) = reader.field().await? {
        match field.name() {
            Some("file") if file.is_none() => file = Some(reader.file(field, documents, limit).await?),
            Some(name @ ("kind" | "scope" | "title")) => {
                let name = name.to_owned();
                let text = reader.text(field, &name).await?;
                fields.set(&name, &text)?;
            }
            Some("file") => return Err(AppError::misfit("file", "given twice, expected once")),
            name => {
                let name: String = name.unwrap_or("?").chars().take(100).collect();
                return Err(AppError::misfit(name, "unknown field, expected file, kind, scope or title"));
            }
        }
    }
    let (file, file_name) = file.ok_or_else(|| AppError::misfit("file", "missing, expected a file"))?;
    Ok(Form { file, file_name, fields })
}

struct Reader {
    form: Multipart<'static>,
    end: Instant,
}

impl Reader {
    async fn field(&mut self) -> Result<Option<Field<'static>>, AppError> {
        in_time(self.end, self.form.next_field()).await
    }

    async fn chunk(&self, field: &mut Field<'static>) -> Result<Option<Bytes>, AppError> {
        in_time(self.end, field.chunk()).await
    }

    async fn file(
        &self,
        mut field: Field<'static>,
        documents: &Documents,
        limit: u64,
    ) -> Result<(Received, FileName), AppError> {
        let extended = field.headers().get(header::CONTENT_DISPOSITION).and_then(extended_name);
        let name = match extended.or_else(|| field.file_name().map(unescaped)) {
            Some(name) if !name.is_empty() => {
                FileName::parse(&name).map_err(|error| AppError::misfit("file_name", error.to_string()))?
            }
            _ => FileName::default(),
        };
        let mut incoming: Incoming = documents.begin().await?;
        while let Some(piece) = self.chunk(&mut field).await? {
            if incoming.size_bytes() + piece.len() as u64 > limit {
                return Err(too_large(limit));
            }
            incoming.take(&piece).await.map_err(unkept)?;
        }
        if incoming.size_bytes() == 0 {
            return Err(AppError::misfit("file", "empty, expected a file with something in it"));
        }
        Ok((incoming.finish().await.map_err(unkept)?, name))
    }

    async fn text(&self, mut field: Field<'static>, name: &str) -> Result<String, AppError> {
        let mut text = Vec::new();
        while let Some(piece) = self.chunk(&mut field).await? {
            if text.len() + piece.len() > TEXT_BYTES {
                return Err(AppError::misfit(name, "too long"));
            }
            text.extend_from_slice(&piece);
        }
        String::from_utf8(text).map_err(|_| AppError::misfit(name, "not UTF-8"))
    }
}

impl Fields {
    /// An empty field is the same as none.
    fn set(&mut self, name: &str, text: &str) -> Result<(), AppError> {
        let text = text.trim();
        let twice = match name {
            "kind" => self.kind.is_some(),
            "scope" => self.scope.is_some(),
            _ => self.title.is_some(),
        };
        if twice {
            return Err(AppError::misfit(name, "given twice, expected once"));
        }
        if text.is_empty() {
            return Ok(());
        }
        match name {
            "kind" => {
                let kinds = "expected manual, invoice, warranty, schematic, photo or other";
                self.kind = Some(DocumentKind::from_name(text).ok_or_else(|| AppError::misfit(name, kinds))?);
            }
            "scope" => {
                let scope = DocumentScope::from_name(text);
                self.scope = Some(scope.ok_or_else(|| AppError::misfit(name, "expected device or model"))?);
            }
            _ => {
                self.title =
                    Some(Line::parse(text).map_err(|error| AppError::misfit(name, error.to_string()))?)
            }
        }
        Ok(())
    }
}

async fn in_time<T>(
    end: Instant,
    next: impl Future<Output = Result<T, multer::Error>>,
) -> Result<T, AppError> {
    let next = timeout_at(end.min(Instant::now() + PIECE), next).await;
    next.map_err(|_| too_slow())?.map_err(malformed)
}

/// Browsers write these three so, and nothing else.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

fn malformed(error: multer::Error) -> AppError {
    use multer::Error as E;
    let cut = matches!(
        error,
        E::IncompleteStream | E::IncompleteFieldData { .. } | E::IncompleteHeaders | E::StreamReadFailed(_)
    );
    let (code, detail) = if cut {
        ("cut_off", "The form ended before its end.")
    } else {
        ("malformed_form", "The body is not the form that its Content-Type says.")
    };
    AppError::new(StatusCode::BAD_REQUEST, code, detail).because(error)
}

fn too_large(limit: u64) -> AppError {
    let detail = format!("The file is larger than {} MiB (MAX_UPLOAD_MB).", limit >> 20);
    AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

fn too_slow() -> AppError {
    AppError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The file did not arrive in time; send it again.")
}
