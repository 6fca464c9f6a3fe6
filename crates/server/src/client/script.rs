//! GET /bench.sh: the script, with this server's address and its agents filled in.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::AppState;
use crate::edge::BaseUrl;
use crate::error::AppError;

/// The script as it lies at the root of the repository.
const TEMPLATE: &str = include_str!("../../../../bench.sh");
/// The line that is replaced by the address of the server.
const SERVER_LINE: &str = "SERVER=''";
/// The line that is replaced by the list of agents.
const TARGETS_LINE: &str = "TARGETS=''";

/// The script that measures a machine and reports to this server, whose address and agents are filled in:
/// `curl -fsSL http://SERVER:8007/bench.sh | sh -s -- --token TOKEN`.
///
/// # Errors
/// When the folder of the agents cannot be read.
#[utoipa::path(
    get,
    path = "/bench.sh",
    tag = "agent",
    operation_id = "get_script",
    responses((status = 200, description = "The script", body = String, content_type = "text/x-shellscript")),
)]
pub async fn script(State(state): State<AppState>, base: BaseUrl) -> Result<Response, AppError> {
    let targets = state.agents.targets().await.map_err(AppError::internal)?;
    let head =
        [(header::CONTENT_TYPE, "text/x-shellscript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((head, render(base.as_str(), &targets)).into_response())
}

fn render(base: &str, targets: &[String]) -> String {
    let server = format!("SERVER={}", quoted(base));
    let targets = format!("TARGETS={}", quoted(&targets.join(" ")));
    let mut script = String::with_capacity(TEMPLATE.len() + server.len() + targets.len());
    for line in TEMPLATE.lines() {
        script.push_str(match line {
            SERVER_LINE => &server,
            TARGETS_LINE => &targets,
            line => line,
        });
        script.push('\n');
    }
    script
}

/// One word for a POSIX shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_each_line_once() {
        for expected in [SERVER_LINE, TARGETS_LINE] {
            assert_eq!(TEMPLATE.lines().filter(|line| *line == expected).count(), 1, "{expected}");
        }
    }

    #[test]
    fn only_the_two_lines_change() {
        let script = render("http://it's", &["a".to_owned(), "b".to_owned()]);
        let changed: Vec<&str> = script
            .lines()
            .zip(TEMPLATE.lines())
            .filter(|(new, old)| new != old)
            .map(|(new, _)| new)
            .collect();
        assert_eq!(changed, [r"SERVER='http://it'\''s'", "TARGETS='a b'"]);
        assert_eq!(render("", &[]), TEMPLATE);
    }
}
