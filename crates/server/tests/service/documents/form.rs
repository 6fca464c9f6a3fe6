//! Forms with files, as browsers send them.

use serde_json::Value;

use crate::common::{Answer, Request, Server};

const BOUNDARY: &str = "----a-boundary-of-the-tests";

/// A form.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<u8>);

impl Form {
    /// With a file of that name.
    pub(crate) fn file(name: &str, content: &[u8]) -> Self {
        Self::default().and_file(name, "application/octet-stream", content)
    }

    /// With one more file.
    pub(crate) fn and_file(mut self, name: &str, kind: &str, content: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        self.0.extend(head.into_bytes());
        self.0.extend_from_slice(content);
        self.0.extend(b"\r\n");
        self
    }

    /// With one more field.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        self.0.extend(part.into_bytes());
        self
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.0.clone();
        bytes.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        bytes
    }

    /// The request that uploads it, with the token.
    pub(crate) fn to(&self, path: &str) -> Request {
        Self::head(path).body(self.bytes())
    }

    /// The same without a body.
    pub(crate) fn head(path: &str) -> Request {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Request::new("POST", path).token().header("Content-Type", &kind)
    }
}

/// Uploads a form to a device; the document.
pub(crate) fn upload(server: &Server, device: i64, form: &Form) -> Value {
    let answer = server.send(&form.to(&format!("/api/devices/{device}/docs")));
    added(&answer)
}

/// The document of an answer that says that there is one now.
pub(crate) fn added(answer: &Answer) -> Value {
    assert_eq!(answer.status, 201, "{}", answer.text());
    let document = answer.json();
    assert_eq!(answer.header("location"), Some(format!("/api/docs/{}", document["id"]).as_str()));
    document
}

/// A device of that name; its id.
pub(crate) fn device(server: &Server, name: &str) -> i64 {
    let stored = server.send(&Request::report(format!(r#"{{"device_identifier":"{name}"}}"#)));
    stored.json()["device_id"].as_i64().unwrap()
}
