//! GET /openapi.json: the API for machines to read, made from the handlers themselves.
//!
//! A handler says what it takes and what it answers when all is well; the refusals follow from what it takes, and are
//! added here, each once.

use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::MethodFilter;
use report::FieldError;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::OpenApi as _;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterIn, Paths};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, PathItem, Ref, RefOr, Schema};

use super::examples;
use crate::edge::{Problem, Refusal};
use crate::error::AppError;
use crate::web::{Embedded, embedded};

/// Name of the security scheme.
const TOKEN: &str = "token";
/// What it says of scopes; each operation names the one that it needs.
const SCOPES: &str = "API_TOKEN, or a token made by `benchtools-server token create` or POST /api/tokens. The scope \
                      `submit` lets send reports, `write` also change and delete, `admin` also make and revoke tokens and \
                      change settings. Reading needs a token only where READ_ACCESS says so.";

/// What stands above the operations.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Linux BenchTools", license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    components(responses(Refusal), schemas(Problem<'_>, FieldError)),
    tags(
        (name = "reports", description = "Reports of machines come in"),
        (name = "devices", description = "Machines, and what each of them has"),
        (name = "benchmarks", description = "What was measured"),
        (name = "snapshots", description = "Hardware between two changes"),
        (name = "links", description = "Outside addresses that people keep with a device"),
        (name = "documents", description = "Files that people keep with a device or with a hardware model"),
        (name = "agent", description = "What an agent asks before it measures"),
        (name = "network test", description = "The other end of the agent's network test"),
        (name = "export", description = "Everything, to take along"),
        (name = "access", description = "Who may do what, and who did"),
        (name = "server", description = "The server itself"),
    )
)]
struct Frame;

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone on the network.
    Open,
    /// Whom READ_ACCESS lets read.
    Reader,
    /// Bearers of a token that may send reports.
    Submit,
    /// Bearers of a token that may change what people type, and documents.
    Write,
    /// Bearers of a token that may do everything.
    Admin,
}

/// The frame, for a router to fill in.
pub(crate) fn frame() -> OpenApi {
    let mut frame = Frame::openapi();
    let scheme = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(SCOPES)).build();
    let components = frame.components.get_or_insert_with(Components::default);
    components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
    frame
}

/// Puts two descriptions together.
///
/// # Panics
/// If two types have the same name: one would be described as the other.
pub(crate) fn merge(one: OpenApi, other: OpenApi) -> OpenApi {
    if let (Some(known), Some(more)) = (&one.components, &other.components) {
        for (name, schema) in &more.schemas {
            let same = known.schemas.get(name).is_none_or(|known| known == schema);
            assert!(same, "two types have the name {name}");
        }
    }
    one.merge_from(other)
}

/// Adds to every operation who may call it, and the refusals that follow from that and from what it takes.
fn complete(document: &mut OpenApi, access: Access) {
    for (path, item) in &mut document.paths.paths {
        for operation in each(item) {
            operation.security = Some(security(access));
            for (status, meaning) in refusals(operation, path, access) {
                let refusal = || {
                    RefOr::Ref(
                        Ref::builder()
                            .ref_location("#/components/responses/Refusal".to_owned())
                            .description(Some(meaning))
                            .build(),
                    )
                };
                operation.responses.responses.entry(status.to_owned()).or_insert_with(refusal);
            }
        }
    }
}

fn each(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn security(access: Access) -> Vec<SecurityRequirement> {
    let token = |scope: &[&'static str]| SecurityRequirement::new(TOKEN, scope.iter().copied());
    match access {
        Access::Open => vec![],
        Access::Reader => vec![SecurityRequirement::default(), token(&[])],
        Access::Submit => vec![token(&["submit"])],
        Access::Write => vec![token(&["write"])],
        Access::Admin => vec![token(&["admin"])],
    }
}

fn refusals(operation: &Operation, path: &str, access: Access) -> Vec<(&'static str, &'static str)> {
    let takes = |place: ParameterIn| {
        operation
            .parameters
            .iter()
            .flatten()
            .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == place))
    };
    let mut refusals = vec![
        ("400", "Not understood."),
        ("421", "The Host header names a server that this is not."),
        (
            "503",
            "The database is away, its disk is full, or the server stops; Retry-After says when to try again.",
        ),
    ];
    if access != Access::Open {
        refusals.extend([
            ("401", "A token is needed: none, a wrong one and another scheme get one and the same answer."),
            ("429", "Too many wrong tokens came from this address; Retry-After says when to try again."),
        ]);
    }
    if !matches!(access, Access::Open | Access::Reader) {
        refusals.push(("403", "The scope of the token is too small, or another site sent the request."));
    }
    if path.contains('{') {
        refusals.push(("404", "There is nothing with this id."));
    }
    if access != Access::Open && access != Access::Submit
        || takes(ParameterIn::Query)
        || takes(ParameterIn::Header)
    {
        refusals.push(("422", "Parameters or headers do not fit; `errors` names each."));
    }
    if operation.request_body.is_some() {
        refusals.extend([
            ("408", "The body took too long."),
            ("413", "The body is too large, as it comes or decompressed."),
            ("415", "The body is of another type or encoding than this takes."),
            ("422", "Fields do not fit; `errors` names each with its path."),
        ]);
    }
    refusals
}

/// The document, as it was when this program was built.
pub(crate) async fn document(headers: HeaderMap) -> Result<Response, AppError> {
    const DOCUMENT: Embedded = embedded!("openapi.json", "application/json");
    DOCUMENT.answer(&headers, "no-cache")
}

/// Declares operations by their handlers, whose descriptions say under which path and method. Apart from the routes
/// stands the description of them all, which is long, and which the program itself never asks for.
macro_rules! operations {
    ($(#[$meta:meta])* $group:ident: $access:expr; $($noun:ident { $($handler:ident),+ })+) => {
        pastey::paste! {
            $(#[$meta])*
            mod $group {
                use super::*;

                pub(super) fn routes() -> Router<AppState> {
                    let routes = Router::new();
                    $($(
                        let (path, methods) = openapi::place::<api::$noun::[<__path_ $handler>]>();
                        let routes = routes.route(&path, axum::routing::on(methods, api::$noun::$handler));
                    )+)+
                    routes
                }

                pub(super) fn description() -> OpenApi {
                    let mut description = openapi::Description::default();
                    $($( description.add::<api::$noun::[<__path_ $handler>]>(); )+)+
                    description.complete($access)
                }
            }
        }
    };
}

pub(crate) use operations;

/// Where an operation is found.
pub(crate) fn place<P: utoipa::Path>() -> (String, MethodFilter) {
    let filter = |method: HttpMethod| match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
    };
    let methods = P::methods().into_iter().map(filter).reduce(MethodFilter::or);
    (P::path(), methods.unwrap_or(MethodFilter::GET))
}

/// Gives an operation its name as a title: what the handler says of itself is often too long for one.
fn title(operation: &mut Operation) {
    let Some(id) = &operation.operation_id else { return };
    let words = id.replace('_', " ");
    let said = [operation.summary.take(), operation.description.take()].into_iter().flatten();
    let said: Vec<String> = said.filter(|text| !text.is_empty()).collect();
    operation.description = Some(said.join("\n\n"));
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    operation.summary = Some(format!("{}{rest}", first.to_uppercase()));
}

/// The description of a group of operations.
#[derive(Default)]
pub(crate) struct Description {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Description {
    /// Adds an operation and the types that it names.
    pub(crate) fn add<P: utoipa::Path + SchemaReferences + for<'t> Tags<'t>>(&mut self) {
        let mut operation = P::operation();
        operation.tags = Some(P::tags().into_iter().map(str::to_owned).collect());
        title(&mut operation);
        examples::add(&mut operation);
        self.paths.add_path_operation(P::path(), P::methods(), operation);
        P::schemas(&mut self.schemas);
    }

    /// The whole.
    pub(crate) fn complete(self, access: Access) -> OpenApi {
        let schemas = self.schemas.iter().enumerate();
        let twice: Vec<&str> = schemas
            .filter(|(place, one)| differs(&self.schemas[..*place], one))
            .map(|(_, (name, _))| name.as_str())
            .collect();
        assert!(twice.is_empty(), "two types have the same name: {twice:?}");
        let components = Components::builder().schemas_from_iter(self.schemas).build();
        let mut whole = OpenApi::builder().paths(self.paths).components(Some(components)).build();
        complete(&mut whole, access);
        whole
    }
}

/// Whether one of these has the same name and is something else.
fn differs(known: &[(String, RefOr<Schema>)], (name, schema): &(String, RefOr<Schema>)) -> bool {
    known.iter().any(|(other, known)| other == name && known != schema)
}
